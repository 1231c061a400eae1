"""The relay's ASGI application: boxes dial `/uplink`, viewers fetch recordings below `/v1/sessions/`.

Live cameras are below `/v1/live/` (live_routes.py).

Configuration: GTV_RELAY_SECRET, GTV_REDIS_URL, GTV_PUBLIC_URL (the hub's origin,
whose pages may read the answers), GTV_RELAY_PUBLIC_ADDRESS (behind 1:1 NAT).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import FastAPI, Header, Path, Query, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime
from redis.asyncio import Redis
from redis.exceptions import RedisError

from central_hub.relay import figures
from central_hub.relay.closings import CLOSE_CHANNEL
from central_hub.relay.first_picture import MediaRange, first_asked
from central_hub.relay.live import LiveFeeds
from central_hub.relay.live_routes import LiveDoor, live_routes
from central_hub.relay.tokens import Audience, InvalidToken, SessionToken, bearer_token, is_live, verify
from central_hub.relay.uplinks import BoxSilent, Uplink, UplinkClosed, Uplinks, UplinkTaken
from central_hub.relay.watching import Watching
from passthrough.errors import LiveError
from protocol import uplink
from protocol.problems import CONTENT_TYPE, problem_body
from protocol.uplink import GetPlaylist, Head, InvalidRange, parse_range

log = structlog.get_logger()

UPLINK_USED_KEY = "gtv:relay:uplink:{}"

#: WebSocket close codes (RFC 6455, 7.4).
POLICY_VIOLATION = 1008

#: What a viewer is told, by error; None: the error's own text.
_ERRORS: dict[type[Exception], tuple[HTTPStatus, str | None]] = {
    InvalidToken: (HTTPStatus.UNAUTHORIZED, "A sessão de vídeo terminou. Abra o vídeo de novo."),
    RedisError: (HTTPStatus.SERVICE_UNAVAILABLE, "A central está com uma falha. Tente de novo em instantes."),
    RequestValidationError: (HTTPStatus.UNPROCESSABLE_ENTITY, "Pedido inválido."),
    InvalidRange: (HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, None),
    BoxSilent: (
        HTTPStatus.GATEWAY_TIMEOUT,
        "A caixa da prefeitura não respondeu a tempo. A conexão dela pode estar lenta: tente de novo.",
    ),
    UplinkClosed: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A caixa da prefeitura encerrou a transmissão. Tente de novo.",
    ),
}


class Relay:
    """What the routes share: the secret, the uplinks, Redis for tokens that are good once."""

    def __init__(self, secret: str, redis: Redis) -> None:
        self.secret = secret
        self.redis = redis
        self.uplinks = Uplinks()
        self.watching = Watching(redis)
        self.live = LiveFeeds(self.watching)
        figures.UPLINKS.set_function(lambda: len(self.uplinks))
        figures.VIEWERS.set_function(lambda: self.live.viewers)

    async def uplink_for_viewer(self, token: str) -> Uplink:
        """The uplink of the session that a viewer's token is for. Raises InvalidToken, BoxSilent."""
        session = verify(self.secret, Audience.VIEWER, token).session
        with suppress(RedisError):  # a recording plays without it; the line then seems less used than it is
            await self.watching.note(session)
        return await self.uplinks.find(session)

    async def use_once(self, token: SessionToken) -> bool:
        """True the first time a token is shown, on whichever replica."""
        left_s = int((token.expires_at - datetime.now(UTC)).total_seconds()) + 1
        key = UPLINK_USED_KEY.format(token.token_id)
        return bool(await self.redis.set(key, "1", nx=True, ex=max(1, left_s)))

    async def obey_closings(self) -> None:
        """Hang up the uplinks of sessions that the hub closes, for ever."""
        while True:
            try:
                async with self.redis.pubsub() as channel:
                    await channel.subscribe(CLOSE_CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "message":
                            session = message["data"].decode()
                            self.live.end_session(session)
                            await self.uplinks.hang_up(session)
            except RedisError as error:
                log.warning("relay_redis_lost", error=str(error))
                await asyncio.sleep(1.0)  # sessions still end by their tokens' expiry meanwhile


def create_app() -> FastAPI:
    """The application, configured from the environment."""
    relay = Relay(os.environ["GTV_RELAY_SECRET"], Redis.from_url(os.environ["GTV_REDIS_URL"]))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(relay.obey_closings()), asyncio.create_task(relay.live.keep_looking())]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await relay.redis.aclose()

    app = FastAPI(title="GT-Vision relay", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[os.environ["GTV_PUBLIC_URL"]],
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Range", "Content-Type"],
        expose_headers=["Location", "Date"],
        max_age=3600,
    )
    app.add_middleware(figures.Observed)
    for error, (status, text) in _ERRORS.items():
        app.add_exception_handler(error, _answer(status, text))
    app.add_exception_handler(LiveError, _answer_live_error)
    _add_uplink_route(app, relay)
    _add_viewer_routes(app, relay)
    door = LiveDoor(relay.secret, relay.uplinks, relay.live, relay.watching)
    app.include_router(live_routes(door, os.environ.get("GTV_RELAY_PUBLIC_ADDRESS", "")))
    return app


def _answer(status: HTTPStatus, text: str | None) -> Callable[[Request, Exception], Response]:
    def handler(_request: Request, error: Exception) -> Response:
        return Response(problem_body(status, text or str(error)), status, media_type=CONTENT_TYPE)

    return handler


def _answer_live_error(_request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, LiveError) else HTTPStatus.INTERNAL_SERVER_ERROR
    return Response(problem_body(status, str(error)), status, media_type=CONTENT_TYPE)


def _add_uplink_route(app: FastAPI, relay: Relay) -> None:
    @app.websocket("/uplink")
    async def box_uplink(socket: WebSocket) -> None:
        """A box dials in. Its token is good for one connection of one session."""
        try:
            shown = bearer_token(socket.headers.get("authorization", ""))
            token = verify(relay.secret, Audience.UPLINK, shown)
        except InvalidToken as error:
            log.warning("uplink_refused", reason=str(error))
            await socket.close(POLICY_VIOLATION)  # before accept: answers the handshake with 403
            return
        if not await relay.use_once(token):
            log.warning("uplink_token_reused", session=token.session)
            await socket.close(POLICY_VIOLATION)
            return
        await socket.accept()
        await _hold(relay, socket, token)

    @app.get("/healthz")
    async def healthz() -> dict[str, int]:
        return {"uplinks": len(relay.uplinks)}


async def _hold(relay: Relay, socket: WebSocket, token: SessionToken) -> None:
    """Keep an uplink until the box hangs up, sends nonsense, or the session expires."""
    opened = Uplink(socket)
    feed = relay.live.begin(token.session, opened) if is_live(token.session) else None
    try:
        await relay.uplinks.attach(token.session, opened, replace=feed is not None)
    except UplinkTaken:
        await socket.close(POLICY_VIOLATION)
        return
    log.info("uplink_opened", session=token.session)
    left_s = (token.session_ends_at - datetime.now(UTC)).total_seconds()
    try:
        async with asyncio.timeout(left_s):
            while True:
                opened.received(uplink.decode_from_box(await socket.receive_bytes()))
    except (uplink.InvalidFrame, KeyError) as error:  # KeyError: Starlette's answer to a text message
        log.error("uplink_frame_refused", session=token.session, error=str(error))
        await socket.close(POLICY_VIOLATION)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        # RuntimeError: Starlette's answer to receiving on a socket that hang_up() closed.
        with suppress(RuntimeError):
            await socket.close()
    finally:
        relay.uplinks.detach(token.session, opened)
        if feed is not None:
            await relay.live.end(token.session, feed)
        log.info("uplink_closed", session=token.session)


def _add_viewer_routes(app: FastAPI, relay: Relay) -> None:
    # The token is in the path, as with the box's own live addresses: a header would cost a browser, which is
    # on a page of another origin, a preflight for each address (docs/adr/0048).
    @app.get("/v1/sessions/{token}/playback.m3u8")
    async def playlist(
        token: str, play_from: Annotated[AwareDatetime | None, Query(alias="from")] = None
    ) -> Response:
        opened = await relay.uplink_for_viewer(token)
        async with opened.ask(GetPlaylist) as (head, body):
            text = b"".join([part async for part in body])
        if head.status >= HTTPStatus.BAD_REQUEST:
            return _refusal(head)
        await opened.read_ahead(first_asked(text.decode(), play_from))
        return Response(text, head.status, {"Cache-Control": "no-store"}, head.content_type)

    @app.get("/v1/sessions/{token}/segments/{segment}.mp4")
    async def media(
        token: str,
        segment: Annotated[int, Path(ge=0, lt=2**63)],  # what a frame can carry
        range_: Annotated[str, Header(alias="Range")] = "",
    ) -> Response:
        opened = await relay.uplink_for_viewer(token)
        return await _pass_on_media(opened, MediaRange(segment, *parse_range(range_)))


async def _pass_on_media(opened: Uplink, media: MediaRange) -> Response:
    """The box's answer, given to the viewer as it comes in."""
    stack = AsyncExitStack()
    try:
        head, body = await stack.enter_async_context(opened.ask_media(media))
    except BaseException:
        await stack.aclose()
        raise
    if head.status >= HTTPStatus.BAD_REQUEST:
        await stack.aclose()
        return _refusal(head)
    headers = {
        "Content-Range": f"bytes {media.offset}-{media.offset + media.length - 1}/*",
        "Content-Length": str(media.length),
        "Cache-Control": "private, max-age=3600",
    }
    return StreamingResponse(_pass_on(stack, body), head.status, headers, head.content_type)


def _refusal(head: Head) -> Response:
    status = HTTPStatus(head.status)
    return Response(problem_body(status, head.detail), status, media_type=CONTENT_TYPE)


async def _pass_on(stack: AsyncExitStack, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with stack:
        async for data in body:
            yield data
