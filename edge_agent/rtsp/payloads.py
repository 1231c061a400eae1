"""RTP payloads made into samples: H.264 (RFC 6184), H.265 (RFC 7798), AAC (RFC 3640), G.711 (RFC 3551),
Opus (RFC 7587).

The video classes run for each of tens of thousands of packets a second, hence flat code. A NAL unit
of which a packet was lost is left out; the rest of its picture is kept, because half a picture is
evidence too.
"""

from collections.abc import Callable
from typing import Protocol

from edge_agent.rtsp.errors import Malformed
from edge_agent.rtsp.samples import OnSample, Sample
from edge_agent.rtsp.sdp import Format

#: What a picture may take before it is whole: several times an intra picture of 8K. A camera that sends
#: for ever without ending one must not eat the memory of all others.
MAX_PICTURE_BYTES = 16 << 20
#: Parts of a picture, of up to 64 KiB each, that cannot be more than that.
_FEW_PARTS = MAX_PICTURE_BYTES >> 16
#: What a part costs besides its bytes.
_PART_BYTES = 64


class Payloads(Protocol):
    """Takes a track's payloads in order, and gives samples as they become whole."""

    def at(self, time: int) -> None:
        """The payloads that follow are of another time than those before."""
        ...

    def add(self, packet: memoryview, start: int, end: int, marker: int) -> None:
        """A payload: `packet[start:end]`, not empty."""
        ...

    def lost(self) -> None:
        """Packets are missing before the next."""
        ...

    def check(self) -> None:
        """Raises Malformed when what waits to become whole is more than any camera's. Called now and then."""
        ...


class _Pictures:
    """NAL units become access units: at the marker bit, at a picture's first slice, or when the time changes.

    Some cameras set the marker on every NAL unit of a picture, so it is believed only after it was
    seen to be right for the first picture (which costs the delay of one), and who is caught later (a
    slice of the same picture follows) is not believed any more.

    A picture counts, and is a keyframe, for what of it is whole: a keyframe of which nothing arrived but
    its parameter sets is none.
    """

    def __init__(self, on_sample: OnSample) -> None:
        self._on_sample = on_sample
        self._parts: list[bytes] = []
        self._append = self._parts.append
        self._open_at = -1  # where the length of an unfinished NAL unit belongs among the parts
        self._open_is_key = self._open_is_picture = False
        self._time = 0
        self._is_key = self._has_picture = False
        self._given_time: int | None = None
        self._marker_is_last: bool | None = None  # None: not known yet
        self._was_marked = False

    def at(self, time: int) -> None:
        if self._has_picture:
            if self._marker_is_last is None and self._was_marked:
                self._marker_is_last = True
            self._give()
        self._time = time

    def lost(self) -> None:
        self._drop_open()
        self._is_key &= self._has_picture  # of the picture that was announced, nothing may be left

    def check(self) -> None:
        if len(self._parts) > _FEW_PARTS:
            size_bytes = sum(map(len, self._parts)) + len(self._parts) * _PART_BYTES
            if size_bytes > MAX_PICTURE_BYTES:
                raise Malformed("a picture that does not end")

    def _drop_open(self) -> None:
        if self._open_at >= 0:
            del self._parts[self._open_at :]
            self._open_at = -1

    def _unit(self, unit: bytes, is_key: bool, is_picture: bool, is_first: bool) -> None:
        """A whole NAL unit; `is_first`: a picture begins with it."""
        self._drop_open()
        if is_picture:
            self._slice(is_first)
            self._has_picture = True
            self._is_key |= is_key
        self._parts += (len(unit).to_bytes(4), unit)

    def _begin(self, head: bytes, is_key: bool, is_picture: bool, is_first: bool) -> None:
        """The first part of a fragmented NAL unit follows."""
        self._drop_open()
        if is_picture:
            self._slice(is_first)
        self._open_is_key, self._open_is_picture = is_key, is_picture
        self._open_at = len(self._parts)
        self._parts += (b"", head)

    def _end(self) -> None:
        size_bytes = sum(map(len, self._parts[self._open_at + 1 :]))
        self._parts[self._open_at] = size_bytes.to_bytes(4)
        self._open_at = -1
        if self._open_is_picture:
            self._has_picture = True
            self._is_key |= self._open_is_key

    def _slice(self, is_first: bool) -> None:
        if is_first:
            if self._has_picture:
                self._give()
        elif not self._has_picture and self._given_time == self._time:
            self._marker_is_last = False

    def _marked(self) -> None:
        if not self._has_picture:
            return
        if self._marker_is_last:
            self._give()
        elif self._was_marked:
            self._marker_is_last = False
        self._was_marked = True

    def _give(self) -> None:
        """What is whole of the picture; parameter sets alone wait for theirs."""
        self._drop_open()
        sample = Sample(b"".join(self._parts), self._time, self._is_key)
        self._parts.clear()
        self._is_key = self._has_picture = self._was_marked = False
        self._given_time = self._time
        self._on_sample(sample)


class H264(_Pictures):
    """RFC 6184 in packetization modes 0 and 1: single NAL units, STAP-A, FU-A."""

    def add(self, packet: memoryview, start: int, end: int, marker: int) -> None:
        kind = packet[start] & 0x1F
        if kind == 28:  # FU-A
            if end - start < 3:
                return
            flags = packet[start + 1]
            if flags & 0x80:
                kind = flags & 0x1F
                head = bytes((packet[start] & 0xE0 | kind,))
                self._begin(head, kind == 5, 0 < kind < 6, packet[start + 2] > 0x7F)
            if self._open_at >= 0:
                self._append(packet[start + 2 : end].tobytes())
                if flags & 0x40:
                    self._end()
        elif kind == 24:  # STAP-A
            for unit in _aggregated(packet, start + 1, end):
                self._whole(unit)
        elif kind < 24:
            self._whole(packet[start:end].tobytes())
        if marker:
            self._marked()

    def _whole(self, unit: bytes) -> None:
        kind = unit[0] & 0x1F
        # A slice that begins with macroblock 0 (first_mb_in_slice, one bit set) begins a picture.
        self._unit(unit, kind == 5, 0 < kind < 6, len(unit) > 1 and unit[1] > 0x7F)
        if kind == 6 and _is_recovery_point(unit):
            self._is_key = True


class H265(_Pictures):
    """RFC 7798 without decoding order numbers: single NAL units, aggregation packets, fragmentation units."""

    def add(self, packet: memoryview, start: int, end: int, marker: int) -> None:
        if end - start < 4:
            return
        kind = packet[start] >> 1 & 0x3F
        if kind == 49:  # FU
            flags = packet[start + 2]
            if flags & 0x80:
                kind = flags & 0x3F
                head = bytes((packet[start] & 0x81 | kind << 1, packet[start + 1]))
                self._begin(head, 16 <= kind <= 21, kind < 32, packet[start + 3] > 0x7F)
            if self._open_at >= 0:
                self._append(packet[start + 3 : end].tobytes())
                if flags & 0x40:
                    self._end()
        elif kind == 48:  # AP
            for unit in _aggregated(packet, start + 2, end):
                self._whole(unit)
        elif kind < 48:
            self._whole(packet[start:end].tobytes())
        if marker:
            self._marked()

    def _whole(self, unit: bytes) -> None:
        kind = unit[0] >> 1 & 0x3F  # first_slice_segment_in_pic_flag follows the head of two bytes
        self._unit(unit, 16 <= kind <= 21, kind < 32, len(unit) > 2 and unit[2] > 0x7F)


def _aggregated(packet: memoryview, start: int, end: int) -> list[bytes]:
    """The NAL units of a STAP-A or AP: each behind its length in two bytes."""
    units = []
    while start + 2 < end:
        size = packet[start] << 8 | packet[start + 1]
        start += 2
        if not 0 < size <= end - start:
            break
        units.append(packet[start : start + size].tobytes())
        start += size
    return units


_RECOVERY_POINT = 6


def _is_recovery_point(unit: bytes) -> bool:
    """SEI of an intra picture that is no IDR, at which decoding can begin (ITU-T H.264, D.1.8): cameras with
    open groups of pictures send no IDR but the first. recovery_frame_cnt 0 is one bit set. Other messages
    may come before it (7.3.2.3.1: type and size, each in bytes that count on after 255)."""
    at = 1
    while at + 2 < len(unit) and 255 not in (unit[at], unit[at + 1]):
        if unit[at] == _RECOVERY_POINT:
            return unit[at + 2] > 0x7F
        at += 2 + unit[at + 1]
    return False


class Aac:
    """RFC 3640 in AAC-hbr or AAC-lbr mode, with access units that are fragmented or grouped."""

    _FRAME = 1024  # samples of an AAC-LC access unit

    def __init__(self, announced: Format, on_sample: OnSample) -> None:
        self._size_bits, self._index_bits = announced.au_size_bits, announced.au_index_bits
        self._on_sample = on_sample
        self._partial = b""
        self._time = 0

    def at(self, time: int) -> None:
        self._time = time

    def lost(self) -> None:
        self._partial = b""

    def check(self) -> None:
        """A unit is at most what its size in 16 bits can say (sdp)."""

    def add(self, packet: memoryview, start: int, end: int, marker: int) -> None:
        if end - start < 3:
            return
        header_bits = packet[start] << 8 | packet[start + 1]
        data_at = start + 2 + (header_bits + 7) // 8
        each = self._size_bits + self._index_bits
        if not each or data_at > end:
            return
        headers = int.from_bytes(packet[start + 2 : data_at]) >> -header_bits % 8
        for number in range(header_bits // each):
            size = headers >> header_bits - each * number - self._size_bits & (1 << self._size_bits) - 1
            data = packet[data_at : min(end, data_at + size)].tobytes()
            data_at += size
            self._give(data, size, self._time + number * self._FRAME)

    def _give(self, data: bytes, size: int, time: int) -> None:
        if not size:
            return
        if len(data) < size:  # each packet of a fragmented unit names the whole unit's size
            data = self._partial + data
            if len(data) < size:
                self._partial = data
                return
        self._partial = b""
        self._on_sample(Sample(data, time))


class Whole:
    """G.711 and Opus: a payload is a piece of sound."""

    def __init__(self, on_sample: OnSample) -> None:
        self._on_sample = on_sample
        self._time = 0

    def at(self, time: int) -> None:
        self._time = time

    def lost(self) -> None:
        """Each packet stands alone."""

    def check(self) -> None:
        """Nothing waits."""

    def add(self, packet: memoryview, start: int, end: int, marker: int) -> None:
        if end > start:
            self._on_sample(Sample(packet[start:end].tobytes(), self._time))


def payloads_of(announced: Format, on_sample: OnSample) -> Payloads:
    video: dict[str, Callable[[OnSample], Payloads]] = {"h264": H264, "h265": H265}
    if announced.codec in video:
        return video[announced.codec](on_sample)
    return Aac(announced, on_sample) if announced.codec == "aac" else Whole(on_sample)
