"""What a camera announces of its stream: session descriptions (RFC 8866) and each codec's payload format.

Only the tracks that are recorded are of interest: the first of video, and the first of sound in a
codec that we know.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Literal

from edge_agent.rtsp.errors import Malformed

VideoCodec = Literal["h264", "h265"]
AudioCodec = Literal["aac", "pcm_mulaw", "pcm_alaw", "opus"]

_VIDEO: dict[str, VideoCodec] = {"H264": "h264", "H265": "h265"}
_AUDIO: dict[str, AudioCodec] = {
    "MPEG4-GENERIC": "aac",
    "PCMU": "pcm_mulaw",
    "PCMA": "pcm_alaw",
    "OPUS": "opus",
}
#: Payload types that need no rtpmap (RFC 3551, tables 4 and 5); those of video are only for their names.
_STATIC = {"0": "PCMU/8000", "8": "PCMA/8000", "26": "JPEG/90000", "32": "MPV/90000", "34": "H263/90000"}
#: What a number in a description may be, so that it fits wherever it is written.
_MAX_CLOCK_RATE, _MAX_CHANNELS, _MAX_FIELD_BITS, _MAX_CONFIG_BYTES = 1_000_000, 8, 16, 64
#: Clock rates that an AudioSpecificConfig has a number for (ISO/IEC 14496-3, table 1.18).
_AAC_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)


@dataclass(frozen=True, slots=True)
class Format:
    """One track. `config`: parameter sets as NAL units (video), AudioSpecificConfig (AAC)."""

    codec: VideoCodec | AudioCodec
    payload_type: int
    clock_rate: int
    control: str
    config: tuple[bytes, ...] = ()
    channels: int = 1
    #: Bits of an AAC access unit's header (RFC 3640, 3.2.1): its size, and its index.
    au_size_bits: int = 13
    au_index_bits: int = 3

    @property
    def is_video(self) -> bool:
        return self.codec in ("h264", "h265")


@dataclass(frozen=True, slots=True)
class Description:
    """`control` is the whole session's, as announced. `unknown_video` names a codec that is not recorded."""

    video: Format | None
    audio: Format | None
    control: str
    unknown_video: str = ""


def parse(text: str) -> Description:
    """Raises Malformed."""
    session, *sections = _sections(text)
    formats = [found for lines in sections if (found := _format(lines)) is not None]
    video = next((f for f in formats if f.is_video), None)
    audio = next((f for f in formats if not f.is_video), None)
    unknown = next((_encoding(lines)[0] for lines in sections if lines[0].startswith("m=video")), "")
    return Description(video, audio, _attribute(session, "control"), "" if video else unknown)


def _sections(text: str) -> list[list[str]]:
    """The session's lines, then each medium's, which begin with m=."""
    sections: list[list[str]] = [[]]
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if line.startswith("m="):
            sections.append([])
        sections[-1].append(line)
    if not text.lstrip().startswith("v="):
        raise Malformed("not a session description")
    return sections


def _attribute(lines: list[str], name: str) -> str:
    prefix = f"a={name}:"
    return next((line[len(prefix) :].strip() for line in lines if line.startswith(prefix)), "")


def _of_format(lines: list[str], attribute: str, number: str) -> str:
    """What a=rtpmap or a=fmtp says of a payload type, or nothing."""
    prefix = f"a={attribute}:"
    texts = (line[len(prefix) :].split(None, 1) for line in lines if line.startswith(prefix))
    return next((rest[1] for rest in texts if len(rest) == 2 and rest[0] == number), "")


def _encoding(lines: list[str]) -> tuple[str, int, int, str]:
    """(name in capitals, clock rate, channels, payload type) of a medium's first format."""
    words = lines[0].split()
    number = words[3] if len(words) > 3 else ""
    name = _of_format(lines, "rtpmap", number) or _STATIC.get(number, "")
    parts = [part.strip() for part in name.split("/")]
    numbers = [_whole_number(part, 0) for part in parts[1:3]]
    return parts[0].upper(), numbers[0] if numbers else 0, numbers[1] if len(numbers) > 1 else 1, number


def _format(lines: list[str]) -> Format | None:
    """None for what is not recorded: another medium, another codec, a return channel."""
    name, clock_rate, channels, number = _encoding(lines)
    codec: VideoCodec | AudioCodec | None
    codec = _VIDEO.get(name) if lines[0].startswith("m=video") else None
    codec = _AUDIO.get(name) if lines[0].startswith("m=audio") else codec
    if codec is None or not _is_sane(clock_rate, channels, number) or _is_return_channel(lines):
        return None
    parameters = _parameters(lines, number)
    return Format(
        codec=codec,
        payload_type=int(number),
        clock_rate=clock_rate,
        control=_attribute(lines, "control"),
        config=_config(codec, parameters, clock_rate, channels),
        channels=channels,
        au_size_bits=_field_bits(parameters, "sizelength", 13),
        au_index_bits=_field_bits(parameters, "indexlength", 3),
    )


def _is_return_channel(lines: list[str]) -> bool:
    """A camera's loudspeaker (ONVIF Streaming Specification, 5.3): sound that we would send."""
    return lines[0].startswith("m=audio") and "a=sendonly" in lines


def _parameters(lines: list[str], number: str) -> dict[str, str]:
    """A format's a=fmtp, names in lower case."""
    pairs = (item.strip().partition("=") for item in _of_format(lines, "fmtp", number).split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name}


def _is_sane(clock_rate: int, channels: int, payload_type: str) -> bool:
    right = 0 < clock_rate <= _MAX_CLOCK_RATE and 0 < channels <= _MAX_CHANNELS
    return right and 0 <= _whole_number(payload_type, -1) < 128


def _whole_number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _field_bits(parameters: dict[str, str], name: str, default: int) -> int:
    bits = _whole_number(parameters.get(name, ""), default)
    return bits if bits <= _MAX_FIELD_BITS else default


def _config(codec: str, parameters: dict[str, str], clock_rate: int, channels: int) -> tuple[bytes, ...]:
    """What cannot be read is left out: a camera repeats its parameter sets in the stream."""
    if codec == "aac":
        return (_aac_config(parameters.get("config", ""), clock_rate, channels),)
    names = {"h264": ["sprop-parameter-sets"], "h265": ["sprop-vps", "sprop-sps", "sprop-pps"]}
    texts = ",".join(parameters.get(name, "") for name in names.get(codec, [])).split(",")
    try:
        units = [base64.b64decode(text + "==") for text in texts]  # some leave the padding out
    except (ValueError, binascii.Error):
        return ()
    return tuple(unit for unit in units if unit)


def _aac_config(announced: str, clock_rate: int, channels: int) -> bytes:
    """AudioSpecificConfig; that of AAC-LC (ISO/IEC 14496-3, 1.6.2.1) where a camera announces none."""
    try:
        config = bytes.fromhex(announced.strip('"'))
    except ValueError:
        config = b""
    if 2 <= len(config) <= _MAX_CONFIG_BYTES or clock_rate not in _AAC_RATES:
        return config[:_MAX_CONFIG_BYTES]
    return (2 << 11 | _AAC_RATES.index(clock_rate) << 7 | channels << 3).to_bytes(2)
