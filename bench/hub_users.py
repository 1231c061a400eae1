"""What people do at the hub, for Locust: each is one of a city's six, logs in, and works as the pages do.

Run by bench.hub_load, which says in GTV_LOAD_PEOPLE (a JSON file) who there is.
"""

import itertools
import json
import os
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import websocket
from locust import HttpUser, between, events, task
from locust.env import Environment

_PEOPLE = json.loads(Path(os.environ["GTV_LOAD_PEOPLE"]).read_text())
_NEXT = itertools.count()
REFRESH_AFTER_S = 120.0
#: What each does when he comes.
ONCE = ("login", "live alerts")
_ENVIRONMENT: list[Environment] = []


@events.spawning_complete.add_listener
def _begin_to_measure(**_: Any) -> None:
    """Everybody has come: what was measured with fewer people does not count; people come only once."""
    assert _ENVIRONMENT
    for (name, _), entry in _ENVIRONMENT[0].stats.entries.items():
        if name not in ONCE:
            entry.reset()


@events.init.add_listener
def _remember(environment: Environment, **_: Any) -> None:
    _ENVIRONMENT.append(environment)


class Person(HttpUser):
    """One person with one page open: a request or three every few seconds."""

    wait_time = between(3, 9)

    def on_start(self) -> None:
        who = _PEOPLE["people"][next(_NEXT) % len(_PEOPLE["people"])]
        self.cameras: list[str] = who["cameras"]
        self.may_make = who["role"] == "gestor"
        login = {"username": who["username"], "password": _PEOPLE["password"]}
        answer = self.client.post("/api/v1/auth/login", json=login, name="login")
        self._take(answer.json())
        self._listen()

    def on_stop(self) -> None:
        self._socket.close()

    @task(3)
    def look_at_the_lists(self) -> None:
        self._get("/api/v1/cameras", "cameras")
        self._get("/api/v1/nodes", "boxes")

    @task(3)
    def scrub_a_timeline(self) -> None:
        until = datetime.now(UTC)
        period = {"since": (until - timedelta(days=1)).isoformat(), "until": until.isoformat()}
        self._get("/api/v1/coverage", "timeline", camera=random.choice(self.cameras), **period)  # noqa: S311

    @task(4)
    def search_a_plate(self) -> None:
        letters = "".join(random.choices("ABCDEFGHIJ", k=2))  # noqa: S311
        asked = {"plate": f"{letters}*", "purpose": "Ocorrência 12/2026", "limit": 50}
        self._get("/api/v1/plate-reads", "plate search", **asked)

    @task(2)
    def open_the_newest_reads(self) -> None:
        self._get("/api/v1/plate-reads", "newest reads", limit=50, purpose="Monitoramento de rotina")

    @task(2)
    def look_at_the_alarms(self) -> None:
        self._get("/api/v1/node-alarms", "box alarms", open=True)
        self._get("/api/v1/watchlist-hits", "watchlist hits")

    @task(1)
    def make_a_mosaic_and_drop_it(self) -> None:
        body = {"name": "Plantão", "layout": "2x2", "cameras": self.cameras[:4], "shared": False}
        made = self.client.post("/api/v1/mosaics", json=body, headers=self._login(), name="make a mosaic")
        self._get("/api/v1/mosaics", "mosaics")
        if made.ok:
            path = f"/api/v1/mosaics/{made.json()['id']}"
            self.client.delete(path, headers=self._login(), name="drop a mosaic")

    def _get(self, path: str, name: str, **query: Any) -> None:
        if time.monotonic() - self._fresh_at > REFRESH_AFTER_S:
            self._take(self.client.post("/api/v1/auth/refresh", name="refresh").json())
        self.client.get(path, params=query, headers=self._login(), name=name)

    def _login(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._access}"}

    def _take(self, tokens: dict[str, Any]) -> None:
        self._access, self._fresh_at = str(tokens["access"]), time.monotonic()

    def _listen(self) -> None:
        """The page's WebSocket, held open; measured until the hub says that nothing more is missed."""
        began, error = time.perf_counter(), None
        self._socket = websocket.WebSocket()
        try:
            self._socket.connect(f"{self.host.replace('http', 'ws', 1)}/api/v1/alerts", timeout=30)
            self._socket.send(json.dumps({"token": self._access}))
            self._socket.recv()
        except (OSError, websocket.WebSocketException) as failed:
            error = failed
        self.environment.events.request.fire(
            request_type="WS",
            name="live alerts",
            response_time=(time.perf_counter() - began) * 1000,
            response_length=0,
            exception=error,
            context={},
        )
