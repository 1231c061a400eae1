"""A camera added by a technician at a running box is recorded at once, offered, and adopted."""

import json
import subprocess
from pathlib import Path

import pytest

from demo.cameras import SimulatedCameras
from demo.engines import free_port
from demo.ports import LOOPBACK
from protocol.messages import CameraAdded, DesiredCamera, decode_event
from protocol.topics import Stream
from tests.integration.edge.rig import (
    RTSP_PASSWORD,
    BoxProcess,
    HubClient,
    Pki,
    desired,
    eventually,
    make_broker,
)


def gtv(box: BoxProcess, *argv: str) -> str:
    command = [str(box.argv()[0]), "edge", *argv, "--data-dir", str(box.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.req("S4.1")
def test_from_the_technicians_command_to_the_hubs_camera(
    pki: Pki, cameras: SimulatedCameras, tmp_path: Path
) -> None:
    port = free_port()
    broker = make_broker(pki, tmp_path / "broker", port)
    box = BoxProcess(tmp_path / "box", pki, desired(1), port)
    with box.process, box.log_in() as guard:
        url = f"rtsp://admin:{RTSP_PASSWORD}@{LOOPBACK}:{cameras.rtsp_port}/street"
        camera_id = gtv(box, "camera", "add", url, "--name", "Portão").split()[-1]

        def shown() -> dict[str, object]:
            (one,) = json.loads(gtv(box, "camera", "list", "--json"))
            return dict(one)

        eventually(lambda: shown()["state"] == "online", what="recorded with no hub at all")
        assert shown()["added_here"]
        assert [one["name"] for one in guard.get("/api/cameras").json()] == ["Portão"]
        with broker:
            hub = HubClient(pki, port)
            try:
                (event,) = eventually(lambda: list(hub.events[Stream.CAMERA_ADDED].values()))
                added = decode_event(event, CameraAdded)
                assert (added.id, added.name) == (camera_id, "Portão")
                assert RTSP_PASSWORD not in event.decode()
                adopted = DesiredCamera(id=added.id, name="Portão da escola", rtsp_url=added.rtsp_url)
                hub.send(Stream.DESIRED, desired(2, adopted), retain=True)
                eventually(lambda: not shown()["added_here"], what="the local copy dropped")
                assert shown()["name"] == "Portão da escola"
                eventually(
                    lambda: shown()["state"] == "online", what="still recorded, by the password typed here"
                )
            finally:
                hub.close()
    assert RTSP_PASSWORD not in box.log_text()
