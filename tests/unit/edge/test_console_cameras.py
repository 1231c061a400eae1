"""A gestor finds, tests, adds and removes cameras at the console; nobody else, and no password comes back."""

import httpx
import msgspec
import pytest

from edge_agent.box import Box
from edge_agent.cameras.tester import TESTS_AT_ONCE
from tests.unit.edge.builders import desired_state
from tests.unit.edge.console_rig import ANA, CAMERAS

NEW = {
    "name": "Portão",
    "rtsp_url": "rtsp://10.0.0.77/main",
    "sub_rtsp_url": "rtsp://10.0.0.77/sub",
    "username": "admin",
    "password": "h1dden/@",
}
ROUTES = [
    ("POST", "/api/discovery", {"address": "10.0.0.1"}),
    ("POST", "/api/discovery/device", {"address": "10.0.0.1"}),
    ("POST", "/api/cameras/test", NEW),
    ("POST", "/api/cameras", NEW),
    ("GET", "/api/cameras/local", None),
    ("DELETE", "/api/cameras/cam1", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_a_guard_may_look_but_not_change(
    guard: httpx.AsyncClient, visitor: httpx.AsyncClient, box: Box, method: str, path: str, body: object
) -> None:
    viewer = msgspec.structs.replace(ANA, role="visualizador")
    box.desired.receive(desired_state(2, cameras=CAMERAS, users=[viewer]))
    assert (await guard.request(method, path, json=body)).status_code == 403
    visitor.cookies.clear()
    assert (await visitor.request(method, path, json=body)).status_code == 401


async def test_an_added_camera_is_listed_and_its_password_is_in_no_answer(
    guard: httpx.AsyncClient, box: Box
) -> None:
    answer = await guard.post("/api/cameras", json=NEW)
    assert answer.status_code == 201, answer.text
    camera_id = answer.json()["id"]
    camera = box.desired.camera(camera_id)
    assert camera is not None
    assert camera.rtsp_url == "rtsp://admin:h1dden%2F%40@10.0.0.77/main"
    assert camera.sub_rtsp_url == "rtsp://admin:h1dden%2F%40@10.0.0.77/sub"
    listed = await guard.get("/api/cameras/local")
    assert [one["rtsp_url"] for one in listed.json()] == ["rtsp://10.0.0.77/main"]
    again = await guard.post("/api/cameras", json=NEW)
    assert again.status_code == 409
    assert "já está cadastrado" in again.json()["detail"]
    assert "h1dden" not in answer.text + listed.text + again.text
    assert (await guard.delete(f"/api/cameras/{camera_id}")).status_code == 204
    assert box.desired.camera(camera_id) is None


async def test_a_camera_of_the_hub_is_not_removed_here(guard: httpx.AsyncClient, box: Box) -> None:
    answer = await guard.delete("/api/cameras/cam1")
    assert answer.status_code == 409
    assert "central" in answer.json()["detail"]
    assert box.desired.camera("cam1")


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://127.0.0.1:9/x",
        "rtsp://localhost/x",
        "rtsp://169.254.169.254/latest",
        "rtsp://8.8.8.8/x",
        "http://10.0.0.1/x",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("path", ["/api/cameras/test", "/api/cameras"])
async def test_the_box_calls_only_cameras_of_the_local_network(
    guard: httpx.AsyncClient, box: Box, monkeypatch: pytest.MonkeyPatch, path: str, url: str
) -> None:
    monkeypatch.delenv("GTV_ALLOW_LOOPBACK_CAMERAS", raising=False)
    answer = await guard.post(path, json={**NEW, "rtsp_url": url})
    assert answer.status_code == 400
    assert box.desired.local_cameras() == []


async def test_a_test_says_what_is_wrong_and_hides_the_password(
    guard: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GTV_ALLOW_LOOPBACK_CAMERAS", "1")
    answer = await guard.post("/api/cameras/test", json={**NEW, "rtsp_url": "rtsp://127.0.0.1:1/x"})
    assert answer.status_code == 200
    assert answer.json()["ok"] is False
    assert answer.json()["verdict"].startswith("A câmera recusou a conexão")
    assert "h1dden" not in answer.text


async def test_a_few_tests_run_at_a_time(guard: httpx.AsyncClient, box: Box) -> None:
    box.tester._running["test"] = TESTS_AT_ONCE
    answer = await guard.post("/api/cameras/test", json={**NEW, "rtsp_url": "rtsp://10.0.0.77/x"})
    assert answer.status_code == 409
    assert "andamento" in answer.json()["detail"]
