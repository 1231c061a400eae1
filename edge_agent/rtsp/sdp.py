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
#: Payload types that need no rtpmap (RFC 3551, table 4).
_STATIC = {"0": "PCMU/8000", "8": "PCMA/8000"}


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


def _encoding(lines: list[str]) -> tuple[str, int, int, str]:
    """(name in capitals, clock rate, channels, payload type) of a medium's first format."""
    words = lines[0].split()
    number = words[3] if len(words) > 3 else ""
    mapped = (line.partition(":")[2].split(None, 1) for line in lines if line.startswith("a=rtpmap:"))
    name = next((rest[1] for rest in mapped if len(rest) == 2 and rest[0] == number), _STATIC.get(number, ""))
    parts = [part.strip() for part in name.split("/")]
    numbers = [int(part) if part.isascii() and part.isdigit() else 0 for part in parts[1:3]]
    return parts[0].upper(), numbers[0] if numbers else 0, numbers[1] if len(numbers) > 1 else 1, number


def _format(lines: list[str]) -> Format | None:
    """None for what is not recorded: another medium, another codec, a return channel."""
    name, clock_rate, channels, number = _encoding(lines)
    codec: VideoCodec | AudioCodec | None
    codec = _VIDEO.get(name) if lines[0].startswith("m=video") else None
    codec = _AUDIO.get(name) if lines[0].startswith("m=audio") else codec
    if codec is None or not clock_rate or not number.isdecimal() or _is_return_channel(lines):
        return None
    parameters = _parameters(lines, number)
    return Format(
        codec=codec,
        payload_type=int(number),
        clock_rate=clock_rate,
        control=_attribute(lines, "control"),
        config=_config(codec, parameters),
        channels=channels,
        au_size_bits=_number(parameters, "sizelength", 13),
        au_index_bits=_number(parameters, "indexlength", 3),
    )


def _is_return_channel(lines: list[str]) -> bool:
    """A camera's loudspeaker (ONVIF Streaming Specification, 5.3): sound that we would send."""
    return lines[0].startswith("m=audio") and "a=sendonly" in lines


def _parameters(lines: list[str], number: str) -> dict[str, str]:
    """A format's a=fmtp, names in lower case."""
    texts = (line.partition(":")[2].split(None, 1) for line in lines if line.startswith("a=fmtp:"))
    text = next((rest[1] for rest in texts if len(rest) == 2 and rest[0] == number), "")
    pairs = (item.strip().partition("=") for item in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name}


def _number(parameters: dict[str, str], name: str, default: int) -> int:
    value = parameters.get(name, "")
    return int(value) if value.isascii() and value.isdigit() else default


def _config(codec: str, parameters: dict[str, str]) -> tuple[bytes, ...]:
    """What cannot be read is left out: a camera repeats its parameter sets in the stream."""
    try:
        if codec == "aac":
            return (bytes.fromhex(parameters.get("config", "")),)
        names = {"h264": ["sprop-parameter-sets"], "h265": ["sprop-vps", "sprop-sps", "sprop-pps"]}
        texts = ",".join(parameters.get(name, "") for name in names.get(codec, [])).split(",")
        return tuple(base64.b64decode(text) for text in texts if text)
    except (ValueError, binascii.Error):
        return ()
