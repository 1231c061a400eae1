"""A box's parts over a real SQLite database in a temporary folder, a console, and a video to record."""

from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from edge_agent.box import Box
from edge_agent.clock import ClockState
from edge_agent.config import DataFolder, Identity, Settings
from edge_agent.console.app import create_app
from edge_agent.lpr.services import PlateReads
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from tests.unit.edge.builders import (
    JPEG,
    MINUTE,
    NOON_US,
    SECOND,
    desired_state,
    make_video,
    segment,
    vendor_read,
    write_file,
)
from tests.unit.edge.clip_rig import authority, enrolled, footage
from tests.unit.edge.console_rig import ANA, CAMERAS, PASSWORD
from tests.unit.edge.object_rig import objects

__all__ = ["authority", "enrolled", "footage", "objects"]  # fixtures for all


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "edge.db", clock_us=lambda: 0)  # the first event has number 1
    yield opened
    opened.close()


@pytest.fixture
def settings(store: Store, tmp_path: Path) -> Settings:
    return Settings(store, tmp_path / "secrets.key")


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return Outbox(store)


@pytest.fixture
def health(store: Store) -> HealthBoard:
    return HealthBoard(store)


@pytest.fixture
def index(store: Store, tmp_path: Path, health: HealthBoard) -> RecordingIndex:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return RecordingIndex(store, folder, health, lambda: ClockState(None))


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds, a keyframe each."""
    return make_video(tmp_path_factory.mktemp("video") / "ten-seconds.mp4", seconds=10)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    DataFolder(tmp_path).prepare().save_identity(
        Identity("sao-bento", "caixa-01", "127.0.0.1", 1), b"", "", ""
    )
    opened = Box.open(tmp_path)
    opened.desired.receive(desired_state(cameras=CAMERAS, users=[ANA]))
    return opened


@pytest.fixture
async def visitor(box: Box) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the LAN who has not logged in."""
    transport = httpx.ASGITransport(create_app(box))
    async with httpx.AsyncClient(transport=transport, base_url="http://box") as client:
        yield client
    box.store.close()


@pytest.fixture
async def guard(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """Somebody who has."""
    answer = await visitor.post("/api/auth/login", json={"username": "ana", "password": PASSWORD})
    assert answer.status_code == HTTPStatus.OK, answer.text
    return visitor


@pytest.fixture
def recorded(box: Box) -> Box:
    """Two minutes of footage at noon and two reads in it."""
    for number in range(2):
        minute = segment(NOON_US + number * MINUTE, 60, run_us=NOON_US)
        write_file(box.index, minute)
        box.index.store_segment(minute)
    box.reads = PlateReads(box.store, box.folder.images, clock_us=lambda: NOON_US + 2 * MINUTE)
    box.reads.accept("cam1", vendor_read("e1", "ABC1D23", NOON_US + 5 * SECOND, image=JPEG))
    box.reads.accept("cam1", vendor_read("e2", "XYZ9A88", NOON_US + 70 * SECOND))
    return box
