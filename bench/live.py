"""Glass-to-glass delay of live video by WebRTC, in a real browser.

A simulated camera burns its clock into the picture; the box and Chromium run on
the same machine, so the difference to the browser's clock at the moment a frame
is presented is the whole delay: encoder, RTSP, box, WebRTC, decoder, compositor.
"""

import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

import httpx
import numpy as np

from demo.cameras import CameraSpec, SimulatedCameras
from tests.integration.edge.browser import console_page, glass_delays, watch
from tests.integration.edge.rig import LPR_SECRET, NODE, BoxProcess, Pki, camera, desired, eventually

SECONDS = 30
#: The first frames are the burst of the current group of pictures: older by design.
SETTLE_S = 3.0


def main() -> None:
    print("| run | engine | frames | p50 | p95 | max | first frame after click |")
    print("|---|---|---|---|---|---|---|")
    specs = [CameraSpec("street", "Praça", "cam1", LPR_SECRET)]
    with tempfile.TemporaryDirectory() as folder, SimulatedCameras(specs) as cameras:
        pki = Pki(Path(folder))
        pki.issue("node", str(NODE))
        for engine in engines():
            options = ("--mediamtx", "off" if engine == "embedded" else "auto")
            state = desired(1, camera("cam1", cameras.rtsp_port, "street"))
            box = BoxProcess(Path(folder) / engine, pki, state, options=options)
            with box.process, box.log_in() as client:
                eventually(partial(shows_live, client, engine), what=f"live by {engine}")
                for run in range(1, 4):
                    print(f"| {run} | {engine} | {measure(box)} |", flush=True)


def engines() -> list[str]:
    return ["embedded", *(["mediamtx"] if shutil.which("mediamtx") else [])]


def shows_live(client: httpx.Client, engine: str) -> bool:
    online = client.get("/api/cameras").json()[0]["state"] == "online"
    return online and client.get("/api/cameras/cam1/live").json().get("engine") == engine


def measure(box: BoxProcess) -> str:
    with console_page(box.console_url) as page:
        clicked = time.monotonic()
        watch(page, "cam1")
        eventually(lambda: page.evaluate("window.frames_.length") > 0, what="a frame")
        first_s = time.monotonic() - clicked
        page.wait_for_timeout(SETTLE_S * 1000)
        page.evaluate("window.frames_.length = 0")
        page.wait_for_timeout(SECONDS * 1000)
        delays = np.array(glass_delays(page)) * 1000
    p50, p95 = np.percentile(delays, [50, 95])
    return f"{len(delays)} | {p50:.0f} ms | {p95:.0f} ms | {delays.max():.0f} ms | {first_s:.2f} s"


if __name__ == "__main__":
    main()
