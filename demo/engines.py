"""The embedded engines of the demo, the tests and a one-box trial: each an owned child process on loopback.

    with Postgres(folder / "postgres") as postgres, Redis(folder / "redis") as redis:
        ...  # postgres.url, redis.url

Each engine keeps its data and its log (`<data_dir>/<name>.log`) in its own folder, and finds it again at the
next start. A constructor only chooses a port; `start()` returns when the engine answers.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import redis

from demo.ports import LOOPBACK, accepts_connections, free_port, require_free_port
from demo.postgres import Postgres
from demo.process import EngineError, MissingProgram, OwnedProcess
from demo.programs import require_program

__all__ = [
    "EngineError",
    "MissingProgram",
    "Mosquitto",
    "ObjectStore",
    "OwnedProcess",
    "Postgres",
    "Redis",
    "free_port",
    "require_program",
]


class Redis(OwnedProcess):
    """Redis with an append-only file, so that queued jobs survive a restart."""

    def __init__(self, data_dir: Path, port: int | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port or free_port()
        listen = ["--bind", LOOPBACK, "--port", str(self.port)]
        keep: list[str | Path] = ["--dir", self.data_dir, "--appendonly", "yes", "--appendfsync", "everysec"]
        super().__init__(
            "redis",
            [require_program("redis-server", "redis-server"), *listen, *keep],
            log=self.data_dir / "redis.log",
            ready=self._answers,
        )

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        if not self.running:
            require_free_port(self.port, self.name)
            self.data_dir.mkdir(parents=True, exist_ok=True)
        super().start()

    def _answers(self) -> bool:
        try:
            with redis.Redis(host=LOOPBACK, port=self.port, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:  # not listening yet, or still loading its data
            return False


class Mosquitto(OwnedProcess):
    """The MQTT broker with the given configuration; relative paths in it are relative to `data_dir`."""

    def __init__(self, data_dir: Path, config_text: str, port: int) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self._config_text = config_text
        self._config = self.data_dir / "mosquitto.conf"
        super().__init__(
            "mosquitto",
            [require_program("mosquitto", "mosquitto"), "-c", self._config],
            log=self.data_dir / "mosquitto.log",
            cwd=self.data_dir,
            ready=lambda: accepts_connections(port),
        )

    def start(self) -> None:
        if not self.running:
            require_free_port(self.port, self.name)
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self._config.touch(mode=0o600)
            self._config.write_text(self._config_text + self._identity())
        super().start()

    def _identity(self) -> str:
        # Started by root, mosquitto changes to a user who can't read the owner's private keys and folders.
        names_a_user = any(line.startswith("user ") for line in self._config_text.splitlines())
        return "\nuser root\n" if os.geteuid() == 0 and not names_a_user else "\n"


class ObjectStore(OwnedProcess):
    """S3 over a folder, served by rclone; a bucket is a sub-folder of `<data_dir>/buckets`."""

    def __init__(
        self,
        data_dir: Path,
        access_key: str,
        secret_key: str,
        port: int | None = None,
        *,
        buckets: Iterable[str] = ("gtv",),
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port or free_port()
        self._bucket_folders = [self.data_dir / "buckets" / name for name in buckets]
        listen = ["--addr", f"{LOOPBACK}:{self.port}", "--config", ""]
        super().__init__(
            "rclone",
            [require_program("rclone", "rclone"), "serve", "s3", *listen, self.data_dir / "buckets"],
            log=self.data_dir / "rclone.log",
            # The key goes by the environment: arguments can be read by every user of the machine.
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(self.data_dir),
                "RCLONE_AUTH_KEY": f'"{access_key},{secret_key}"',  # a list in CSV: quoted, one pair
            },
            ready=lambda: accepts_connections(self.port),
        )

    @property
    def endpoint(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> None:
        if not self.running:
            require_free_port(self.port, self.name)
            for folder in self._bucket_folders:
                folder.mkdir(parents=True, exist_ok=True)
        super().start()
