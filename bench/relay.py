"""From a click on a plate read at the hub to the first frame of its recording, over a far line.

The demonstration system runs on this machine. Two lines are made longer by delaying proxies
(`bench.far_line`): the browser's, to the hub's web server and to the relay; and the box's, to the broker
and to the relay. Neither, each alone, then both. Chromium clicks rows of the plate search; measured is the
time from the click to the first frame on the screen. Each click has a session of its own, and comes so late
after the one before that a person has read a row in between.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import numpy as np
import typer
from playwright.sync_api import Page, expect, sync_playwright

from bench.edge import versions
from demo.engines import ObjectStore, OwnedProcess, Postgres, Redis, free_port, require_program
from demo.ports import accepts_connections
from demo.state import State
from demo.system import CAMERAS, DemoSystem
from tests.integration.edge.rig import eventually

#: Longer than uvicorn keeps an idle connection where it is not told otherwise (5 s).
PAUSE_MS = 6000
#: Rows whose recordings are opened in turn: the newest, whose footage is surely on the box.
FIRST_ROW, ROWS = 4, 5

#: Notes how long each click on "Ver a gravação" took to the first frame of the recording, in milliseconds.
_NOTE = """() => {
  window.clicks_ = [];
  let clicked = null;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-testid=read-recording]")) clicked = event.timeStamp;
  }, true);
  document.addEventListener("loadstart", ({target}) => {
    if (clicked === null || target.dataset.testid !== "player-video") return;
    const since = clicked;
    clicked = null;
    target.requestVideoFrameCallback((now) => window.clicks_.push(now - since));
  }, true);
}"""


class FarSystem(DemoSystem):
    """The demonstration, whose browser and box reach the hub through lines."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, free_port(), free_port(), progress=lambda _: None)
        self.near = State.load(folder / "state.json", CAMERAS).ports
        self.browser_hub, self.browser_relay = free_port(), free_port()
        self.box_broker, self.box_relay = free_port(), free_port()

    @contextmanager
    def lines(self, browser_ms: float, box_ms: float) -> Iterator[None]:
        """The lines while they are open; the box comes back by itself when they are opened anew."""
        with ExitStack() as stack:
            for port, target, delay_ms in (
                (self.browser_hub, self.hub_port, browser_ms),
                (self.browser_relay, self.near.relay, browser_ms),
                (self.box_broker, self.near.broker, box_ms),
                (self.box_relay, self.near.relay, box_ms),
            ):
                stack.enter_context(_line(self.folder, port, target, delay_ms))
            yield

    def _make_hub_env(self, postgres: Postgres, redis: Redis, objects: ObjectStore) -> dict[str, str]:
        return {
            **super()._make_hub_env(postgres, redis, objects),
            "GTV_BROKER_PUBLIC_PORT": str(self.box_broker),
            "GTV_PUBLIC_URL": f"http://localhost:{self.browser_hub}",
            "GTV_RELAY_URL": f"http://localhost:{self.box_relay}",
        }

    def _enrolled_port(self) -> int | None:
        return None  # a new folder


def _line(folder: Path, port: int, target: int, delay_ms: float) -> OwnedProcess:
    return OwnedProcess(
        "far-line",
        [sys.executable, "-m", "bench.far_line", str(port), str(target), str(delay_ms)],
        log=folder / "logs" / "far-line.log",
        ready=lambda: accepts_connections(port),
    )


@contextmanager
def plate_search(system: FarSystem) -> Iterator[Page]:
    """A logged-in gestor before the plate reads. The relay, which box and browser know by one address, is
    reached by the browser through its own line."""
    arguments = [
        "--autoplay-policy=no-user-gesture-required",
        f"--host-resolver-rules=MAP localhost:{system.box_relay} localhost:{system.browser_relay}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    chromium = require_program("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=arguments)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="pt-BR")
        page.goto(f"http://localhost:{system.browser_hub}")
        page.get_by_label("Usuário").fill("gestor")
        page.get_by_label("Senha", exact=True).fill(system.password)
        page.get_by_role("button", name="Entrar").click()
        expect(page.get_by_test_id("plate-row").nth(FIRST_ROW + ROWS)).to_be_visible(timeout=120_000)
        page.get_by_test_id("plate-row").nth(FIRST_ROW).click()
        page.get_by_label("Finalidade").fill("medição")
        page.get_by_role("button", name="Ver a leitura").click()
        page.keyboard.press("Escape")
        page.evaluate(_NOTE)
        yield page
        browser.close()


def plays(system: FarSystem) -> bool:
    """Whether the box answers through the lines as they are now."""
    with httpx.Client(base_url=f"{system.hub_url}/api/v1", timeout=20) as client:
        login = {"username": "gestor", "password": system.password}
        client.headers["Authorization"] = f"Bearer {client.post('/auth/login', json=login).json()['access']}"
        reads = client.get("/plate-reads").json()["results"]
        if len(reads) <= FIRST_ROW + ROWS:
            return False
        read = reads[FIRST_ROW]
        start = datetime.fromisoformat(read["captured_at"])
        period = {"start": start.isoformat(), "end": (start + timedelta(seconds=2)).isoformat()}
        answer = client.post("/relay-sessions", json={"camera": read["camera"]["id"], **period})
        if not answer.is_success:
            return False
        session = answer.json()
        playlist = httpx.get(session["playlist_url"], timeout=20)
        client.delete(f"/relay-sessions/{session['id']}")
        return playlist.is_success


def measure(page: Page, clicks: int) -> Iterator[float]:
    rows = page.get_by_test_id("plate-row")
    for click in range(clicks):
        page.evaluate("window.clicks_.length = 0")
        rows.nth(FIRST_ROW + click % ROWS).click()
        page.get_by_test_id("read-recording").click()
        eventually(lambda: page.evaluate("window.clicks_.length") == 1, what="a frame after the click")
        yield float(page.evaluate("window.clicks_[0]"))
        page.keyboard.press("Escape")  # the recording
        page.keyboard.press("Escape")  # the read
        page.wait_for_timeout(PAUSE_MS)


def main(
    clicks: Annotated[int, typer.Option(help="Clicks measured for each pair of lines.")] = 20,
    delay_ms: Annotated[float, typer.Option(help="Added each way to a far line.")] = 50,
    both_only: Annotated[bool, typer.Option(help="Only with both lines far, as the budget has it.")] = False,
) -> None:
    """Measure; the table goes to standard output."""
    print(f"{versions()}\n", flush=True)
    print("| browser's line | box's line | clicks | p50 | p95 | max |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="gtv-bench-") as folder, ExitStack() as stack:
        system = FarSystem(Path(folder))
        with system.lines(0, 0):
            stack.enter_context(system)
            eventually(lambda: plays(system), within_s=120, what="the box answers")
        nearer = [] if both_only else [(0.0, 0.0), (delay_ms, 0.0), (0.0, delay_ms)]
        for browser_ms, box_ms in [*nearer, (delay_ms, delay_ms)]:
            with system.lines(browser_ms, box_ms):
                eventually(lambda: plays(system), within_s=120, what="the box answers")
                with plate_search(system) as page:
                    list(measure(page, 2))  # the player's code is loaded at the first
                    times = list(measure(page, clicks))
            p50, p95 = np.percentile(times, [50, 95])
            lines = f"{browser_ms:.0f} ms | {box_ms:.0f} ms"
            print(f"| {lines} | {clicks} | {p50:.0f} ms | {p95:.0f} ms | {max(times):.0f} ms |", flush=True)


if __name__ == "__main__":
    typer.run(main)
