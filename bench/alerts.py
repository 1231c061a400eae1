"""From a camera's push to those who must hear of a watched plate (`make bench-alerts`), as Markdown.

The whole system runs, without video: the box's console, the hub's page and a city's own system listen.
Time counts from the moment the camera begins to push. Then the broker is stopped: the guard at
the box's console must hear of it all the same.
"""

import json
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from typing import Annotated, Any

import httpx
import typer
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from demo.ports import free_port
from demo.system import DemoSystem
from edge_agent.console.auth import COOKIE

#: What is not heard by then is counted as lost.
GIVE_UP_AFTER_S = 60.0
#: Between two pushes: each is alone on its way, as watched plates are.
PAUSE_S = 0.2

app = typer.Typer(add_completion=False)


class Ears:
    """When which listener heard of which plate first."""

    def __init__(self) -> None:
        self._heard = threading.Condition()
        self._at_mono: defaultdict[str, dict[str, float]] = defaultdict(dict)

    def hear(self, listener: str, plate: str) -> None:
        with self._heard:
            self._at_mono[listener].setdefault(plate, time.monotonic())
            self._heard.notify_all()

    def wait(self, plate: str, listeners: list[str]) -> None:
        """Until all of these have heard of it, or for GIVE_UP_AFTER_S."""
        with self._heard:
            everybody = lambda: all(plate in self._at_mono[one] for one in listeners)  # noqa: E731
            self._heard.wait_for(everybody, GIVE_UP_AFTER_S)

    def delays_s(self, listener: str, pushed_mono: dict[str, float]) -> list[float]:
        heard = self._at_mono[listener]
        return [heard[plate] - pushed for plate, pushed in pushed_mono.items() if plate in heard]


# --- the listeners ---------------------------------------------------------------------


def logged_in(base_url: str, path: str, username: str, password: str) -> tuple[httpx.Client, dict[str, Any]]:
    client = httpx.Client(base_url=base_url, timeout=30)
    answer = client.post(path, json={"username": username, "password": password}).raise_for_status()
    return client, answer.json() if answer.content else {}


@contextmanager
def listening(url: str, listener: str, ears: Ears, hello: str = "", **options: Any) -> Iterator[None]:
    """A WebSocket whose messages about watched plates are heard."""

    def listen(socket: ClientConnection) -> None:
        try:
            for text in socket:
                message = json.loads(text)
                if "plate" in message and message.get("type", "watchlist") == "watchlist":
                    ears.hear(listener, message["plate"])
        except ConnectionClosed:
            pass

    with connect(url, **options) as socket:
        if hello:
            socket.send(hello)
            socket.recv(30)  # the server's word that nothing is missed from here on
        thread = threading.Thread(target=listen, args=[socket])
        thread.start()
        yield
        socket.close()
        thread.join()


@contextmanager
def receiving(ears: Ears) -> Iterator[str]:
    """A city's own system; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            alert = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            ears.hear("webhook", alert["plate"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/alertas"
        server.shutdown()


# --- the camera --------------------------------------------------------------------------

_XML = """<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
  <ipAddress>192.0.2.1</ipAddress><channelID>1</channelID><dateTime>{when}</dateTime>
  <eventType>ANPR</eventType><eventState>active</eventState>
  <ANPR><licensePlate>{plate}</licensePlate><confidenceLevel>97</confidenceLevel></ANPR>
</EventNotificationAlert>"""


def push_all(system: DemoSystem, plates: list[str], ears: Ears, listeners: list[str]) -> dict[str, float]:
    """Push one after another, each when all have heard of the one before; when each push began."""
    file = BytesIO()
    Image.effect_noise((640, 360), 60).save(file, "JPEG")
    began_mono = {}
    auth = next(iter(system.camera_secrets.items()))
    with httpx.Client(auth=auth, timeout=30) as camera:
        for plate in plates:
            xml = _XML.format(when=datetime.now(UTC).isoformat(timespec="milliseconds"), plate=plate)
            parts = {
                "anpr.xml": ("anpr.xml", xml, "application/xml"),
                "detectionPicture.jpg": ("detectionPicture.jpg", file.getvalue(), "image/jpeg"),
            }
            began_mono[plate] = time.monotonic()
            camera.post(system.lpr_url, files=parts).raise_for_status()
            ears.wait(plate, listeners)
            time.sleep(PAUSE_S)
    return began_mono


def row(what: str, pushed: dict[str, float], delays_s: list[float]) -> str:
    cut = quantiles(delays_s, n=20) if len(delays_s) > 1 else [float("nan")] * 19
    lost = len(pushed) - len(delays_s)
    figures = " | ".join(f"{value:.2f} s" for value in (cut[9], cut[18], max(delays_s, default=float("nan"))))
    return f"| {what} | {len(pushed)} | {lost} | {figures} |"


@app.command()
def main(pushes: Annotated[int, typer.Option(min=2, help="Plates pushed in each part")] = 60) -> None:
    """The table."""
    folder = tempfile.TemporaryDirectory(prefix="bench-alerts-")
    with folder as root, ExitStack() as stack:
        system = DemoSystem(Path(root), free_port(), free_port(), lambda _: None, video=False)
        stack.enter_context(system)
        ears = Ears()
        _listen(system, ears, stack)
        typer.echo("| who hears of it | pushes | not heard | p50 | p95 | max |")
        typer.echo("|---|---|---|---|---|---|")
        # The first one warms up connections, and waits for the box to have the list.
        push_all(system, ["ALR0Z99"], ears, ["hub page", "webhook"])
        everybody = ["console", "hub page", "webhook"]
        pushed = push_all(system, [f"ALR{n // 100}A{n % 100:02}" for n in range(pushes)], ears, everybody)
        for listener in everybody:
            typer.echo(row(listener, pushed, ears.delays_s(listener, pushed)))
        assert system.broker is not None
        system.broker.stop()
        pushed = push_all(system, [f"ALR{n // 100}B{n % 100:02}" for n in range(pushes)], ears, ["console"])
        typer.echo(row("console, hub away", pushed, ears.delays_s("console", pushed)))
        system.broker.start()


def _listen(system: DemoSystem, ears: Ears, stack: ExitStack) -> None:
    """Watch the plates of this benchmark, and have all three listen."""
    hub, tokens = logged_in(system.hub_url, "/api/v1/auth/login", "gestor", system.password)
    hub.headers["Authorization"] = f"Bearer {tokens['access']}"
    url = stack.enter_context(receiving(ears))
    hub.post("/api/v1/webhooks", json={"url": url}).raise_for_status()
    entry = {"pattern": "ALR*", "kind": "stolen", "reason": "BO 1/2026"}
    hub.post("/api/v1/watchlist", json=entry).raise_for_status()
    page = f"{system.hub_url.replace('http', 'ws', 1)}/api/v1/alerts"
    hello = json.dumps({"token": tokens["access"]})
    stack.enter_context(listening(page, "hub page", ears, hello))
    console, _ = logged_in(system.console_url, "/api/auth/login", "gestor", system.password)
    events = f"{system.console_url.replace('http', 'ws', 1)}/api/events"
    cookie = {"Cookie": f"{COOKIE}={console.cookies[COOKIE]}"}
    origin = Origin(system.console_url)
    stack.enter_context(listening(events, "console", ears, additional_headers=cookie, origin=origin))


if __name__ == "__main__":
    app()
