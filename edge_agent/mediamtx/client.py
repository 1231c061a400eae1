"""MediaMTX's control API v3, as far as the box uses it.

MediaMtxError
├── Unreachable   no answer: it is starting, or gone
├── PathMissing   the path (or session) is not there (404)
└── Refused       it answered with an error; its words, without credentials
"""

from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from edge_agent.mediamtx.config import Credential
from edge_agent.mediamtx.domain import Add, Change, Delete, PathSettings
from edge_agent.recording.domain import redact_url

#: All is loopback and in memory; what takes longer is stuck.
TIMEOUT_S = 5.0
PAGE = 1000
#: 1,000 cameras have 2,000 paths; more pages than this is an answer gone wrong.
MAX_PAGES = 100


T = TypeVar("T")


class MediaMtxError(Exception):
    """MediaMTX did not do as asked."""


class Unreachable(MediaMtxError):
    """No answer."""


class PathMissing(MediaMtxError):
    """404."""


class Refused(MediaMtxError):
    """An error in its answer."""


class Reader(msgspec.Struct, frozen=True):
    type: str = ""
    id: str = ""


class PathState(msgspec.Struct, frozen=True, rename="camel"):
    """A path that is alive: it exists here while it is pulled, or while somebody asked for it."""

    name: str
    #: It can be read now. (`online` is true of every path that is pulled, video or not.)
    available: bool = False
    tracks2: list[dict[str, Any]] = []
    inbound_bytes: int = 0
    outbound_bytes: int = 0
    readers: list[Reader] = []


class Session(msgspec.Struct, frozen=True, rename="camel"):
    """A WebRTC or HLS reader."""

    id: str
    path: str
    created: str = ""
    outbound_bytes: int = 0


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    page_count: int
    items: list[msgspec.Raw]


class Info(msgspec.Struct, frozen=True):
    version: str
    started: str = ""


class Client:
    """One MediaMTX. Every method raises MediaMtxError."""

    def __init__(
        self, port: int, credential: Credential, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/v3/",
            auth=(credential.user, credential.password),
            timeout=TIMEOUT_S,
            transport=transport,
            trust_env=False,  # a proxy in the environment must not see loopback's credential
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def info(self) -> Info:
        return _read(await self._ask("GET", "info"), Info)

    async def configured_paths(self) -> dict[str, PathSettings]:
        """Every path's settings, the defaults included."""
        items = [_read(item, dict[str, Any]) for item in await self._list("config/paths/list")]
        return {str(item["name"]): item for item in items if item.get("name")}

    async def apply(self, change: Change) -> None:
        """A path that is gone needs no deletion."""
        name = quote(change.path, safe="")
        if isinstance(change, Delete):
            try:
                await self._ask("DELETE", f"config/paths/delete/{name}")
            except PathMissing:
                return
        elif isinstance(change, Add):
            await self._ask("POST", f"config/paths/add/{name}", change.settings)
        else:
            await self._ask("PATCH", f"config/paths/patch/{name}", change.settings)

    async def paths(self) -> list[PathState]:
        return [_read(item, PathState) for item in await self._list("paths/list")]

    async def path(self, name: str) -> PathState:
        return _read(await self._ask("GET", f"paths/get/{quote(name, safe='')}"), PathState)

    async def webrtc_sessions(self) -> list[Session]:
        return [_read(item, Session) for item in await self._list("webrtcsessions/list")]

    async def hls_sessions(self) -> list[Session]:
        return [_read(item, Session) for item in await self._list("hlssessions/list")]

    async def kick_webrtc(self, session: str) -> None:
        await self._ask("POST", f"webrtcsessions/kick/{quote(session, safe='')}")

    async def kick_hls(self, session: str) -> None:
        await self._ask("POST", f"hlssessions/kick/{quote(session, safe='')}")

    async def _list(self, resource: str) -> list[msgspec.Raw]:
        items: list[msgspec.Raw] = []
        for number in range(MAX_PAGES):
            answer = await self._ask("GET", f"{resource}?page={number}&itemsPerPage={PAGE}")
            page = _read(answer, _Page)
            items += page.items
            if number + 1 >= page.page_count:
                return items
        raise Refused(f"{resource}: more than {MAX_PAGES} pages")

    async def _ask(self, method: str, resource: str, body: PathSettings | None = None) -> bytes:
        try:
            answer = await self._http.request(method, resource, json=body)
        except httpx.HTTPError as error:
            raise Unreachable(
                f"{method} {resource}: {redact_url(str(error)) or type(error).__name__}"
            ) from None
        if answer.is_success:
            return answer.content
        kind = PathMissing if answer.status_code == httpx.codes.NOT_FOUND else Refused
        raise kind(f"{method} {resource}: {answer.status_code} {redact_url(answer.text[:500])}")


def _read(content: bytes | msgspec.Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise Refused(f"not the answer that was expected: {error}") from None
