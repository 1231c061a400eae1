"""A guard's page with recordings on it, each read by the clock burned into its pictures."""

from datetime import UTC, datetime, timedelta

import numpy as np
from playwright.sync_api import Page

from demo.clock_strip import CELLS, read_clock
from tests.integration.edge.rig import BoxProcess, clocks, eventually, fetch_media

NO_WEBRTC = "window.RTCPeerConnection = function () { throw new Error('blocked'); };"
#: The 64 cells of the clock of each recording on screen, in one instant of the page; null without a picture.
_CELLS = f"""() => [...document.querySelectorAll("[data-testid=player-video]")].map((video) => {{
  if (video.readyState < 2 || !video.videoWidth) return null;
  const canvas = document.createElement("canvas");
  const width = (canvas.width = video.videoWidth);
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  const row = context.getImageData(0, Math.round(video.videoHeight / 72), width, 1).data;
  return Array.from({{length: {CELLS}}}, (_, cell) => row[4 * Math.floor((cell + 0.5) * width / {CELLS})]);
}})"""


def footage_since(box: BoxProcess, camera: str, seconds: float) -> datetime:
    """When footage began of which there are so many seconds by now."""
    with box.log_in() as client:

        def began() -> datetime | None:
            now = datetime.now(UTC)
            period = {"start": (now - timedelta(hours=1)).isoformat(), "end": now.isoformat()}
            spans = client.get(f"/api/cameras/{camera}/timeline", params=period).json()["spans"]
            if not spans:
                return None
            first, last = (datetime.fromisoformat(spans[-1][edge]) for edge in ("start", "end"))
            return first if last - first > timedelta(seconds=seconds) else None

        return eventually(began, within_s=60, what="footage")


def recorded_clocks(box: BoxProcess, camera: str, start: datetime, seconds: float) -> list[float]:
    """The camera's clock in each picture that was recorded, whatever a player makes of them."""
    with box.log_in() as client:
        period = {"start": start.isoformat(), "end": (start + timedelta(seconds=seconds)).isoformat()}
        answer = client.get(f"/api/cameras/{camera}/playback.m3u8", params=period)
        return clocks(fetch_media(client, answer.url.path, answer.text))


def open_recording(page: Page, box: BoxProcess, at: datetime, camera: str = "cam1") -> None:
    page.goto(f"{box.console_url}/?camera={camera}&desde={at.isoformat().replace('+00:00', 'Z')}")


def picture_clocks(page: Page) -> list[float | None]:
    """The cameras' clocks in the pictures on screen at one instant, Unix seconds."""
    return [None if cells is None else _clock(cells) for cells in page.evaluate(_CELLS)]


def picture_clock(page: Page) -> float | None:
    """As `picture_clocks`, of the only recording."""
    clocks = picture_clocks(page)
    return clocks[0] if clocks else None


def _clock(cells: list[int]) -> float | None:
    return read_clock(np.repeat(np.array(cells, np.uint8), 10)[None, :, None].repeat(360, 0).repeat(3, 2))


def seek(page: Page, at: datetime) -> None:
    page.get_by_label("Posição na gravação").evaluate(
        """(bar, value) => {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(bar, value);
            bar.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        str(int(at.timestamp() * 1000)),
    )


def shows(page: Page, at: datetime) -> bool:
    clock = picture_clock(page)
    return clock is not None and abs(clock - at.timestamp()) < 1.5


def still_picture_clock(page: Page) -> float:
    """The clock of a picture that has come to rest: what leads to it may come as a burst."""

    def at_rest() -> float | None:
        clock = picture_clock(page)
        page.wait_for_timeout(300)
        return clock if clock == picture_clock(page) else None

    return eventually(at_rest, what="a picture at rest")
