"""HTTP for the plate port: uvicorn's fast protocol, with the bounds that it leaves out.

llhttp (httptools) costs a fifth of what h11 does, and a thousand pushes a second feel it; but it would
collect headers without end and wait for them for ever. Here a client owes a whole head, and then a whole
body, within a time, and a head has a size. Who does not keep to it is cut off (docs/adr/0045).
"""

import asyncio
from typing import Any

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = structlog.get_logger()

#: A camera's head is some hundred bytes; Digest's is the longest.
MAX_HEAD_BYTES = 16 * 1024
MAX_HEADERS = 64
HEAD_S = 10.0
#: 16 MB, the largest push, over a line of 1 Mbit/s.
BODY_S = 135.0
#: How often a connection is looked at.
LOOK_S = 2.0


class TooLargeHead(Exception):
    """More headers than any camera sends."""


class BoundedHttp(HttpToolsProtocol):
    """One connection; `head_s` and `body_s` are what a client may take to send them."""

    head_s, body_s, look_s = HEAD_S, BODY_S, LOOK_S

    def __init__(self, *args: Any, **known: Any) -> None:
        super().__init__(*args, **known)
        # As uvicorn, and lines may end with a newline alone (RFC 9112, 2.2): some firmwares' do.
        self.parser.set_dangerous_leniencies(
            lenient_data_after_close=True,
            lenient_optional_cr_before_lf=True,
            lenient_optional_lf_after_cr=True,
        )
        self._in_head = True
        self._head_bytes = 0
        #: When what the client owes us must be here; None while it owes nothing.
        self._due_mono: float | None = None
        self._look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._due_mono = self.loop.time() + self.head_s
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._due_mono is None:
            self._due_mono = self.loop.time() + self.head_s
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._cut_off("head too large")

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= MAX_HEADERS or len(value) > MAX_HEAD_BYTES:
            raise TooLargeHead  # the parser's error, which is answered 400
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        self._due_mono = self.loop.time() + self.body_s
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._due_mono = True, None
        super().on_message_complete()

    def _look_later(self) -> None:
        self._look = self.loop.call_later(self.look_s, self._is_it_here)

    def _is_it_here(self) -> None:
        if self._due_mono is not None and self.loop.time() > self._due_mono:
            self._cut_off("head or body too slow")
        else:
            self._look_later()

    def _cut_off(self, reason: str) -> None:
        log.warning("lpr_connection_cut", address=self.client[0] if self.client else "", reason=reason)
        self.transport.abort()
