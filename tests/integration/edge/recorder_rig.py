"""A recorder of its own over a real index, for tests with cameras."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from edge_agent.clock import now_us
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.supervisor import Supervisor
from edge_agent.store import Store


class Recorder:
    """A supervisor with one worker process over a real index."""

    def __init__(self, folder: Path) -> None:
        recordings = folder / "recordings"
        recordings.mkdir(exist_ok=True)
        self.store = Store(folder / "edge.db")
        self.health = HealthBoard(self.store)
        self.index = RecordingIndex(self.store, recordings, self.health)
        self.supervisor = Supervisor(recordings, self.index, workers=1)
        self.began_us = now_us()

    def fragments(self, camera: str = "cam1") -> int:
        return sum(len(segment.fragments) for segment in self.index.footage(camera, 0, 2**60))

    def files(self) -> list[int]:
        return [segment.start_us for segment in self.index.footage("cam1", 0, 2**60)]

    def state(self, camera: str = "cam1") -> str:
        return self.health.of(camera).state

    async def until(self, reached: Callable[[], bool], within_s: float = 20.0) -> None:
        async with asyncio.timeout(within_s):
            while not reached():  # noqa: ASYNC110 - footage has no event
                await asyncio.sleep(0.05)
