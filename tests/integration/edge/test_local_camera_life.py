"""A camera added by a technician at a running box is recorded at once, offered, and adopted."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from demo.cameras import SimulatedCameras
from demo.engines import free_port
from demo.media_files import Media, make_media
from demo.ports import LOOPBACK
from demo.rtsp_server import Login, LoopedFile, RtspCameras
from edge_agent.cameras.domain import without_credentials
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


def run(box: BoxProcess, *argv: str, password: str = "") -> "subprocess.CompletedProcess[str]":
    command = [str(box.argv()[0]), "edge", *argv, "--data-dir", str(box.root)]
    env = {**os.environ, "GTV_CAMERA_PASSWORD": password} if password else None
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)


def gtv(box: BoxProcess, *argv: str, password: str = "") -> str:
    done = run(box, *argv, password=password)
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


@pytest.mark.req("S4.1")
def test_a_technicians_typo_is_said_and_mended_without_internet(pki: Pki, tmp_path: Path) -> None:
    video = LoopedFile(make_media(tmp_path / "street.mov", Media(audio="aac")))
    box = BoxProcess(tmp_path / "box", pki, desired(1), free_port())
    with RtspCameras({"street": video}, login=Login("admin", RTSP_PASSWORD)) as street, box.process:
        right = without_credentials(street.url("street"))

        def listed() -> list[dict[str, object]]:
            return list(json.loads(gtv(box, "camera", "list", "--json")))

        def refused(*argv: str, password: str) -> str:
            done = run(box, "camera", *argv, password=password)
            assert done.returncode == 1, done.stdout + done.stderr
            return done.stderr

        add = ("--name", "Portão", "--user", "admin")
        said = refused("add", right, *add, password="errada")
        assert "A câmera recusou o usuário ou a senha." in said and "Nada foi adicionado" in said
        assert "não existe na câmera" in refused("add", f"{right}x", *add, password=RTSP_PASSWORD)
        assert listed() == []

        gtv(box, "camera", "add", f"{right}x", *add, "--no-test", password="errada")
        camera_id = str(listed()[0]["id"])
        said = refused("set", camera_id, "--url", right, password="outra")
        assert "recusou o usuário ou a senha" in said and "Nada foi mudado" in said
        gtv(box, "camera", "set", camera_id, "--url", right, "--name", "Pátio", password=RTSP_PASSWORD)
        eventually(lambda: listed()[0]["state"] == "online", what="recorded at once after the correction")
        assert (listed()[0]["name"], listed()[0]["rtsp_url"]) == ("Pátio", right)
        assert "Som: AAC." in gtv(box, "camera", "test", camera_id)
        gtv(box, "camera", "remove", camera_id)
        assert listed() == []
    assert RTSP_PASSWORD not in box.log_text()
