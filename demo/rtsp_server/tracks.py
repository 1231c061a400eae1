"""What a stream's session description says of each track (RFC 8866 and each codec's payload format)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Codec = Literal["h264", "h265", "aac", "pcmu", "pcma", "opus"]

VIDEO_CODECS: tuple[Codec, ...] = ("h264", "h265")
STATIC_PAYLOAD_TYPES: dict[Codec, int] = {"pcmu": 0, "pcma": 8}  # RFC 3551
FIRST_DYNAMIC_PAYLOAD_TYPE = 96
ENCODING_NAMES: dict[Codec, str] = {
    "h264": "H264",
    "h265": "H265",
    "aac": "MPEG4-GENERIC",
    "pcmu": "PCMU",
    "pcma": "PCMA",
    "opus": "opus",
}
START_CODE = b"\0\0\1"


@dataclass(frozen=True)
class Track:
    """`config` is the parameter sets in Annex B form for video, the AudioSpecificConfig for AAC."""

    codec: Codec
    clock_rate: int
    config: bytes = b""
    channels: int = 1
    declared_fps: float | None = None

    @property
    def is_video(self) -> bool:
        return self.codec in VIDEO_CODECS


def payload_type(track: Track, index: int) -> int:
    return STATIC_PAYLOAD_TYPES.get(track.codec, FIRST_DYNAMIC_PAYLOAD_TYPE + index)


def nal_units(annex_b: bytes) -> list[bytes]:
    # A NAL unit never ends with a zero byte, so trailing ones belong to the next start code.
    return [unit for part in annex_b.split(START_CODE) if (unit := part.rstrip(b"\0"))]


def nal_type(codec: Codec, unit: bytes) -> int:
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F


def describe(tracks: Sequence[Track], host: str, base: str = "") -> str:
    """The session description that answers DESCRIBE; `base` stands before the tracks' addresses."""
    lines = ["v=0", f"o=- 0 0 IN IP4 {host}", "s=Simulated camera", "c=IN IP4 0.0.0.0", "t=0 0"]
    lines += ["a=control:*", "a=range:npt=0-"]
    for index, track in enumerate(tracks):
        lines += [*_media(track, index), f"a=control:{base}track{index + 1}"]
    return "\r\n".join(lines) + "\r\n"


def _media(track: Track, index: int) -> list[str]:
    number = payload_type(track, index)
    # RFC 7587: Opus is always announced with two channels.
    channels = {"opus": "/2", "aac": f"/{track.channels}"}.get(track.codec, "")
    lines = [f"m={'video' if track.is_video else 'audio'} 0 RTP/AVP {number}"]
    lines += [f"a=rtpmap:{number} {ENCODING_NAMES[track.codec]}/{track.clock_rate}{channels}"]
    if parameters := _format_parameters(track):
        lines += [f"a=fmtp:{number} {parameters}"]
    if track.declared_fps is not None:
        lines += [f"a=framerate:{track.declared_fps:g}"]
    return lines


def _format_parameters(track: Track) -> str:
    if track.codec == "h264":
        units = nal_units(track.config)
        profile = next(unit[1:4].hex() for unit in units if nal_type("h264", unit) == 7)
        sprop = ",".join(base64.b64encode(unit).decode() for unit in units)
        return f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sprop}"
    if track.codec == "h265":
        names = {32: "sprop-vps", 33: "sprop-sps", 34: "sprop-pps"}
        kinds = [(names.get(nal_type("h265", unit)), unit) for unit in nal_units(track.config)]
        return ";".join(f"{name}={base64.b64encode(unit).decode()}" for name, unit in kinds if name)
    if track.codec == "aac":
        mode = "profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3"
        return f"streamtype=5;{mode};config={track.config.hex()}"
    return ""
