"""RTP packets (RFC 3550) of a track: H.264 (RFC 6184), H.265 (RFC 7798), AAC (RFC 3640), G.711 and Opus."""

# ruff: noqa: S311 - RTP's random starts keep streams apart; nothing secret depends on them

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from demo.rtsp_server.tracks import Track, nal_units, payload_type

MAX_PAYLOAD_BYTES = 1400  # fits an Ethernet frame with room for a VPN's headers
PCM_BYTES = 320  # 40 ms a packet
VERSION = 0x80
MARKER = 0x80
NTP_EPOCH_OFFSET_S = 2_208_988_800  # 1900 to 1970
SENDER_REPORT = 200
SOURCE_DESCRIPTION = 202


@dataclass(frozen=True)
class Burst:
    """The packets of one picture or one piece of sound, made once for all clients."""

    track: int
    packets: Sequence[bytes]
    rtp_time: int
    begins: bool  # a decoder can begin here
    _framed: dict[int, bytes] = field(default_factory=dict, compare=False)

    def interleaved(self, channel: int) -> bytes:
        """All packets as they travel inside the RTSP connection (RFC 2326, 10.12)."""
        if channel not in self._framed:
            self._framed[channel] = b"".join(
                struct.pack("!cBH", b"$", channel, len(packet)) + packet for packet in self.packets
            )
        return self._framed[channel]


class RtpSender:
    """One track's sequence numbers and timestamps."""

    def __init__(self, index: int, track: Track) -> None:
        self.track = track
        self.ssrc = random.getrandbits(32)
        self._index = index
        self._sequence = random.getrandbits(16)
        # Not near the wrap, and never 0: FFmpeg takes a timestamp of 0 for "not known yet".
        self._base = random.randrange(1, 2**31)

    def burst(self, payloads: Sequence[bytes], media_s: float, begins: bool) -> Burst:
        """`media_s` is any clock that only the source knows; only differences matter."""
        rtp_time = (self._base + round(media_s * self.track.clock_rate)) % 2**32
        kind = payload_type(self.track, self._index)
        pcm = self.track.codec in ("pcmu", "pcma")
        packets, time = [], rtp_time
        for number, payload in enumerate(payloads, 1):
            mark = MARKER if number == len(payloads) and not pcm else 0
            head = struct.pack("!BBHII", VERSION, mark | kind, self._sequence, time, self.ssrc)
            packets.append(head + payload)
            self._sequence = (self._sequence + 1) % 2**16
            time = (time + len(payload)) % 2**32 if pcm else time
        return Burst(self._index, packets, rtp_time, begins)


def payloads(track: Track, data: bytes) -> list[bytes]:
    """`data` is one access unit in Annex B form, or one frame of sound (any length of G.711)."""
    if track.codec == "h264":
        return [part for unit in nal_units(data) for part in _h264(unit)]
    if track.codec == "h265":
        return [part for unit in nal_units(data) for part in _h265(unit)]
    if track.codec == "aac":
        return [struct.pack("!HH", 16, len(data) << 3) + data]
    if track.codec in ("pcmu", "pcma"):
        return list(_pieces(data, PCM_BYTES))
    return [data]


def _h264(unit: bytes) -> Iterator[bytes]:
    if len(unit) <= MAX_PAYLOAD_BYTES:
        yield unit
        return
    indicator, kind = unit[0] & 0xE0 | 28, unit[0] & 0x1F
    for flags, piece in _fragments(unit[1:], MAX_PAYLOAD_BYTES - 2):
        yield bytes([indicator, flags | kind]) + piece


def _h265(unit: bytes) -> Iterator[bytes]:
    if len(unit) <= MAX_PAYLOAD_BYTES:
        yield unit
        return
    head, kind = bytes([unit[0] & 0x81 | 49 << 1, unit[1]]), unit[0] >> 1 & 0x3F
    for flags, piece in _fragments(unit[2:], MAX_PAYLOAD_BYTES - 3):
        yield head + bytes([flags | kind]) + piece


def _fragments(data: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    """Pieces with the start and end bits of a fragmentation unit's header."""
    for offset in range(0, len(data), size):
        start, end = offset == 0, offset + size >= len(data)
        yield start << 7 | end << 6, data[offset : offset + size]


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[offset : offset + size] for offset in range(0, len(data), size))


def sender_report(ssrc: int, rtp_time: int, unix_s: float, packets: int, octets: int) -> bytes:
    """RTCP: which wall-clock time a timestamp stands for, with the required source description."""
    ntp = round((unix_s + NTP_EPOCH_OFFSET_S) * 2**32)
    counts = (packets % 2**32, octets % 2**32)
    report = struct.pack("!BBHIQIII", VERSION, SENDER_REPORT, 6, ssrc, ntp, rtp_time, *counts)
    name = b"\x01\x06camera\0\0\0\0"  # CNAME, then the list's end and padding to 32 bits
    return report + struct.pack("!BBHI", VERSION | 1, SOURCE_DESCRIPTION, 1 + len(name) // 4, ssrc) + name
