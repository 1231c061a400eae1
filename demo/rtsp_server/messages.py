"""RTSP requests and answers as they travel (RFC 2326)."""

import asyncio
import struct
from dataclasses import dataclass, field

MAX_HEADER_LINES = 64
REASONS = {200: "OK", 401: "Unauthorized", 404: "Not Found", 455: "Method Not Valid in This State"}
REASONS |= {461: "Unsupported Transport", 501: "Not Implemented"}


@dataclass(frozen=True)
class Request:
    method: str
    uri: str
    headers: dict[str, str]


@dataclass
class Answer:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def encoded(self, request: Request) -> bytes:
        body = self.body.encode()
        headers = {"CSeq": request.headers.get("cseq", "0"), **self.headers}
        if body:
            headers["Content-Length"] = str(len(body))
        lines = [f"RTSP/1.0 {self.status} {REASONS[self.status]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request, None at the connection's end; what comes interleaved (RTCP) is skipped.

    Raises ValueError, asyncio.IncompleteReadError or asyncio.LimitOverrunError for what is not RTSP.
    """
    while (first := await reader.read(1)) == b"$":
        _, length = struct.unpack("!BH", await reader.readexactly(3))
        await reader.readexactly(length)
    if not first:
        return None
    line = first + await reader.readline()
    if not line.strip():
        return await read_request(reader)
    method, uri, _version = line.decode().split()
    headers = {}
    for _ in range(MAX_HEADER_LINES):
        name, colon, value = (await reader.readline()).decode().partition(":")
        if not colon:
            break
        headers[name.strip().lower()] = value.strip()
    await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, uri, headers)
