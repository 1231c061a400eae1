"""No request may say more than this, however it is sent: counted as it arrives, before anything keeps it."""

from typing import Any

import msgspec

from central_hub.api import problem_body
from central_hub.lpr.live import Message, Receive, Send
from protocol.problems import CONTENT_TYPE

#: The largest there is: a prefeitura's spreadsheet of cameras (cities.csv_rows.MAX_BYTES), and some.
MAX_BODY_BYTES = 2_500_000


class TooLarge(Exception):
    pass


def bounded(application: Any, most: int = MAX_BODY_BYTES) -> Any:
    """The ASGI application, which hears of no body larger than this."""

    async def call(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        try:
            if _declared(scope) > most:
                raise TooLarge
            await application(scope, _counting(receive, most), send)
        except TooLarge:  # while the body is read, which is before anything is answered
            await _refuse(send)

    return call


def _declared(scope: Message) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _counting(receive: Receive, most: int) -> Receive:
    heard = 0

    async def counted() -> Message:
        nonlocal heard
        message = await receive()
        heard += len(message.get("body", b""))
        if heard > most:
            raise TooLarge
        return message

    return counted


async def _refuse(send: Send) -> None:
    body = msgspec.json.encode(problem_body(413, "too-large", "O pedido é grande demais."))
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
