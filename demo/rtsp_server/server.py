"""Listens, and knows which path is which stream."""

import asyncio
import contextlib
import ssl
import urllib.parse
from collections.abc import Iterable, Mapping

from demo.ports import LOOPBACK
from demo.rtsp_server.auth import Login
from demo.rtsp_server.manners import USUAL, Manners
from demo.rtsp_server.session import Session
from demo.rtsp_server.stream import Stream

BACKLOG = 1024  # a recorder of a thousand cameras knocks all at once


class RtspServer:
    """Serves `streams`, by path (with its query, as some makers' cameras have one)."""

    def __init__(
        self,
        streams: Mapping[str, Stream],
        port: int,
        login: Login | None = None,
        transports: Iterable[str] = ("tcp", "udp"),
        host: str = LOOPBACK,
        manners: Manners = USUAL,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.streams = streams
        self.login = login
        self.transports = frozenset(transports)
        self.manners = manners
        self._host, self._port, self._tls = host, port, tls
        self._sessions: dict[Session, asyncio.Task[None]] = {}
        self._listening: asyncio.Server | None = None

    async def start(self) -> None:
        self._listening = await asyncio.start_server(
            self._serve, self._host, self._port, backlog=BACKLOG, ssl=self._tls
        )

    async def close(self) -> None:
        """Returns when every connection has ended."""
        if self._listening is not None:
            self._listening.close()
        for session in list(self._sessions):
            session.abort()
        await asyncio.gather(*self._sessions.values(), return_exceptions=True)

    def find(self, uri: str) -> Stream | None:
        parts = urllib.parse.urlsplit(uri)
        query = f"?{parts.query.rstrip('/')}" if parts.query else ""
        return self.streams.get(urllib.parse.unquote(parts.path).strip("/") + query)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer)
        task = asyncio.current_task()
        assert task is not None
        self._sessions[session] = task
        try:
            await session.run()
        finally:
            del self._sessions[session]
            with contextlib.suppress(OSError):
                await writer.wait_closed()
