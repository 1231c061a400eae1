"""A real box is updated by a real hub to another real wheel of this tree; one that dies is gone back from."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from central_hub.fleet import releases, rollouts
from central_hub.fleet.models import NodeState, Rollout, RolloutNode
from edge_agent.config import DataFolder
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.store import Store
from edge_agent.updates.domain import DEADLINE_S
from edge_agent.updates.launcher import Slots
from tests.integration.hub.conftest import Login, World
from tests.integration.system import wheelhouse
from tests.integration.system.conftest import CITY, GTV, Site

RUNNING, GOOD, BROKEN = "1.0.0", "1.1.0", "1.2.0"

#: pip fills a slot within half a minute on an idle machine; it runs behind everything else, here too.
pytestmark = pytest.mark.timeout(1500)
INSTALLED_WITHIN_S = 480.0


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheelhouse")
    wheelhouse.needed_wheels(folder / "needed")
    return folder


@pytest.fixture(scope="session")
def made(house: Path) -> Callable[[str], Path]:
    """The folder of a version's wheels."""

    def make(version: str) -> Path:
        folder = house / version
        if not folder.exists():
            wheelhouse.release(folder, house / "needed", version, house, broken=version == BROKEN)
        return folder

    return make


@pytest.fixture(scope="session")
def installed(house: Path, made: Callable[[str], Path]) -> Path:
    """Slots as a technician makes them, once for all tests."""
    slots = house / "slots"
    command = [str(GTV), "edge", "install", str(made(RUNNING)), "--slots", str(slots)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    again = subprocess.run(command, check=False, capture_output=True, text=True)
    assert again.returncode == 1 and "já tem uma versão" in again.stderr
    return slots


@pytest.fixture
def slots(installed: Path, site: Site, tmp_path: Path) -> Slots:
    """The box runs from its own copy of them, by the launcher and the system's Python."""
    root = tmp_path / "slots"
    shutil.copytree(installed, root, symlinks=True)
    site.launch = [str(getattr(sys, "_base_executable", sys.executable)), root / "launcher.py", root]
    return Slots(root)


class Rollouts:
    """An admin's API, and the job that beat has run."""

    def __init__(self, world: World, login: Login, site: Site) -> None:
        self._client, self._site = login(world.admin), site

    def start(self, version: str) -> None:
        body = {"version": version, "canaries": ["vale-verde/caixa-01"], "soak_minutes": 0}
        answer = self._client.post("/api/v1/rollouts", body, format="json")
        assert answer.status_code == 201, answer.json()

    def box(self) -> dict[str, Any]:
        return next(node for node in self.show()["nodes"] if node["city"] == "vale-verde")

    def box_is(self, state: str) -> bool:
        """Asked of the table: people's requests are counted."""
        of_box = RolloutNode.objects.filter(node__city__code=CITY).order_by("-pk")
        return of_box[0].state == state

    def is_halted(self) -> bool:
        return Rollout.objects.order_by("-pk")[0].state == "halted"

    def show(self) -> dict[str, Any]:
        newest = self._client.get("/api/v1/rollouts").json()[0]["id"]
        return dict(self._client.get(f"/api/v1/rollouts/{newest}").json())

    def until(self, reached: Callable[[], bool], what: str) -> None:
        def look() -> bool:
            rollouts.advance()
            return reached()

        self._site.until(look, what, INSTALLED_WITHIN_S)

    def cancel(self) -> None:
        path = f"/api/v1/rollouts/{self.show()['rollout']['id']}/action"
        assert self._client.post(path, {"action": "cancel"}, format="json").status_code == 200


@pytest.fixture
def desk(world: World, login: Login, site: Site) -> Rollouts:
    return Rollouts(world, login, site)


def recorded(site: Site) -> None:
    site.until(lambda: site.cameras()["Entrada"]["state"] == "online", "the camera is recorded")


def gaps_s(site: Site, world: World) -> list[float]:
    """Between the recording's files, once the box is off."""
    folder = DataFolder(site.root)
    store = Store(folder.database)
    index = RecordingIndex(store, folder.recordings, HealthBoard(store))
    spans = index.spans(str(world.camera.pk), 0, 2**62)
    store.close()
    return [(after.start_us - before.end_us) / 1e6 for before, after in pairwise(spans)]


def test_a_box_takes_a_release_and_then_goes_back_from_one_that_dies(
    site: Site, slots: Slots, desk: Rollouts, world: World, made: Callable[[str], Path]
) -> None:
    releases.register(made(GOOD))
    releases.register(made(BROKEN))
    with site.running() as box:
        recorded(site)
        assert site.node()["agent_version"] == RUNNING

        desk.start(GOOD)
        desk.until(lambda: desk.box_is("done"), "the release runs on the box")
        assert site.node()["agent_version"] == GOOD and slots.current == "b"
        recorded(site)
        desk.cancel()  # the other prefeitura's box never comes

        desk.start(BROKEN)
        desk.until(desk.is_halted, "the rollout is halted")
        assert desk.box()["state"] == "rolled-back" and "terminou sozinha" in desk.box()["reason"]
        of_box = NodeState.objects.filter(node__city__code=CITY)
        site.until(of_box.filter(agent_version=GOOD, online=True).exists, "the box is back")
        recorded(site)
        assert slots.current == "b" and slots.trial() is None
        assert box.running, "whoever watches the process has seen nothing"
    gaps = gaps_s(site, world)
    print(f"recording paused for {gaps} s")
    assert gaps and max(gaps) < DEADLINE_S, "as long as a restart takes, not as long as an installation"


def test_an_archive_that_was_exchanged_in_the_store_is_not_installed(
    site: Site, slots: Slots, desk: Rollouts, made: Callable[[str], Path], tmp_path: Path
) -> None:
    from central_hub import objects

    release = releases.register(made(GOOD))
    other = tmp_path / "other.zip"
    other.write_bytes(bytes(release.size_bytes))
    objects.put_file(release.object_key, other, "application/zip")
    with site.running():
        recorded(site)
        desk.start(GOOD)
        desk.until(desk.is_halted, "the rollout is halted")
        assert desk.box()["state"] == "failed" and "SHA-256" in desk.box()["reason"]
        assert site.node()["agent_version"] == RUNNING and slots.current == "a"
        recorded(site)
