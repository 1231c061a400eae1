"""A camera that checks its password digest is asked by ONVIF, also when its clock is hours off."""

import asyncio

import pytest

from demo.onvif_device import OnvifDevice, OnvifSpec, VideoProfile
from demo.ports import LOOPBACK
from demo.rtsp_server.auth import Login
from edge_agent.cameras.onvif import WrongPassword, ask_device

PROFILES = (
    VideoProfile("sub", "rtsp://10.0.0.9/sub", 320, 180),
    VideoProfile("main", "rtsp://10.0.0.9/main", 640, 360),
)


@pytest.mark.parametrize("ahead_s", [0.0, 7200.0, -86_400.0])
def test_the_right_password_is_accepted_whatever_the_cameras_clock_says(ahead_s: float) -> None:
    spec = OnvifSpec(PROFILES, login=Login("admin", "s3nha"), clock_ahead_s=ahead_s)
    with OnvifDevice(spec) as device:
        facts = asyncio.run(ask_device(LOOPBACK, device.port, "admin", "s3nha"))
        with pytest.raises(WrongPassword):
            asyncio.run(ask_device(LOOPBACK, device.port, "admin", "wrong"))
    assert (facts.main_url, facts.sub_url) == (f"rtsp://{LOOPBACK}/main", f"rtsp://{LOOPBACK}/sub")
    assert facts.clock_difference_s == pytest.approx(ahead_s, abs=3)
    assert any("relógio" in note for note in facts.notes) == (ahead_s != 0)
