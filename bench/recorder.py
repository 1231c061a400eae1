"""Our recorder alone, as the agent runs it: python -m bench.recorder FOLDER COUNT PORT, until SIGTERM."""

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from edge_agent.recording.events import CameraSource
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.supervisor import Supervisor
from edge_agent.store import Store


async def record(folder: Path, count: int, port: int) -> None:
    recordings = folder / "recordings"
    recordings.mkdir(parents=True)
    store = Store(folder / "edge.db")
    index = RecordingIndex(store, recordings, HealthBoard(store))
    supervisor = Supervisor(recordings, index)
    supervisor.assign(
        [CameraSource(f"cam{number}", f"rtsp://127.0.0.1:{port}/cam{number}") for number in range(count)]
    )
    running = asyncio.create_task(supervisor.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    store.close()


if __name__ == "__main__":
    asyncio.run(record(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
