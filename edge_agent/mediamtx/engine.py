"""Live video by MediaMTX: WHEP signalling and HLS files handed on over loopback.

The browser never speaks HTTP to MediaMTX; WebRTC's media goes to it straight by UDP.
The agent's credential is added here, so it reaches no browser.
"""

import asyncio
import itertools
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Literal
from urllib.parse import parse_qsl, urlencode

import httpx

from edge_agent.live.adaptive import MEDIA_PLAYLIST
from edge_agent.live.engine import HlsAnswer, Variant
from edge_agent.mediamtx.client import PathState
from edge_agent.mediamtx.config import LOOPBACK, Credential, Ports
from edge_agent.mediamtx.domain import path_of
from passthrough.errors import CodecNotOffered, LiveError, LiveUnavailable, OfferUnreadable
from passthrough.whep import WhepAnswer
from protocol.uplink import Quality

#: A blocking playlist reload waits for the next part; a sub stream's first answer for the camera.
TIMEOUT_S = 15.0
#: MediaMTX ends the remuxing of a stream that nobody asked for during 30 s (`hlsMuxerCloseAfter`).
WARM_EVERY_S = 10.0
#: `hlsSegmentMaxSize` bounds a segment; nothing else is nearly as large.
MAX_BODY_BYTES = 24 * 1024 * 1024
_FILE = re.compile(r"[A-Za-z0-9_-]{1,100}\.(m3u8|mp4|m4s|ts)")
_RESOURCE = re.compile(r"[A-Za-z0-9-]{1,64}")
#: MediaMTX's session of a viewer, and LL-HLS delivery directives (RFC 8216bis, 6.2.5).
_QUERY = {"session", "_HLS_msn", "_HLS_part", "_HLS_skip"}
_STREAM_INF = re.compile(r"^#EXT-X-STREAM-INF:(.+)\n([^#\n].*)$", re.MULTILINE)
_BANDWIDTH = re.compile(r"(?<![A-Z-])BANDWIDTH=(\d+)")
_CODECS_ATTRIBUTE = re.compile(r'CODECS="([^"]*)"')
_RESOLUTION = re.compile(r"RESOLUTION=(\d+)x(\d+)")
_VIDEO = ("avc1", "avc3", "hvc1", "hev1")
_GAP = re.compile(r"^#EXT-X-GAP\n#EXTINF:[^\n]*\n[^#\n]+\n", re.MULTILINE)
_SEQUENCE = re.compile(r"#EXT-X-MEDIA-SEQUENCE:(\d+)")
INDEX = "index.m3u8"
#: MediaMTX always states one; it must not fail for that.
UNMEASURED_BPS = 2_000_000
_CODECS = {"H264": "h264", "H265": "h265"}

AWAY = "A câmera está sem vídeo agora."
NO_SERVER = "O servidor de vídeo da caixa está reiniciando. Tente de novo em alguns segundos."
NO_SUCH_FILE = "Este trecho do vídeo ao vivo não existe mais."
NOT_BY_WEBRTC = "Este navegador não recebe o formato desta câmera por WebRTC."


Query = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Stream:
    """One path's media playlist, and what MediaMTX says of it."""

    media: str
    query: Query
    variant: Variant
    #: Unlike that of every other opening.
    timeline: int


class MediaMtxEngine:
    """A LiveEngine. `path` gives how a path was at the last look."""

    name: Literal["mediamtx", "embedded"] = "mediamtx"

    def __init__(
        self,
        ports: Ports,
        credential: Credential,
        path: Callable[[str], PathState | None],
        sessions: Callable[[], int],
    ) -> None:
        self._webrtc = f"http://{LOOPBACK}:{ports.webrtc}"
        self._hls = f"http://{LOOPBACK}:{ports.hls}"
        self._path = path
        self._sessions = sessions
        self._streams: dict[str, _Stream] = {}
        self._timelines = itertools.count(1)
        self._warmed_mono: dict[str, float] = {}
        self._warming: set[asyncio.Task[None]] = set()
        self._http = httpx.AsyncClient(
            auth=(credential.user, credential.password),
            timeout=TIMEOUT_S,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=50),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # one viewer's is no other's
            trust_env=False,
        )

    async def close(self) -> None:
        for warming in self._warming:
            warming.cancel()
        await self._http.aclose()

    def codec(self, camera: str, quality: Quality) -> str:
        state = self._path(path_of(camera, quality))
        tracks = state.tracks2 if state else []
        return next((_CODECS[codec] for track in tracks if (codec := track.get("codec")) in _CODECS), "")

    async def offer(self, camera: str, quality: Quality, sdp: str) -> WhepAnswer:
        if self.codec(camera, quality) == "h265" and "H265/90000" not in sdp.upper():
            raise CodecNotOffered(NOT_BY_WEBRTC)
        url = f"{self._webrtc}/{path_of(camera, quality)}/whep"
        answer = await self._ask(
            "POST", url, content=sdp.encode(), headers={"Content-Type": "application/sdp"}
        )
        if answer.status_code == HTTPStatus.CREATED:
            resource = answer.headers.get("location", "").rpartition("/")[2]
            return WhepAnswer(resource, answer.text)
        raise _refusal(answer)

    async def hang_up(self, camera: str, quality: Quality, resource_id: str) -> None:
        if _RESOURCE.fullmatch(resource_id):
            await self._ask("DELETE", f"{self._webrtc}/{path_of(camera, quality)}/whep/{resource_id}")

    async def variant(self, camera: str, quality: Quality) -> Variant:
        """As at the last opening: a second stream is not pulled again only to be described."""
        path = path_of(camera, quality)
        stream = self._streams.get(path) or await self._open(path)
        return replace(stream.variant, quality=quality)

    async def hls(
        self, camera: str, quality: Quality, file: str, query: str, byte_range: str = ""
    ) -> HlsAnswer:
        path = path_of(camera, quality)
        asked = [(key, value) for key, value in parse_qsl(query[:500]) if key in _QUERY]
        if file == MEDIA_PLAYLIST:
            self._keep_warm(camera)
            # A playlist that leaves out what the player has would not agree with what is left out below.
            return await self._media_playlist(path, [(k, v) for k, v in asked if k != "_HLS_skip"])
        return await self._file(path, file, asked, byte_range)

    async def _media_playlist(self, path: str, directives: Query) -> HlsAnswer:
        """Under a name that stays: MediaMTX's own holds a session, which ends when nobody asks for long."""
        if stream := self._streams.get(path):
            try:
                return _as_variant(await self._file(path, stream.media, [*stream.query, *directives]), stream)
            except LiveUnavailable as error:
                if error.status != HTTPStatus.NOT_FOUND:
                    raise
        stream = await self._open(path)
        return _as_variant(await self._file(path, stream.media, stream.query), stream)

    def _keep_warm(self, camera: str) -> None:
        """A player that adapts changes to a variant where it is: both must have been remuxed by then."""
        now_mono = time.monotonic()
        for path in (path_of(camera, "main"), path_of(camera, "sub")):
            if path in self._streams and now_mono - self._warmed_mono.get(path, 0.0) > WARM_EVERY_S:
                self._warmed_mono[path] = now_mono
                warming = asyncio.create_task(self._warm(path), name=f"warm-{path}")
                self._warming.add(warming)
                warming.add_done_callback(self._warming.discard)

    async def _warm(self, path: str) -> None:
        with suppress(LiveUnavailable):
            await self._media_playlist(path, [])

    async def _open(self, path: str) -> _Stream:
        """The agent's own HLS session of a path, which all viewers share. Raises LiveUnavailable."""
        self._streams.pop(path, None)
        index = await self._file(path, INDEX, [])
        stream = self._streams[path] = _read_index(index.body.decode(errors="replace"), next(self._timelines))
        return stream

    async def _file(self, path: str, file: str, asked: Query, byte_range: str = "") -> HlsAnswer:
        if not _FILE.fullmatch(file):
            raise LiveUnavailable(NO_SUCH_FILE)
        headers = {"Range": byte_range} if byte_range else {}
        if file == INDEX:
            # Asked so and without a cookie, MediaMTX puts the viewer's session into the playlists'
            # URIs, which every player follows, instead of a cookie of the proxy's.
            asked = [*asked, ("cookieCheck", "1")]
        url = f"{self._hls}/{path}/{file}?{urlencode(asked)}"
        answer = await self._ask("GET", url, headers=headers)
        if answer.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            raise LiveUnavailable(AWAY if file == INDEX else NO_SUCH_FILE)
        return HlsAnswer(
            answer.content, answer.headers.get("content-type", ""), answer.headers.get("content-range", "")
        )

    def sessions(self) -> int:
        return self._sessions()

    async def _ask(
        self, method: str, url: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """The answer, read to its end but no further than MAX_BODY_BYTES. Raises LiveUnavailable."""
        request = self._http.build_request(method, url, content=content, headers=headers)
        try:
            answer = await self._http.send(request, stream=True)
            try:
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_BODY_BYTES:
                        raise LiveUnavailable(NO_SUCH_FILE)
            finally:
                await answer.aclose()
        except httpx.TimeoutException:
            raise LiveUnavailable(AWAY) from None
        except httpx.HTTPError:
            raise LiveUnavailable(NO_SERVER, HTTPStatus.SERVICE_UNAVAILABLE) from None
        return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=body)


def _as_variant(playlist: HlsAnswer, stream: _Stream) -> HlsAnswer:
    """MediaMTX's media playlist as a player that adapts can use it.

    It fills the time before it began to remux a stream with gaps, which such a player takes for a fault of
    the variant, and leaves it for long: they go. And its media time begins anew with each beginning, so
    variants have no time in common but the wall clock's: each gets a discontinuity sequence of its own.
    """
    text, gaps = _GAP.subn("", playlist.body.decode(errors="replace"))
    first = _SEQUENCE.search(text)
    if first is None:
        return playlist
    head = f"#EXT-X-MEDIA-SEQUENCE:{int(first[1]) + gaps}\n#EXT-X-DISCONTINUITY-SEQUENCE:{stream.timeline}"
    return HlsAnswer(_SEQUENCE.sub(head, text).encode(), playlist.content_type)


def _read_index(multivariant: str, timeline: int) -> _Stream:
    """MediaMTX's playlist of a path, which names one media playlist of video. Raises LiveUnavailable.

    Its sound, where there is some, is a rendition of its own, and is left out.
    """
    found = _STREAM_INF.search(multivariant)
    if found is None:
        raise LiveUnavailable(AWAY)
    attributes, uri = found.groups()
    media, _, query = uri.partition("?")
    bandwidth, codecs = _BANDWIDTH.search(attributes), _CODECS_ATTRIBUTE.search(attributes)
    size = _RESOLUTION.search(attributes)
    video = [name for name in (codecs[1] if codecs else "").split(",") if name.startswith(_VIDEO)]
    variant = Variant(
        "main",
        int(bandwidth[1]) if bandwidth else UNMEASURED_BPS,
        ",".join(video),
        *((int(size[1]), int(size[2])) if size else ()),
    )
    return _Stream(media, parse_qsl(query), variant, timeline)


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """The headers that are true of a body already decoded."""
    return {key: headers[key] for key in ("content-type", "content-range", "location") if key in headers}


def _refusal(answer: httpx.Response) -> LiveError:
    """Why an offer was not taken: the status is 400 for nearly everything, so its words decide."""
    if "codec" in answer.text:
        return CodecNotOffered(NOT_BY_WEBRTC)
    if "sdp" in answer.text.lower():
        return OfferUnreadable()
    return LiveUnavailable(AWAY)
