"""A real browser that watches a box by WebRTC and reads the clock in each picture it shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from demo.clock_strip import CELLS, read_clock
from demo.programs import require_program
from edge_agent.console.auth import COOKIE
from tests.integration.edge.rig import PASSWORD, USER

#: Watches `whep`, and notes for each shown frame when it is on the glass and the 64 cells of its clock.
_WATCH = """
async (whep) => {
  const peer = new RTCPeerConnection();
  const video = document.createElement("video");
  video.muted = true;
  document.body.append(video);
  const transceiver = peer.addTransceiver("video", {direction: "recvonly"});
  peer.ontrack = (event) => { video.srcObject = new MediaStream([event.track]); video.play(); };
  await peer.setLocalDescription(await peer.createOffer());
  const answer = await fetch(whep, {
    method: "POST", headers: {"Content-Type": "application/sdp"}, body: peer.localDescription.sdp,
  });
  if (answer.status !== 201) return {status: answer.status, text: await answer.text()};
  await peer.setRemoteDescription({type: "answer", sdp: await answer.text()});
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", {willReadFrequently: true});
  window.frames_ = [];
  window.peer_ = peer;
  window.video_ = video;
  const note = (now, {expectedDisplayTime}) => {
    const width = (canvas.width = video.videoWidth);
    const y = Math.round(video.videoHeight / 72);
    context.drawImage(video, 0, 0);
    const row = context.getImageData(0, y, width, 1).data;
    const cells = Array.from({length: CELLS}, (_, cell) => row[4 * Math.floor((cell + 0.5) * width / CELLS)]);
    window.frames_.push([performance.timeOrigin + Math.max(performance.now(), expectedDisplayTime), cells]);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  return {status: 201, resource: answer.headers.get("Location")};
}
""".replace("CELLS", str(CELLS))


@contextmanager
def console_page(console_url: str, touch: bool = False) -> Iterator[Page]:
    """A page on the console's origin, logged in; `touch`: on a screen that is touched."""
    with _chromium("no-user-gesture-required") as browser:
        page = browser.new_page(ignore_https_errors=True, has_touch=touch, is_mobile=touch)
        page.goto(f"{console_url}/api/me")
        credentials = json.dumps({"username": USER.username, "password": PASSWORD})
        page.evaluate(
            """(body) => fetch("/api/auth/login",
                {method: "POST", headers: {"Content-Type": "application/json"}, body})""",
            credentials,
        )
        yield page


@contextmanager
def untouched_page(console_url: str, session: str) -> Iterator[Page]:
    """As a guard opens it whose session (the cookie) goes on: silent until it is clicked."""
    with _chromium("document-user-activation-required") as browser:
        context = browser.new_context(ignore_https_errors=True)
        context.add_cookies([{"name": COOKIE, "value": session, "url": console_url}])
        yield context.new_page()


@contextmanager
def _chromium(autoplay: str) -> Iterator[Browser]:
    chromium = require_program("chromium", "chromium")
    arguments = ["--no-sandbox", f"--autoplay-policy={autoplay}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=arguments)
        yield browser
        browser.close()


def watch(page: Page, camera: str) -> dict[str, Any]:
    """Start watching; the WHEP answer's status and resource."""
    answer: dict[str, Any] = page.evaluate(f"""async () => {{
        const live = await (await fetch("/api/cameras/{camera}/live")).json();
        return await ({_WATCH})(live.qualities[0].whep_url);
    }}""")
    return answer


def glass_delays(page: Page) -> list[float]:
    """Seconds from the camera's clock to the glass, of each frame shown so far."""
    shown = page.evaluate("window.frames_")
    delays = []
    for at_ms, cells in shown:
        picture = np.repeat(np.array(cells, np.uint8), 10)[None, :, None].repeat(360, 0).repeat(3, 2)
        clock = read_clock(picture)
        if clock is not None:
            delays.append(at_ms / 1000 - clock)
    return delays
