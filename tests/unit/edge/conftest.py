"""A box's parts over a real SQLite database in a temporary folder, and a video to record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from tests.unit.edge.builders import make_video


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "edge.db")
    yield opened
    opened.close()


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
    return RecordingIndex(store, folder, health)


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds, a keyframe each."""
    return make_video(tmp_path_factory.mktemp("video") / "ten-seconds.mp4", seconds=10)
