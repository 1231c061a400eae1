"""A guard who opens the console after something went wrong is told of it."""

import pytest
from playwright.sync_api import expect

from tests.integration.edge.browser import console_page
from tests.integration.edge.rig import BoxProcess, eventually


@pytest.mark.req("E4")
def test_a_camera_that_was_lost_before_the_console_opened_is_an_alarm_on_its_last_line(
    box: BoxProcess,
) -> None:
    eventually(lambda: "camera_offline" in box.log_text(), what="the camera whose address is wrong")
    with console_page(box.console_url) as page:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(box.console_url)
        alarms = page.get_by_test_id("alarms")
        expect(alarms).to_be_visible()
        alarms.click()
        expect(page.get_by_test_id("alarm-row").filter(has_text="Câmera cam2")).to_be_visible()
