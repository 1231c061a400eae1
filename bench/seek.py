"""From a click on the console's timeline to the picture of that moment, over a month of footage.

A box holds a month of one camera (one real minute of 720p video, once for each minute: 43,200 files that
are hard links) beside the index of others. Chromium shows the console with the month on its timeline; a
click anywhere is measured until the first frame of that moment is on the screen. Cold: before each click
the recording and the index are pushed out of the page cache, as after a night in which nobody looked.
"""

import dataclasses
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from msgspec.structs import replace
from playwright.sync_api import Page

from bench.edge import FULL, versions
from bench.index import DAY_US, DAYS, MINUTE_US, fill_month
from demo.media_files import make_media
from edge_agent.clock import now_us, to_datetime
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import recover
from edge_agent.recording.session import segment_path
from edge_agent.store import Store
from tests.integration.edge.browser import console_page
from tests.integration.edge.rig import NODE, BoxProcess, Pki, camera, desired, eventually
from tests.unit.edge.builders import record

CAMERA = "cam1"
OTHERS = 20
#: A person's clicks: faster ones are refused (console.limits).
PAUSE_MS = 1500

#: Notes how long each click on the timeline took to the first frame of what it asked for, in milliseconds.
_NOTE = """() => {
  window.seeks_ = [];
  let clicked = null;
  document.addEventListener("pointerup", (event) => {
    if (event.target.closest("[data-testid=timeline]")) clicked = event.timeStamp;
  }, true);
  document.addEventListener("emptied", ({target}) => {  // the player lets go of what it showed
    if (clicked === null) return;
    const since = clicked;
    clicked = null;
    target.requestVideoFrameCallback((now) => window.seeks_.push(now - since));
  }, true);
}"""


def fill(root: Path, start_us: int) -> list[Path]:
    """A month of one camera, on disk and in the index, and the index of others; what a seek reads."""
    store = Store(root / "edge.db")
    index = RecordingIndex(store, root / "recordings", HealthBoard(store))
    minute = root / "recordings" / CAMERA / "minute" / f"{start_us}.mp4"
    record(make_media(root / "minute.mov", dataclasses.replace(FULL, seconds=60)), minute)
    segment = recover(minute, f"{CAMERA}/minute/{start_us}.mp4")
    assert segment is not None
    fill_month(store, CAMERA, segment, start_us)
    for number in range(
        OTHERS
    ):  # they have no files, so not since the last start, when it is looked for them
        fill_month(store, f"other{number}", segment, start_us - 3 * DAY_US)
    index.ensure_coverage(anew=True)
    for at_us in range(start_us, start_us + DAYS * DAY_US, MINUTE_US):
        file = index.folder / segment_path(CAMERA, at_us)
        file.parent.mkdir(exist_ok=True)
        os.link(minute, file)
    minute.unlink()
    index.note_repaired(now_us())
    store.close()
    return [file, root / "edge.db"]


def measure(page: Page, cold: list[Path], clicks: int) -> Iterator[float]:
    rng = random.Random(4)  # noqa: S311 - the same moments in every run
    bar = page.get_by_test_id("timeline").bounding_box()
    assert bar is not None
    for _ in range(clicks):
        for file in cold:
            forget(file)
        page.evaluate("window.seeks_.length = 0")
        # Not the last day, which is still being repaired and recorded.
        page.mouse.click(bar["x"] + bar["width"] * rng.uniform(0.01, 0.95), bar["y"] + bar["height"] / 2)
        eventually(lambda: page.evaluate("window.seeks_.length") == 1, what="a frame after the click")
        yield float(page.evaluate("window.seeks_[0]"))
        page.mouse.move(10, 10)
        page.wait_for_timeout(PAUSE_MS)


def forget(file: Path) -> None:
    """Push a file out of the page cache."""
    with file.open("rb") as opened:
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main(
    clicks: Annotated[int, typer.Option(help="Clicks measured, warm and again cold.")] = 40,
    folder: Annotated[Path | None, typer.Option(help="Where the box records; a disk like a box's.")] = None,
) -> None:
    """Measure; the table goes to standard output."""
    print(f"{versions()}\n", flush=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="gtv-bench-") as made:
        pki = Pki(Path(made))
        pki.issue("node", str(NODE))
        state = replace(desired(1, camera(CAMERA, 1, "away")), retention_days=DAYS + 5)
        box = BoxProcess(Path(made) / "box", pki, state)
        begin_us = now_us() // MINUTE_US * MINUTE_US - DAYS * DAY_US
        cold = fill(box.root, begin_us)
        print("| page cache | clicks | p50 | p95 | max |\n|---|---|---|---|---|")
        with box.process, console_page(box.console_url) as page:
            page.set_viewport_size({"width": 1366, "height": 768})
            moment = to_datetime(begin_us + DAY_US).isoformat().replace("+00:00", "Z")
            page.goto(f"{box.console_url}/?camera={CAMERA}&desde={moment}")
            page.locator("video").wait_for()
            eventually(lambda: page.evaluate("document.querySelector('video').currentTime > 0"))
            page.get_by_role("button", name="30 dias").click()
            page.get_by_role("button", name="Agora").click()
            page.evaluate(_NOTE)
            list(measure(page, [], 3))  # the player's code is loaded at the first
            for name, files in (("warm", []), ("cold", cold)):
                times = list(measure(page, files, clicks))
                p50, p95 = np.percentile(times, [50, 95])
                print(
                    f"| {name} | {clicks} | {p50:.0f} ms | {p95:.0f} ms | {max(times):.0f} ms |", flush=True
                )


if __name__ == "__main__":
    typer.run(main)
