"""What the tests of a folder share: cameras, a CA, a running box, a relay, a recording to play through it."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from demo.cameras import CameraSpec, SimulatedCameras
from demo.engines import OwnedProcess, Redis
from demo.ports import LOOPBACK, free_port
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import Repaired, repair
from edge_agent.store import Store
from tests.integration.edge.live_rig import CAMERA, City
from tests.integration.edge.recorder_rig import Recorder
from tests.integration.edge.relay_rig import HUB_ORIGIN, SECRET, RelayProcess, answers
from tests.integration.edge.rig import (
    LPR_SECRET,
    NODE,
    SECOND,
    BoxProcess,
    HubClient,
    Pki,
    camera,
    desired,
    eventually,
    make_broker,
)
from tests.unit.edge.builders import NOON_US, make_video, record


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    made = Pki(tmp_path_factory.mktemp("pki"))
    made.issue("broker", "127.0.0.1")
    made.issue("hub", "hub")
    made.issue("node", str(NODE))
    return made


@pytest.fixture(scope="session")
def cameras() -> Iterator[SimulatedCameras]:
    with SimulatedCameras([CameraSpec("street", "Praça", "cam1", LPR_SECRET)]) as running:
        yield running


@pytest.fixture(scope="module")
def box(
    pki: Pki, cameras: SimulatedCameras, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BoxProcess]:
    """A box without broker: one camera that works, one whose address is wrong."""
    state = desired(
        1, camera("cam1", cameras.rtsp_port, "street"), camera("cam2", cameras.rtsp_port, "nowhere")
    )
    prepared = BoxProcess(tmp_path_factory.mktemp("box"), pki, state)
    with prepared.process:
        yield prepared


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    folder = tmp_path_factory.mktemp("relay")
    port = free_port()
    with Redis(folder / "redis") as engine:
        made = RelayProcess(f"http://{LOOPBACK}:{port}", engine.url)
        argv = ["-m", "uvicorn", "central_hub.relay.app:create_app", "--factory", "--http", "h11"]
        environment = {
            **os.environ,
            "GTV_RELAY_SECRET": SECRET,
            "GTV_REDIS_URL": engine.url,
            "GTV_PUBLIC_URL": HUB_ORIGIN,
        }
        process = OwnedProcess(
            "relay",
            [sys.executable, *argv, "--host", LOOPBACK, "--port", str(port)],
            log=folder / "relay.log",
            env=environment,
            ready=lambda: answers(f"{made.url}/healthz"),
        )
        with process:
            yield made


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordingIndex]:
    """A camera with ten seconds of footage at noon, and ten more a minute later."""
    folder = tmp_path_factory.mktemp("box")
    day = folder / "recordings" / "cam1" / "2025-11-24"
    day.mkdir(parents=True)
    source = make_video(folder / "source.mp4", seconds=10)
    record(source, day / f"{NOON_US}.mp4")
    shutil.copy(day / f"{NOON_US}.mp4", day / f"{NOON_US + 60 * SECOND}.mp4")
    store = Store(folder / "edge.db")
    made = RecordingIndex(store, folder / "recordings", HealthBoard(store))
    assert repair(made) == Repaired(indexed=2)
    yield made
    store.close()


@pytest.fixture
def session() -> str:
    return uuid4().hex


@pytest.fixture
async def recorder(tmp_path: Path) -> AsyncIterator[Recorder]:
    made = Recorder(tmp_path)
    running = asyncio.create_task(made.supervisor.run())
    yield made
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    made.store.close()


@pytest.fixture(scope="module")
def city(
    relay: RelayProcess, pki: Pki, cameras: SimulatedCameras, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    folder, port = tmp_path_factory.mktemp("live"), free_port()
    known = camera(CAMERA, cameras.rtsp_port, "street")
    state = desired(1, msgspec.structs.replace(known, sub_rtsp_url=f"{known.rtsp_url}/sub"))
    box = BoxProcess(folder / "box", pki, state, port)
    with make_broker(pki, folder / "broker", port), box.process, box.log_in() as guard:
        hub = HubClient(pki, port)
        eventually(lambda: guard.get("/api/cameras").json()[0]["state"] == "online", what="camera online")
        eventually(lambda: guard.get("/api/status").json()["online_with_hub"], what="in contact")
        yield City(box, hub, relay)
        hub.close()
