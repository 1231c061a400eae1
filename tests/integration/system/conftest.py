"""A prefeitura and its box, whole: the hub on real engines, a box process enrolled there, cameras."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from central_hub.fleet import certificates
from central_hub.ingest.process import Ingest
from demo.cameras import CameraSpec, SimulatedCameras
from demo.engines import OwnedProcess
from demo.ports import LOOPBACK, free_port
from tests.integration.hub.box import eventually
from tests.integration.hub.conftest import PASSWORD, Login, World, ingest, login, surroundings, world

__all__ = ["ingest", "login", "surroundings", "world"]  # fixtures

GTV = Path(sys.executable).parent / "gtv"
CITY, NODE = "vale-verde", "caixa-01"
#: Of a camera that a technician adds; it must be seen nowhere but in the address that he types.
RTSP_PASSWORD = "h1dden-rtsp"


@pytest.fixture(scope="session")
def cameras() -> Iterator[SimulatedCameras]:
    specs = [CameraSpec(path, path.title(), path, "unused") for path in ("portao", "praca")]
    with SimulatedCameras(specs) as running:
        yield running


class Site:
    """The box, and what people see of it at the hub."""

    def __init__(self, root: Path, world: World, login: Login, hub_url: str) -> None:
        self.root, self.world = root, world
        self.gestor = login(world.gestor)
        self.hub_url = hub_url
        self._ports = {name: free_port() for name in ("console", "lpr")}
        self._console_url = f"http://{LOOPBACK}:{self._ports['console']}"
        self._runs = 0
        #: How a person, or the system, starts the box; `run` and its options follow.
        self.launch: list[str | Path] = [GTV, "edge"]

    def enrol(self) -> None:
        token = certificates.issue_token(None, CITY, NODE).token
        self._gtv("enrol", "--hub", self.hub_url, environment={"GTV_ENROLMENT_TOKEN": token})

    @contextmanager
    def running(self, *options: str) -> Iterator[OwnedProcess]:
        """The box between two switchings on and off, in contact with the hub."""
        with self.switched_on(*options) as box:
            self.until(lambda: self.node()["online"], "the box in contact")
            yield box

    @contextmanager
    def switched_on(self, *options: str) -> Iterator[OwnedProcess]:
        """As `running`, whether the hub hears of it or not."""
        self._runs += 1
        listen = ["--host", LOOPBACK, "--plain-http", "--mediamtx", "off"]
        for name, port in self._ports.items():
            listen += [f"--{name}-port", str(port)]
        box = OwnedProcess(
            "edge",
            [*self.launch, "run", "--data-dir", self.root, *listen, *options],
            log=self.root.parent / f"edge-{self._runs}.log",
            ready=self._answers,
            stop_within_s=15.0,
        )
        with box:
            yield box

    def gtv(self, *argv: str) -> str:
        """What a technician types on the box."""
        return self._gtv(*argv)

    def local_cameras(self) -> list[dict[str, Any]]:
        """As the box lists them."""
        return list(json.loads(self.gtv("camera", "list", "--json")))

    def node(self) -> dict[str, Any]:
        return dict(self.gestor.get("/api/v1/nodes").json()[0])

    def cameras(self) -> dict[str, dict[str, Any]]:
        """As the hub lists them, by name."""
        return {camera["name"]: camera for camera in self.gestor.get("/api/v1/cameras").json()}

    def until(self, reached: Callable[[], Any], what: str, within_s: float = 40.0) -> Any:
        return eventually(reached, what, within_s)

    @contextmanager
    def guard(self) -> Iterator[httpx.Client]:
        """Somebody on the LAN console, with the password of the hub."""
        with httpx.Client(base_url=self._console_url, timeout=10) as client:
            who = {"username": self.world.gestor.username, "password": PASSWORD}
            answer = client.post("/api/auth/login", json=who)
            answer.raise_for_status()
            yield client

    @property
    def lpr_url(self) -> str:
        """Where cameras push plates to."""
        return f"http://{LOOPBACK}:{self._ports['lpr']}"

    def log_text(self) -> str:
        return "".join(log.read_text() for log in self.root.parent.glob("edge-*.log"))

    def _answers(self) -> bool:
        try:
            return (
                httpx.get(f"http://{LOOPBACK}:{self._ports['console']}/api/me", timeout=2).status_code < 500
            )
        except httpx.HTTPError:
            return False

    def try_gtv(
        self, *argv: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """As `gtv`, for what may fail."""
        command = [str(GTV), "edge", *argv, "--data-dir", str(self.root)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, **(environment or {})},
        )

    def _gtv(self, *argv: str, environment: dict[str, str] | None = None) -> str:
        done = self.try_gtv(*argv, environment=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def site(
    world: World,
    ingest: Ingest,
    login: Login,
    live_server: LiveServer,
    tmp_path: Path,
    cameras: SimulatedCameras,
) -> Site:
    """An enrolled box that is switched off; the prefeitura's one camera is `portao`."""
    from central_hub.cities import services as cities

    cities.change_camera(None, world.camera, rtsp_url=cameras.url("portao"))
    made = Site(tmp_path / "box", world, login, live_server.url)
    made.enrol()
    return made
