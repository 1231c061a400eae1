"""The relay's ASGI application: boxes dial `/uplink`, viewers fetch HLS below `/v1/sessions/`.

Configuration: GTV_RELAY_SECRET, GTV_REDIS_URL, GTV_PUBLIC_URL (the hub's origin,
whose pages may read the answers).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import FastAPI, Header, Path, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import StreamingResponse
from redis.asyncio import Redis
from redis.exceptions import RedisError

from central_hub.relay.closings import CLOSE_CHANNEL
from central_hub.relay.tokens import Audience, InvalidToken, SessionToken, verify
from central_hub.relay.uplinks import BoxSilent, Uplink, UplinkClosed, Uplinks, UplinkTaken
from protocol import uplink
from protocol.problems import CONTENT_TYPE, problem_body
from protocol.uplink import FromRelay, GetMedia, GetPlaylist, InvalidRange, parse_range

log = structlog.get_logger()

UPLINK_USED_KEY = "gtv:relay:uplink:{}"

#: WebSocket close codes (RFC 6455, 7.4).
POLICY_VIOLATION = 1008

Authorization = Annotated[str, Header()]

#: What a viewer is told, by error; None: the error's own text.
_ERRORS: dict[type[Exception], tuple[HTTPStatus, str | None]] = {
    InvalidToken: (HTTPStatus.UNAUTHORIZED, "A sessão de vídeo terminou. Abra a gravação de novo."),
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
                            await self.uplinks.hang_up(message["data"].decode())
            except RedisError as error:
                log.warning("relay_redis_lost", error=str(error))
                await asyncio.sleep(1.0)  # sessions still end by their tokens' expiry meanwhile


def create_app() -> FastAPI:
    """The application, configured from the environment."""
    relay = Relay(os.environ["GTV_RELAY_SECRET"], Redis.from_url(os.environ["GTV_REDIS_URL"]))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        closings = asyncio.create_task(relay.obey_closings())
        yield
        closings.cancel()
        with suppress(asyncio.CancelledError):
            await closings
        await relay.redis.aclose()

    app = FastAPI(title="GT-Vision relay", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[os.environ["GTV_PUBLIC_URL"]],
        allow_methods=["GET"],
        allow_headers=["Authorization", "Range"],
        max_age=3600,
    )
    for error, (status, text) in _ERRORS.items():
        app.add_exception_handler(error, _answer(status, text))
    _add_uplink_route(app, relay)
    _add_viewer_routes(app, relay)
    return app


def _answer(status: HTTPStatus, text: str | None) -> Callable[[Request, Exception], Response]:
    def handler(_request: Request, error: Exception) -> Response:
        return Response(problem_body(status, text or str(error)), status, media_type=CONTENT_TYPE)

    return handler


def _add_uplink_route(app: FastAPI, relay: Relay) -> None:
    @app.websocket("/uplink")
    async def box_uplink(socket: WebSocket) -> None:
        """A box dials in. Its token is good for one connection of one session."""
        try:
            token = verify(relay.secret, Audience.UPLINK, socket.headers.get("authorization", ""))
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
    try:
        await relay.uplinks.attach(token.session, opened)
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
        relay.uplinks.detach(token.session)
        log.info("uplink_closed", session=token.session)


def _add_viewer_routes(app: FastAPI, relay: Relay) -> None:
    @app.get("/v1/sessions/{session}/playback.m3u8")
    async def playlist(session: str, authorization: Authorization = "") -> Response:
        _check_viewer(relay, session, authorization)
        return await _fetch(relay, session, GetPlaylist, {"Cache-Control": "no-store"})

    @app.get("/v1/sessions/{session}/segments/{segment}.mp4")
    async def media(
        session: str,
        segment: Annotated[int, Path(ge=0, lt=2**63)],  # what a frame can carry
        authorization: Authorization = "",
        range_: Annotated[str, Header(alias="Range")] = "",
    ) -> Response:
        _check_viewer(relay, session, authorization)
        offset, length = parse_range(range_)
        headers = {
            "Content-Range": f"bytes {offset}-{offset + length - 1}/*",
            "Content-Length": str(length),
            "Cache-Control": "private, max-age=3600",
        }
        return await _fetch(relay, session, lambda n: GetMedia(n, segment, offset, length), headers)


def _check_viewer(relay: Relay, session: str, authorization: str) -> None:
    """Raises InvalidToken."""
    if verify(relay.secret, Audience.VIEWER, authorization).session != session:
        raise InvalidToken("the token is of another session")


async def _fetch(
    relay: Relay, session: str, make: Callable[[int], FromRelay], headers: dict[str, str]
) -> Response:
    """Ask the session's box and pass its answer on as it comes in."""
    opened = await relay.uplinks.find(session)
    stack = AsyncExitStack()
    try:
        head, body = await stack.enter_async_context(opened.ask(make))
    except BaseException:
        await stack.aclose()
        raise
    if head.status >= HTTPStatus.BAD_REQUEST:
        await stack.aclose()
        status = HTTPStatus(head.status)
        return Response(problem_body(status, head.detail), status, media_type=CONTENT_TYPE)
    return StreamingResponse(_pass_on(stack, body), head.status, headers, head.content_type)


async def _pass_on(stack: AsyncExitStack, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with stack:
        async for data in body:
            yield data
