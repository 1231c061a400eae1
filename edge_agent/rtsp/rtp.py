"""RTP and RTCP packets (RFC 3550) of one track: order, losses, time."""

import struct
from collections.abc import Iterator

from edge_agent.rtsp.payloads import Payloads

_header = struct.Struct(">BBHII").unpack_from
#: The same behind the four bytes of an interleaved packet (RFC 2326, 10.12): $, channel, length.
_framed_header = struct.Struct(">BBHBBHII").unpack_from
FRAME_BYTES = 4
_DOLLAR = 0x24
HEADER_BYTES = 12
_VERSION_2 = 0x80
_PADDING, _EXTENSION = 0x20, 0x10
#: A timestamp is 32 bits; half of its range is taken for a step back.
_HALF, _WHOLE = 1 << 31, 1 << 32
#: A sequence number further ahead than this is a new start, not a loss (RFC 3550, A.1).
_MAX_DROPOUT = 3000
#: UDP packets that overtook others wait for so many.
REORDER = 32

RECEIVER_REPORT = 201
SOURCE_DESCRIPTION = 202


class RtpTrack:
    """Takes a track's packets, in the order of their numbers, and hands on their payloads."""

    def __init__(self, payload_type: int, payloads: Payloads) -> None:
        self.payload_type = payload_type
        self._payloads = payloads
        self._expected = -1
        self._timestamp = -1
        self._time = 0
        self.ssrc = 0
        #: Packets that never came.
        self.lost = 0

    def take(self, packet: memoryview, start: int, end: int) -> None:
        """One packet, `packet[start:end]`; what is not RTP of this track is left out."""
        if end - start < HEADER_BYTES:
            return
        first, second, sequence, timestamp, ssrc = _header(packet, start)
        ours = second & 0x7F == self.payload_type
        if first & 0xC0 != _VERSION_2 or not (ours or ssrc == self.ssrc):
            return
        if sequence != self._expected and not self._jumped(sequence, ssrc):
            return
        self._expected = sequence + 1 & 0xFFFF
        start, end = _payload_bounds(packet, first, start + HEADER_BYTES, end)
        if (
            not ours or start >= end
        ):  # comfort noise, or a packet that only keeps a path open: it has a number
            return
        if timestamp != self._timestamp:
            self._advance(timestamp)
        self._payloads.add(packet, start, end, second & 0x80)

    def check(self) -> None:
        """Raises Malformed when a picture takes more memory than it may (payloads)."""
        self._payloads.check()

    def take_run(self, data: memoryview, at: int, end: int) -> int:
        """Interleaved packets of this track, which lie in a row in `data[at:end]`; where they end.

        This loop runs for most packets of all cameras: what is in order costs one look at its header.
        """
        add, expected, timestamp = self._payloads.add, self._expected, self._timestamp
        channel, ordinary = data[at + 1], self.payload_type
        while end - at >= FRAME_BYTES + HEADER_BYTES:
            dollar, of, size, first, second, sequence, stamp, _ = _framed_header(data, at)
            following = at + FRAME_BYTES + size
            if dollar != _DOLLAR or of != channel or following > end:
                break
            if (
                sequence == expected
                and stamp == timestamp
                and first == _VERSION_2
                and second & 0x7F == ordinary
                and size > HEADER_BYTES
            ):
                add(data, at + FRAME_BYTES + HEADER_BYTES, following, second & 0x80)
                expected = sequence + 1 & 0xFFFF
                self._expected = expected
            else:
                self.take(data, at + FRAME_BYTES, following)
                expected, timestamp = self._expected, self._timestamp
            at = following
        return at

    def _jumped(self, sequence: int, ssrc: int) -> bool:
        """Count what is missing; False for a packet that came too late, or twice."""
        missing = sequence - self._expected & 0xFFFF
        if self._expected >= 0 and ssrc == self.ssrc:
            if missing > 0xFFFF - REORDER:
                return False
            if missing < _MAX_DROPOUT:
                self.lost += missing
        self.ssrc = ssrc
        self._payloads.lost()
        return True

    def _advance(self, timestamp: int) -> None:
        if self._timestamp >= 0:
            self._time += (timestamp - self._timestamp + _HALF) % _WHOLE - _HALF
        self._timestamp = timestamp
        self._payloads.at(self._time)


def _payload_bounds(packet: memoryview, first: int, start: int, end: int) -> tuple[int, int]:
    """Without contributing sources, header extension and padding."""
    if first == _VERSION_2:
        return start, end
    start += 4 * (first & 0x0F)
    if first & _EXTENSION and start + 4 <= end:
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4])
    if first & _PADDING:
        end -= packet[end - 1]
    return start, end


class Reorder:
    """UDP packets in the order of their numbers: those that came too early wait for what they overtook."""

    def __init__(self, payload_type: int) -> None:
        self._payload_type = payload_type
        self._expected = -1
        self._ssrc = b""
        self._early: dict[int, bytes] = {}

    def put(self, packet: bytes) -> Iterator[bytes]:
        """The packets that are in order now. What is not RTP of this track has no number of its."""
        if len(packet) < HEADER_BYTES or packet[0] & 0xC0 != _VERSION_2:
            return
        if packet[1] & 0x7F != self._payload_type and packet[8:12] != self._ssrc:
            return
        sequence = int.from_bytes(packet[2:4])
        ahead = sequence - self._expected & 0xFFFF
        if self._expected < 0 or packet[8:12] != self._ssrc:
            ahead, self._ssrc = REORDER, packet[8:12]
        if 0 < ahead < REORDER:
            self._early[sequence] = packet
        elif ahead <= 0xFFFF - _MAX_DROPOUT:  # otherwise it came too late, or twice
            yield from self._in_order(packet, sequence, gap=ahead > 0)

    def _in_order(self, packet: bytes, sequence: int, gap: bool) -> Iterator[bytes]:
        if gap:  # who is missing comes no more
            for early in sorted(self._early, key=lambda number: number - self._expected & 0xFFFF):
                yield self._early[early]
            self._early.clear()
        yield packet
        self._expected = sequence + 1 & 0xFFFF
        while (following := self._early.pop(self._expected, None)) is not None:
            yield following
            self._expected = self._expected + 1 & 0xFFFF


def receiver_report(own_ssrc: int) -> bytes:
    """RTCP that says "I am here" (RFC 3550, 6.4.2): some cameras end a stream whose reader is silent."""
    report = struct.pack(">BBHI", _VERSION_2, RECEIVER_REPORT, 1, own_ssrc)
    name = b"\x01\x03gtv\0\0\0"  # CNAME, then the list's end and padding to 32 bits
    return (
        report + struct.pack(">BBHI", _VERSION_2 | 1, SOURCE_DESCRIPTION, 1 + len(name) // 4, own_ssrc) + name
    )
