"""LAN API: `GET /api/events`, the WebSocket on which an open console hears what happens."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from fastapi import APIRouter, WebSocket, status
from starlette.websockets import WebSocketDisconnect

from edge_agent.box import Box
from edge_agent.console.auth import COOKIE, NotLoggedIn
from edge_agent.console.events import FellBehind, Listener, TooManyListeners
from edge_agent.problems import problem
from protocol.messages import DesiredUser
from protocol.plates import masked

log = structlog.get_logger()

router = APIRouter(tags=["events"])

#: A console that takes no event for so long has a dead connection.
SEND_TIMEOUT_S = 10.0
#: How soon a console whose user logged out or was removed hears nothing any more.
SESSION_CHECK_S = 5.0

#: What Starlette raises when the console left in the meantime.
_GONE = (WebSocketDisconnect, RuntimeError)

#: For the OpenAPI document, which has no word for a WebSocket: it is opened as a GET that is upgraded.
OPERATION: dict[str, Any] = {
    "tags": ["events"],
    "operationId": "events",
    "summary": "Events",
    "description": (
        "WebSocket (RFC 6455). After the upgrade the box sends one JSON text message for each event, `type` "
        "first; the client sends nothing. The session is the cookie; a browser must come from the console's "
        "own origin. Close codes: 1008, the session ended; 1013, the client was too slow: ask for the whole "
        "picture and connect again. Nothing is kept for who is not connected."
    ),
    "responses": {
        "101": {
            "description": "Switching Protocols; then messages of this shape",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}},
        }
    },
}


@router.websocket("/api/events")
async def events(websocket: WebSocket) -> None:
    """JSON events, `type` first: camera, plate, watchlist, clip, alarm. The console sends nothing."""
    box: Box = websocket.app.state.box
    if not _same_origin(websocket):
        await websocket.send_denial_response(problem(HTTPStatus.FORBIDDEN, "Origem não permitida."))
        return
    if _user(box, websocket) is None:
        await websocket.send_denial_response(
            problem(HTTPStatus.UNAUTHORIZED, "Entre com seu usuário e senha.")
        )
        return
    try:
        with box.events.listen() as listener:
            await websocket.accept()
            await _tell(box, websocket, listener)
    except TooManyListeners:
        await websocket.send_denial_response(
            problem(HTTPStatus.SERVICE_UNAVAILABLE, "Muitos consoles abertos. Feche algum e tente de novo.")
        )


async def _tell(box: Box, websocket: WebSocket, listener: Listener) -> None:
    """Until the console leaves, falls behind, or its session ends."""
    sending = asyncio.create_task(_send(box, websocket, listener))
    leaving = asyncio.create_task(_until_it_leaves(websocket))
    try:
        await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.wait([sending, leaving])


async def _send(box: Box, websocket: WebSocket, listener: Listener) -> None:
    code, reason = status.WS_1008_POLICY_VIOLATION, "session ended"
    try:
        while (user := _user(box, websocket)) is not None:
            try:
                async with asyncio.timeout(SESSION_CHECK_S):
                    text = await listener.next()
            except TimeoutError:
                continue
            if not box.desired.sees_plates(user):
                text = _masked(text)
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await websocket.send_text(text)
    except (FellBehind, TimeoutError):
        code, reason = status.WS_1013_TRY_AGAIN_LATER, "too slow"
        log.warning("console_fell_behind")
    except _GONE:
        return
    with suppress(TimeoutError, *_GONE):
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await websocket.close(code, reason)


async def _until_it_leaves(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


def _user(box: Box, websocket: WebSocket) -> DesiredUser | None:
    """Whose session it is; None when it has ended."""
    try:
        return box.authenticator.user(websocket.cookies.get(COOKIE))
    except NotLoggedIn:
        return None


def _masked(text: str) -> str:
    """An event for people whom their city hides plates from: that a list was matched is no news for them."""
    event = msgspec.json.decode(text)
    kept = ("type",) if event["type"] == "watchlist" else event.keys()
    told = {name: masked(event[name]) if name == "plate" else event[name] for name in kept}
    return msgspec.json.encode(told).decode()


def _same_origin(websocket: WebSocket) -> bool:
    """A browser says which page opens the socket (RFC 6455, 10.2); a program says nothing."""
    origin = websocket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == websocket.headers.get("host")
