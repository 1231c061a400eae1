"""What an engine of live video offers; the routes above it do not know which one runs."""

from dataclasses import dataclass
from typing import Literal, Protocol

from passthrough.whep import WhepAnswer
from protocol.uplink import Quality


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
