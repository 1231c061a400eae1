"""The demo's whole system without its video, and with the internet between box and hub in our hands."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from demo.engines import EngineError, ObjectStore, OwnedProcess, Postgres, Redis
from demo.ports import free_port
from demo.system import DemoSystem
from tests.chaos.network import Line, Network
from tests.chaos.storm import Blow

#: A busy machine takes long to start a process whose disk is busy too.
BACK_WITHIN_S = 120.0


class ChaosSystem(DemoSystem):
    """Real engines, hub and box. The box reaches the broker and the object store through `network`."""

    def __init__(self, folder: Path, progress: Callable[[str], None]) -> None:
        super().__init__(folder, free_port(), free_port(), progress, video=False)

    def _make_hub_env(self, postgres: Postgres, redis: Redis, objects: ObjectStore) -> dict[str, str]:
        self.postgres, self.objects = postgres, objects
        to_broker, to_store = Line(self._state.ports.broker), Line(objects.port)
        self.network = self._stack.enter_context(Network(to_broker, to_store))
        hub = super()._make_hub_env(postgres, redis, objects)
        return {
            **hub,
            "GTV_BROKER_PUBLIC_PORT": str(to_broker.port),
            "GTV_S3_ENDPOINT": f"127.0.0.1:{to_store.port}",
        }

    # --- what strikes ------------------------------------------------------------------

    def strike(self, blow: Blow, calm: threading.Event) -> None:
        """Take a part away, without warning, for its time or until `calm`; returns when it is back."""
        if blow.victim == "cut":
            self.network.cut()
        elif blow.victim == "silence":
            self.network.silence()
        else:
            self._kill(self.process(blow.victim))
        calm.wait(blow.away_s)
        self._bring_back(blow.victim)

    def process(self, name: str) -> OwnedProcess:
        return next(process for process in self._running if process.name == name)

    def _kill(self, process: OwnedProcess) -> None:
        if process.pid is None:
            raise EngineError(f"{process.name} had ended by itself ({process.ending}); see {process.log}")
        os.kill(process.pid, signal.SIGKILL)

    def _bring_back(self, victim: str) -> None:
        if victim in ("cut", "silence"):
            self.network.mend()
            return
        deadline_mono = time.monotonic() + BACK_WITHIN_S
        while True:
            try:
                self.process(victim).start()
                return
            except EngineError:
                if time.monotonic() > deadline_mono:
                    raise

    # --- what is found -----------------------------------------------------------------

    @property
    def s3_keys(self) -> tuple[str, str]:
        return self._state.s3_access_key, self._state.s3_secret_key

    def waiting_at_box(self) -> dict[str, int]:
        """Events in the outbox by stream, read beside the running box."""
        rows = self._box("SELECT stream, count(*) FROM outbox GROUP BY stream")
        return {str(stream): int(count) for stream, count in rows}

    def last_numbers(self) -> dict[str, int]:
        """The last number that the box gave in each stream."""
        rows = self._box("SELECT stream, last FROM stream_seq")
        return {str(stream): int(last) for stream, last in rows}

    def _box(self, query: str) -> list[tuple[object, ...]]:
        file = self.folder / "edge" / "edge.db"
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()
