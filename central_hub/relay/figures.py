"""What a relay tells Prometheus of itself (docs/metrics.md), and each request's id in its logs."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

UPLINKS = Gauge("gtv_relay_uplinks", "Uplinks that boxes have open")
VIEWERS = Gauge("gtv_relay_live_viewers", "Who watches a live camera by WebRTC")
_ANSWERED = Histogram(
    "gtv_relay_answer_seconds",
    "Until the first byte of an answer to a viewer, which the box gives for the most part",
    ["route", "status"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
_SENT = Counter("gtv_relay_sent_bytes", "Given to viewers by HTTP")

_REQUEST_ID = re.compile(r"[\w.-]{1,64}")


class Observed:
    """Middleware: requests are counted and named.

    Plain ASGI: what stands between must not hold back a stream, as a middleware of Starlette's would.
    """

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        with structlog.contextvars.bound_contextvars(request_id=_request_id(scope)):
            await self._app(scope, receive, _counting(scope, send) if scope["type"] == "http" else send)


def _counting(scope: Message, send: Send) -> Send:
    began_mono = time.monotonic()

    async def counted(message: Message) -> None:
        if message["type"] == "http.response.start":
            route = getattr(scope.get("route"), "path", "unknown")  # never the address: tokens are in it
            _ANSWERED.labels(route, str(message["status"])).observe(time.monotonic() - began_mono)
        _SENT.inc(len(message.get("body", b"")))
        await send(message)

    return counted


def _request_id(scope: Message) -> str:
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
