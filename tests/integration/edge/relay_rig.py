"""A relay process, and the two who meet in it: viewers with their tokens, a box that dials in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from central_hub.relay.tokens import Audience, issue
from edge_agent.clock import to_datetime
from edge_agent.recording.index import RecordingIndex
from edge_agent.sync.footage import Footage
from edge_agent.sync.uplink import Uplink, dial
from protocol.messages import OpenUplink
from tests.integration.edge.rig import (
    SECOND,
)
from tests.unit.edge.builders import NOON_US

SECRET = "s" * 32
HUB_ORIGIN = "https://hub.example"


@dataclass
class RelayProcess:
    url: str
    redis_url: str

    def token(self, audience: Audience, session: str, seconds: float = 60) -> str:
        return issue(SECRET, audience, session, datetime.now(UTC) + timedelta(seconds=seconds))

    def viewer(self, session: str) -> httpx.Client:
        return self.viewer_with(self.token(Audience.VIEWER, session))

    def viewer_with(self, token: str) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.url}/v1/sessions/{token}", headers={"Origin": HUB_ORIGIN}, timeout=30
        )

    @property
    def uplink_url(self) -> str:
        return f"{self.url.replace('http', 'ws')}/uplink"


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def order(
    relay: RelayProcess, session: str, token: str = "", start_s: float = 0, end_s: float = 5
) -> OpenUplink:
    return OpenUplink(
        session=session,
        url=relay.uplink_url,
        token=token or relay.token(Audience.UPLINK, session),
        camera="cam1",
        start=to_datetime(NOON_US + int(start_s * SECOND)),
        end=to_datetime(NOON_US + int(end_s * SECOND)),
        expires_at=datetime.now(UTC) + timedelta(seconds=60),
    )


async def dialled(index: RecordingIndex, asked: OpenUplink) -> Uplink:
    """Raises UplinkRefused."""
    return Uplink(await dial(asked.url, asked.token), asked.session, Footage(index, asked))


@asynccontextmanager
async def box_dialled_in(
    relay: RelayProcess, index: RecordingIndex, asked: OpenUplink
) -> AsyncIterator[asyncio.Task[None]]:
    serving = asyncio.create_task((await dialled(index, asked)).serve(asked.expires_at))
    try:
        yield serving
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def get(viewer: httpx.Client, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=viewer.base_url, headers=viewer.headers, timeout=30) as client:
        return await client.get(path, headers=headers)
