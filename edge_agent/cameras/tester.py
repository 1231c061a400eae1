"""Finding and testing cameras for the people before the box, a few at a time.

CameraRefused    what was asked for cannot be; the text is for the person
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from edge_agent.cameras import discovery, onvif
from edge_agent.cameras.probe import StreamTest, watch_stream

#: Each test opens a connection and decodes a picture: a box has few people before it.
TESTS_AT_ONCE = 2


class CameraRefused(Exception):
    """A camera that cannot be tested or added."""


class Tester:
    """Runs a few tests at a time; one more is refused, not queued."""

    def __init__(self) -> None:
        self._running: dict[str, int] = defaultdict(int)

    async def test(self, full_url: str) -> StreamTest:
        """Raises CameraRefused."""
        async with self._place("test", TESTS_AT_ONCE):
            return await asyncio.to_thread(watch_stream, full_url)

    async def ask_device(self, host: str, port: int, username: str, password: str) -> onvif.DeviceFacts:
        """Raises CameraRefused, OnvifFailed."""
        async with self._place("onvif", TESTS_AT_ONCE):
            return await onvif.ask_device(host, port, username, password)

    async def discover(self, addresses: list[str]) -> list[discovery.FoundDevice]:
        """Who answers at these addresses; with none given, on the local network. Raises CameraRefused."""
        async with self._place("discover", 1):
            if addresses:
                return await discovery.ask_addresses(addresses)
            return await discovery.listen_for_devices()

    @asynccontextmanager
    async def _place(self, kind: str, limit: int) -> AsyncIterator[None]:
        if self._running[kind] >= limit:
            raise CameraRefused("Já há uma busca ou teste em andamento. Espere alguns segundos.")
        self._running[kind] += 1
        try:
            yield
        finally:
            self._running[kind] -= 1
