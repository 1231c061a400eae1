"""The whole system on one machine: engines, hub, one edge box and four simulated cameras.

Used by `gtv demo`, by the end-to-end test, and by whoever pushes plates himself and needs no pictures.
Everything is a child process of this one, with its data below one folder and its log in `<folder>/logs/`.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx

from demo.engines import EngineError, Mosquitto, ObjectStore, OwnedProcess, Postgres, Redis
from demo.ports import LOOPBACK, require_free_port
from demo.process import Startable
from demo.state import State

CITY = "sao-bento-do-vale"
NODE = "caixa-01"
BUCKET = "gtv"
#: Recording four cameras takes about 1 GB an hour; a demo that fills the disk is no demo.
MIN_FREE_BYTES = 5 * 1024**3

CAMERAS = {
    "cam1": "Praça da Matriz",
    "cam2": "Av. Brasil, entrada norte",
    "cam3": "Rua XV de Novembro",
    "cam4": "Ponte do Rio Claro",
}

#: Latitude and longitude, WGS 84 degrees: a town that a car crosses in minutes.
POSITIONS = {
    "cam1": (-22.6871, -45.7322),
    "cam2": (-22.6719, -45.7305),
    "cam3": (-22.6893, -45.7251),
    "cam4": (-22.7004, -45.7389),
}

#: The camera that has a microphone.
WITH_SOUND = "cam1"
#: The camera that pushes as Intelbras' and Dahua's do: JSON to their firmware's one address, by HTTP Digest.
INTELBRAS = "cam4"

Progress = Callable[[str], None]


class DemoSystem(Startable):
    """`start()` returns when everything answers; `check()` raises EngineError when a part has died.

    Without `video` no camera plays: the box tries in vain to record, and takes plate reads meanwhile.
    """

    def __init__(
        self, folder: Path, hub_port: int, console_port: int, progress: Progress, *, video: bool = True
    ) -> None:
        self.folder = folder.absolute()
        self.hub_port = hub_port
        self.console_port = console_port
        self._progress = progress
        self._video = video
        #: What each camera pushes its reads with, by the camera's id.
        self.camera_secrets: dict[str, str] = {}
        self._stack = ExitStack()
        self._running: list[OwnedProcess] = []
        self.broker: Mosquitto | None = None
        self.edge: OwnedProcess | None = None

    @property
    def hub_url(self) -> str:
        return f"http://localhost:{self.hub_port}"

    @property
    def relay_url(self) -> str:
        return f"http://localhost:{self._state.ports.relay}"

    @property
    def console_url(self) -> str:
        return f"http://localhost:{self.console_port}"

    @property
    def lpr_url(self) -> str:
        """Where cameras push plate reads to."""
        return f"http://{LOOPBACK}:{self._state.ports.lpr}/lpr/hikvision"

    def rtsp_url(self, path: str) -> str:
        """Where a simulated camera's video is; its smaller one is at the path with `/sub`."""
        return f"rtsp://{LOOPBACK}:{self._state.ports.rtsp}/{path}"

    @property
    def metrics_ports(self) -> dict[str, int]:
        """Where each process of the hub answers /metrics, on loopback."""
        ports = self._state.ports
        return {
            "web": ports.web_metrics,
            "relay": ports.relay_metrics,
            "ingest": ports.ingest_metrics,
            "worker": ports.worker_metrics,
            "beat": ports.beat_metrics,
        }

    @property
    def password(self) -> str:
        """Of every demo user."""
        return self._state.password

    def start(self) -> None:
        """Raises EngineError, with nothing left running."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def check(self) -> None:
        """Raises EngineError when a process has ended by itself."""
        for process in self._running:
            if not process.running:
                raise EngineError(f"{process.name} ended by itself ({process.ending}); see {process.log}")

    def interrupt_broker(self, for_s: float, wait: Callable[[float], object]) -> None:
        """Cut the box off from the hub for a while, as a broken line does."""
        assert self.broker is not None
        self.broker.stop()
        wait(for_s)
        self.broker.start()

    def stop(self) -> None:
        """End everything, the last started first. Idempotent."""
        self._stack.close()
        self._running.clear()

    # --- in order ---------------------------------------------------------------

    def _start(self) -> None:
        if self.hub_port == self.console_port:
            raise EngineError(f"hub and LAN console cannot both have port {self.hub_port}")
        require_free_port(self.hub_port, "the hub")
        require_free_port(self.console_port, "the LAN console")
        self._require_disk()
        self._lock_folder()
        self._state = State.load(self.folder / "state.json", CAMERAS)
        self._start_engines()
        cameras = self._prepare_hub()
        self.camera_secrets = {cameras[path]: self._lpr_secret(path) for path in CAMERAS}
        self._start_hub()
        if self._video:
            self._start_cameras(cameras)
        self._start_edge()

    def _require_disk(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EngineError(f"cannot use {self.folder}: {error.strerror}") from None
        status = os.statvfs(self.folder)
        free = status.f_bavail * status.f_frsize
        if free < MIN_FREE_BYTES:
            raise EngineError(
                f"{self.folder} has {free / 1e9:.1f} GB free; the demo needs {MIN_FREE_BYTES / 1e9:.1f} GB"
            )

    def _lock_folder(self) -> None:
        """One demo per folder: a second would take the data and ports of the first."""
        lock = self._stack.enter_context((self.folder / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EngineError(
                f"another demo is running on {self.folder}; choose another folder with --folder"
            ) from None

    def _start_engines(self) -> None:
        self._progress("PostgreSQL, Redis, S3 and MQTT broker")
        ports = self._state.ports
        postgres = Postgres(self.folder / "postgres", ports.postgres)
        redis = Redis(self.folder / "redis", ports.redis)
        objects = ObjectStore(
            self.folder / "objects",
            self._state.s3_access_key,
            self._state.s3_secret_key,
            ports.objects,
            buckets=[BUCKET],
        )
        self._hub_env = self._make_hub_env(postgres, redis, objects)
        broker = ["--broker-port", str(ports.broker), "--hub-port", str(ports.broker_hub)]
        self.hub("init-pki", str(self._pki), "--broker-host", LOOPBACK, *broker)
        config = (self._pki / "mosquitto.conf").read_text()
        self.broker = Mosquitto(self.folder / "broker", config, ports.broker)
        self._run_all(postgres, redis, objects, self.broker)

    def _prepare_hub(self) -> dict[str, str]:
        """Schema, prefeitura, users and cameras; returns the cameras' ids by path."""
        self._progress("hub: database and demonstration prefeitura")
        secrets = {path: self._lpr_secret(path) for path in CAMERAS}
        request = {
            "password": self._state.password,
            "cameras": [
                {
                    "name": name,
                    "rtsp_url": self.rtsp_url(path),
                    "sub_rtsp_url": self.rtsp_url(f"{path}/sub"),
                    "lpr_secret": secrets[path],
                    "latitude": POSITIONS[path][0],
                    "longitude": POSITIONS[path][1],
                }
                for path, name in CAMERAS.items()
            ],
        }
        self.hub("migrate")
        answer = json.loads(self.hub("seed-demo", stdin=json.dumps(request)))
        ids = {camera["name"]: camera["id"] for camera in answer["cameras"]}
        return {path: ids[name] for path, name in CAMERAS.items()}

    def _start_hub(self) -> None:
        self._progress("hub: web, ingest, relay, jobs")
        ports = self._state.ports
        web = self._process("web", "--port", str(self.hub_port), ready=_answers(f"{self.hub_url}/healthz"))
        relay_health = _answers(f"http://localhost:{ports.relay}/healthz")
        relay = self._process("relay", "--port", str(ports.relay), ready=relay_health)
        ingest, worker, beat = (self._process(name) for name in ("ingest", "worker", "beat"))
        guard = self._service("hub-broker-guard", "hub", "broker-guard")
        self._run_all(web, relay, ingest, worker, beat, guard)

    def _start_cameras(self, ids: Mapping[str, str]) -> None:
        self._progress("4 simulated cameras")
        specs = [
            {
                "path": path,
                "name": name,
                "camera_id": ids[path],
                "lpr_secret": self._lpr_secret(path),
                "sound": path == WITH_SOUND,
                "vendor": "intelbras" if path == INTELBRAS else "hikvision",
            }
            for path, name in CAMERAS.items()
        ]
        file = self.folder / "cameras.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(specs))
        rtsp_port = str(self._state.ports.rtsp)
        arguments = ["--rtsp-port", rtsp_port, "--lpr-url", self.lpr_url, "--cameras", str(file)]
        cameras = OwnedProcess(
            "cameras",
            [sys.executable, "-m", "demo.cameras", *arguments],
            log=self.folder / "logs" / "cameras.log",
        )
        self._run_all(cameras)

    def _start_edge(self) -> None:
        self._progress("edge box: enrolment, recording")
        data = ["--data-dir", str(self.folder / "edge")]
        if self._enrolled_port() != self._state.ports.broker:
            token = self.hub("enrolment-token", CITY, NODE).strip()
            _run([_gtv(), "edge", "enrol", "--hub", self.hub_url, *data], {"GTV_ENROLMENT_TOKEN": token})
        ports = ["--console-port", str(self.console_port), "--lpr-port", str(self._state.ports.lpr)]
        self.edge = self._service(
            "edge",
            "edge",
            "run",
            *data,
            "--host",
            LOOPBACK,
            "--plain-http",
            *ports,
            ready=_answers(self.console_url),
        )
        self._run_all(self.edge)

    # --- pieces -------------------------------------------------------------------

    @property
    def _pki(self) -> Path:
        return self.folder / "pki"

    def _lpr_secret(self, path: str) -> str:
        return self._state.lpr_secrets[path]

    def _enrolled_port(self) -> int | None:
        """The broker port that the box was told at enrolment; None when it is not enrolled."""
        identity = self.folder / "edge" / "identity" / "identity.json"
        return json.loads(identity.read_text())["broker_port"] if identity.exists() else None

    def _make_hub_env(self, postgres: Postgres, redis: Redis, objects: ObjectStore) -> dict[str, str]:
        ports = self._state.ports
        return {
            "GTV_SECRET_KEY": self._state.secret_key,
            "GTV_DATABASE_URL": postgres.url,
            "GTV_REDIS_URL": redis.url,
            "GTV_REQUIRE_SECOND_FACTOR": "0",  # who tries the demo has no authenticator app at hand
            "GTV_MQTT_HOST": LOOPBACK,
            "GTV_MQTT_PORT": str(ports.broker_hub),
            "GTV_BROKER_PUBLIC_HOST": LOOPBACK,
            "GTV_BROKER_PUBLIC_PORT": str(ports.broker),
            "GTV_PKI_DIR": str(self._pki),
            "GTV_S3_ENDPOINT": objects.endpoint,
            "GTV_S3_SECURE": "0",
            "GTV_S3_ACCESS_KEY": self._state.s3_access_key,
            "GTV_S3_SECRET_KEY": self._state.s3_secret_key,
            "GTV_S3_BUCKET": BUCKET,
            "GTV_PUBLIC_URL": self.hub_url,
            "GTV_RELAY_URL": self.relay_url,
            "GTV_RELAY_SECRET": self._state.relay_secret,
            "GTV_WEBHOOK_PRIVATE": "1",  # all of it is on this machine
            "GTV_ALLOW_LOOPBACK_CAMERAS": "1",
        }

    def hub(self, *arguments: str, stdin: str = "") -> str:
        """A command at the hub, as its server has it; what it printed."""
        return _run([_gtv(), "hub", *arguments], self._hub_env, stdin)

    def _process(self, name: str, *options: str, ready: Callable[[], bool] = lambda: True) -> OwnedProcess:
        """One of the hub's that tell their figures."""
        port = self.metrics_ports[name]
        arguments = ("hub", name, *options, "--metrics-port", str(port))
        return self._service(f"hub-{name}", *arguments, ready=ready)

    def _service(self, name: str, *arguments: str, ready: Callable[[], bool] = lambda: True) -> OwnedProcess:
        environment = {**os.environ, **self._hub_env} if arguments[0] == "hub" else None
        return OwnedProcess(
            name,
            [_gtv(), *arguments],
            log=self.folder / "logs" / f"{name}.log",
            env=environment,
            ready=ready,
        )

    def _run_all(self, *processes: OwnedProcess) -> None:
        """Start side by side; raises the first error when one does not come up."""
        for process in processes:
            self._stack.callback(process.stop)
        with ThreadPoolExecutor(len(processes)) as pool:
            for done in [pool.submit(process.start) for process in processes]:
                done.result()
        self._running.extend(processes)


def _gtv() -> Path:
    return Path(sys.executable).parent / "gtv"


def _run(argv: list[str | Path], environment: Mapping[str, str], stdin: str = "") -> str:
    """One command to its end; its output. Raises EngineError with its last line."""
    done = subprocess.run(
        argv, env={**os.environ, **environment}, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["(no message)"]
        raise EngineError(f"gtv {argv[1]} {argv[2]} failed: {lines[-1]}")
    return done.stdout


def _answers(url: str) -> Callable[[], bool]:
    """A readiness question: does an HTTP server answer below 500?"""

    def ask() -> bool:
        try:
            return httpx.get(url, timeout=2.0).status_code < httpx.codes.INTERNAL_SERVER_ERROR
        except httpx.HTTPError:
            return False

    return ask
