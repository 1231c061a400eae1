"""Frames of the uplink: the WebSocket that a box opens to the relay, on request.

Each WebSocket message (RFC 6455, binary) is one frame, encoded as MessagePack
with the frame's kind in the field `type`. The relay asks, the box answers; many
requests run at once, told apart by `request`.

    relay -> box    GetPlaylist | GetMedia                  of a recording
                    GetLive | Watch, until Stop             of a live camera
    box -> relay    Head, then Chunk ... until one with last=True
                    to Watch: Head, then Packet ... without end

A box serves only the camera, and of recordings the period, named in the command
that opened the uplink, whatever the relay asks for.
"""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

#: Body bytes per Chunk; small enough that a playlist is not stuck behind a fragment.
CHUNK_BYTES = 64 * 1024

#: The largest byte range one GetMedia may ask for: about 16 s of 8 Mbit/s video.
MAX_MEDIA_BYTES = 16 * 1024 * 1024

#: The largest frame either side accepts.
MAX_FRAME_BYTES = CHUNK_BYTES + 4096

#: A compressed picture larger than this is left out: 30 Mbit/s of keyframes alone.
MAX_PACKET_BYTES = 4 * 1024 * 1024

Size = Annotated[int, Meta(ge=0)]

#: The whole stream of a camera, or the second, smaller one that many cameras have.
Quality = Literal["main", "sub"]

#: HLS of all qualities of a live camera, beside the folders of each.
ADAPTIVE_PLAYLIST = "adaptive.m3u8"


class InvalidFrame(ValueError):
    """Bytes that are not a frame of this protocol."""


class GetPlaylist(Struct, frozen=True, tag="get-playlist"):
    """The HLS media playlist of the session's camera and period."""

    request: int


class GetMedia(Struct, frozen=True, tag="get-media"):
    """A byte range of one recording file that the playlist names."""

    request: int
    segment: int
    offset: Size
    length: Annotated[int, Meta(ge=1, le=MAX_MEDIA_BYTES)]


class GetLive(Struct, frozen=True, tag="get-live"):
    """A file of the camera's live HLS presentation, by the names that the box's own console has for it:
    `adaptive.m3u8`, or a quality and the file below it. `byte_range` is a Range header, or empty.
    """

    request: int
    file: Annotated[str, Meta(max_length=200)]
    query: Annotated[str, Meta(max_length=500)] = ""
    byte_range: Annotated[str, Meta(max_length=64)] = ""


class Watch(Struct, frozen=True, tag="watch"):
    """The camera's packets from its newest keyframe on, for as long as they are wanted."""

    request: int
    quality: Quality


class Stop(Struct, frozen=True, tag="stop"):
    """Nobody waits for the answer to this request any more."""

    request: int


Status = Literal[200, 206, 404, 415, 416, 503]


class Head(Struct, frozen=True, tag="head"):
    """The start of an answer: an HTTP status code and the body's type.

    `detail` says in Portuguese why, when the status is an error.
    """

    request: int
    status: Status
    content_type: str = "application/octet-stream"
    detail: str = ""


class Chunk(Struct, frozen=True, tag="chunk"):
    """A part of an answer's body."""

    request: int
    data: bytes
    last: bool = False


class Packet(Struct, frozen=True, tag="packet"):
    """A part of one access unit as the camera sent it; `last` says that it is whole.

    H.264 and H.265 are in Annex B form, with the parameter sets before each keyframe. `pts_us` is the
    camera's media time, which starts anew at each connection to it.
    """

    request: int
    data: bytes
    pts_us: int
    codec: Annotated[str, Meta(max_length=20)]  # h264, h265, opus, pcm_mulaw, pcm_alaw, aac
    keyframe: bool = False
    audio: bool = False
    last: bool = True


FromRelay = GetPlaylist | GetMedia | GetLive | Watch | Stop
FromBox = Head | Chunk | Packet

_encoder = msgspec.msgpack.Encoder()
_from_relay: msgspec.msgpack.Decoder[FromRelay] = msgspec.msgpack.Decoder(FromRelay)
_from_box: msgspec.msgpack.Decoder[FromBox] = msgspec.msgpack.Decoder(FromBox)


def encode(frame: FromRelay | FromBox) -> bytes:
    return _encoder.encode(frame)


def decode_from_relay(data: bytes) -> FromRelay:
    """Raises InvalidFrame."""
    try:
        return _from_relay.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidFrame(str(error)) from None


def decode_from_box(data: bytes) -> FromBox:
    """Raises InvalidFrame."""
    try:
        return _from_box.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidFrame(str(error)) from None


_CLOSED_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{1,18})")


class InvalidRange(ValueError):
    """A `Range` header that is not one closed range of an acceptable size."""


def parse_range(header: str) -> tuple[int, int]:
    """Offset and length of `Range: bytes=first-last` (RFC 9110, 14.2), as GetMedia takes them.

    Playlists name every byte range, so players send closed ranges only. Raises InvalidRange.
    """
    match = _CLOSED_RANGE.fullmatch(header)
    if match is None:
        raise InvalidRange("Peça um intervalo fechado: Range: bytes=0-999.")
    first, last = int(match[1]), int(match[2])
    if not first <= last < first + MAX_MEDIA_BYTES:
        raise InvalidRange("Intervalo vazio ou grande demais.")
    return first, last - first + 1
