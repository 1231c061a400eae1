"""What an engine of live video offers; the routes above it do not know which one runs.

    LiveError
    ├── LiveUnavailable   no picture now: camera away (404), or no room for another viewer (503)
    ├── CodecNotOffered   WebRTC cannot carry this stream; the player uses HLS (415)
    └── OfferUnreadable   not an SDP offer that could be answered (400)

Their texts are in Portuguese: they reach the person who is watching, with `status` (console.app).
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, Protocol

Quality = Literal["main", "sub"]


class LiveError(Exception):
    """Live video, or a recording by WebRTC, that cannot be given."""

    status = HTTPStatus.NOT_FOUND


class LiveUnavailable(LiveError):
    """There is no picture now."""

    def __init__(self, text: str, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> None:
        super().__init__(text)
        self.status = status


class CodecNotOffered(LiveError):
    """WebRTC cannot carry this stream."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class OfferUnreadable(LiveError):
    """The browser's offer is not one."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self) -> None:
        super().__init__("A oferta SDP não pôde ser lida.")


@dataclass(frozen=True, slots=True)
class WhepAnswer:
    """The answer to a WHEP offer (draft-ietf-wish-whep)."""

    resource_id: str
    sdp: str


@dataclass(frozen=True, slots=True)
class HlsAnswer:
    """A playlist, or the bytes that were asked for of a media file."""

    body: bytes
    content_type: str
    content_range: str = ""  # of a partial answer (RFC 9110, 14.4)


@dataclass(frozen=True, slots=True)
class Variant:
    """One quality, as it is now. `bandwidth_bps`: of its largest segment, as the RFC wants it."""

    quality: Quality
    bandwidth_bps: int
    codecs: str = ""  # RFC 6381; empty, or 0, while it is not known
    width: int = 0
    height: int = 0


class LiveEngine(Protocol):
    """Fans live video out. `camera` is an id that the caller has authorised."""

    @property
    def name(self) -> Literal["mediamtx", "embedded"]: ...

    def codec(self, camera: str, quality: Quality) -> str:
        """`h264`, `h265`; empty while it is not known."""
        ...

    async def offer(self, camera: str, quality: Quality, sdp: str) -> WhepAnswer:
        """Start a viewer. Raises LiveError."""
        ...

    async def hang_up(self, camera: str, quality: Quality, resource_id: str) -> None:
        """End a viewer; one that is gone already is no error."""
        ...

    async def variant(self, camera: str, quality: Quality) -> Variant:
        """What HLS of a quality needs of the line and the browser; waits for it, possibly for ever.

        Raises LiveUnavailable.
        """
        ...

    async def hls(
        self, camera: str, quality: Quality, file: str, query: str, byte_range: str = ""
    ) -> HlsAnswer:
        """A file of the HLS presentation; `file` is relative, `byte_range` a Range header or "".

        `index.m3u8` is what a player opens for this quality alone, `media.m3u8` its media playlist.
        Raises LiveUnavailable.
        """
        ...

    def sessions(self) -> int:
        """WebRTC viewers now."""
        ...
