"""The WebSocket of a hub page: watchlist hits of the caller's cities, as they happen.

The first message is `{"token": ...}`, the access token: it does not go into the address, which
logs keep. The connection ends when the token does (code 4401), or at the next hit when the person may
no longer see plates; the page comes again with a fresh one, and asks the list for what it missed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import msgspec
import redis.asyncio
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from central_hub.kernel import Caller, is_central
from central_hub.lpr.alerts import CHANNEL

log = structlog.get_logger()

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = "/api/v1/alerts"
HELLO_WITHIN_S = 5.0
UNAUTHORISED, AWAY = 4401, 1013


class _Hello(msgspec.Struct):
    token: str


class _Told(msgspec.Struct):
    city: str


async def alerts(scope: Message, receive: Receive, send: Send) -> None:
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            hello = msgspec.json.decode((await receive()).get("text") or "", type=_Hello)
        listener = await sync_to_async(_identify)(hello.token)
    except Exception:  # whatever a stranger sends
        await send({"type": "websocket.close", "code": UNAUTHORISED})
        return
    telling = asyncio.create_task(_tell(send, listener))
    leaving = asyncio.create_task(_left(receive))
    done, pending = await asyncio.wait(
        {telling, leaving},
        timeout=max(0.0, listener.until - time.time()),
        return_when=asyncio.FIRST_COMPLETED,
    )
    for task in pending:
        task.cancel()
    await asyncio.gather(telling, leaving, return_exceptions=True)
    if leaving not in done:
        await send({"type": "websocket.close", "code": _close_code(telling)})


def _close_code(telling: asyncio.Task[int]) -> int:
    if telling.cancelled():  # the token has come to its end
        return UNAUTHORISED
    return AWAY if telling.exception() else telling.result()


@dataclass(frozen=True)
class _Listener:
    """Who listens, by what token: the code of the city (None: every city), and until when (Unix time)."""

    token: str
    city: str | None
    until: float


def _identify(token: str) -> _Listener:
    """Raises if it is nobody, or nobody who may see plates now."""
    from central_hub.accounts.authentication import SessionAuthentication, require_complete_login
    from central_hub.cities import services as cities
    from central_hub.lpr.privacy import require_plates

    authentication = SessionAuthentication()
    checked = authentication.get_validated_token(token.encode())
    user: Caller = authentication.get_user(checked)
    try:
        require_complete_login(user, checked)
        require_plates(user)
        city = None if is_central(user) else cities.city_code_for(user, None)
    finally:
        close_old_connections()
    return _Listener(token, city, float(checked["exp"]))


def _may_still_hear(listener: _Listener) -> bool:
    """A city may mask its plates, or a person be shut out, while a page is open."""
    try:
        return _identify(listener.token).city == listener.city
    except Exception:  # as at the beginning: whatever it was, it is no leave to listen
        return False


async def _tell(send: Send, listener: _Listener) -> int:
    """The code to close with."""
    client = redis.asyncio.Redis.from_url(settings.GTV_REDIS_URL)
    try:
        async with client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            async for message in channel.listen():
                if message["type"] == "subscribe":
                    await send({"type": "websocket.send", "text": "{}"})  # from here on nothing is missed
                elif listener.city in (None, msgspec.json.decode(message["data"], type=_Told).city):
                    if not await sync_to_async(_may_still_hear)(listener):
                        return UNAUTHORISED
                    await send({"type": "websocket.send", "text": message["data"].decode()})
    except redis.RedisError as error:
        log.warning("alerts_channel_lost", error=type(error).__name__)
    finally:
        await client.aclose()
    return AWAY


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass
