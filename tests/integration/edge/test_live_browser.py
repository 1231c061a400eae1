"""Live by WebRTC in a real browser: fresh pictures, and a viewer who leaves is forgotten."""

import httpx
import numpy as np
import pytest

from tests.integration.edge.browser import console_page, glass_delays, watch
from tests.integration.edge.rig import BoxProcess, eventually


@pytest.mark.req("S4.5")
def test_a_browser_shows_what_the_camera_saw_half_a_second_ago(box: BoxProcess) -> None:
    with box.log_in() as client:
        eventually(lambda: client.get("/api/cameras").json()[0]["state"] == "online", what="camera online")
    with console_page(box.console_url) as page:
        answer = watch(page, "cam1")
        assert answer["status"] == httpx.codes.CREATED, answer
        eventually(lambda: len(glass_delays(page)) > 60, what="frames in the browser")
        assert page.evaluate("window.video_.currentTime") > 0
        assert np.median(glass_delays(page)[-30:]) < 0.5
        page.evaluate("(resource) => fetch(resource, {method: 'DELETE'})", answer["resource"])
        eventually(
            lambda: page.evaluate("window.peer_.connectionState") != "connected",
            what="the box ends the connection",
        )
