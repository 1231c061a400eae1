"""The line of a box to the hub: videos take what it has and no more, however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from redis import Redis as Client
from rest_framework.test import APIClient

from central_hub.audit.models import AuditEntry
from central_hub.cities.models import Camera
from central_hub.fleet.models import NodeState
from central_hub.streaming.models import CameraStream, LiveSession, RelaySession
from demo.engines import Redis
from tests.integration.hub.box import Box
from tests.integration.hub.conftest import Login, World

LIVE, PLAYBACK = "/api/v1/live-sessions", "/api/v1/relay-sessions"
LINE = "/api/v1/nodes/vale-verde/caixa-01/line"


@pytest.fixture
def online(world: World, box: Box) -> World:
    """Three cameras of 4 Mbit/s, each with a second stream."""
    for name in ("Ponte", "Praça"):
        world.add_camera(world.city, world.node, name)
    NodeState.objects.filter(node=world.node).update(online=True)
    mine = Camera.objects.filter(city=world.city)
    mine.update(sub_rtsp_url="rtsp://10.0.0.9/sub")
    for camera in mine:
        measured = {"bitrate_bps": 4_000_000, "video_codec": "h264"}
        CameraStream.objects.create(camera=camera, state="online", at=timezone.now(), measured=measured)
    return world


@pytest.fixture
def cameras(online: World) -> list[str]:
    return [str(camera.pk) for camera in Camera.objects.filter(city=online.city).order_by("name")]


def live(camera: str, quality: str = "main") -> dict[str, Any]:
    return {"camera": camera, "quality": quality}


def minute(camera: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {"camera": camera, "start": (now - timedelta(minutes=1)).isoformat(), "end": now.isoformat()}


def test_a_full_line_refuses_in_words_and_takes_again_what_fits(
    online: World, login: Login, cameras: list[str]
) -> None:
    client = login(online.viewer)
    first, second, third = cameras
    opened = client.post(LIVE, live(first), format="json").json()
    assert client.post(PLAYBACK, minute(second), format="json").status_code == 201
    for refused in (
        client.post(LIVE, live(third), format="json"),
        client.post(PLAYBACK, minute(third), format="json"),
    ):
        assert refused.status_code == 409
        assert refused.json()["type"] == "urn:gtv:problem:line-full"
        assert "8,0 de 10,0 Mbit/s" in refused.json()["detail"]
    assert client.post(LIVE, live(third, "sub"), format="json").status_code == 201
    assert login(online.gestor).post(LIVE, live(first), format="json").status_code == 201, (
        "it is there already"
    )
    for session in LiveSession.objects.filter(camera_id=first):
        who = login(session.requester)
        assert who.delete(f"{LIVE}/{session.pk}").status_code == 204
    assert opened["id"]
    assert client.post(LIVE, live(third), format="json").status_code == 201
    assert AuditEntry.objects.filter(action="live").count() == 4, "what was refused was not seen"


def test_what_nobody_watches_any_more_takes_nothing_of_the_line(
    online: World, login: Login, cameras: list[str], redis_server: Redis
) -> None:
    client = login(online.viewer)
    for body in map(minute, cameras[:2]):
        client.post(PLAYBACK, body, format="json")
    assert line_of(client) == {"limit_kbps": 10_000, "is_default": True, "used_kbps": 8_000}
    RelaySession.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    watched = RelaySession.objects.filter(camera_id=cameras[0]).get()
    Client.from_url(redis_server.url).set(f"gtv:relay:watched:{watched.pk}", "1")
    assert client.get(LINE).json()["used_kbps"] == 4_000


def test_the_line_holds_when_many_ask_at_once(online: World, login: Login, cameras: list[str]) -> None:
    def ask(camera: str) -> int:
        try:
            return login(online.viewer).post(LIVE, live(camera), format="json").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(ask, cameras * 2))
    taken = set(LiveSession.objects.values_list("camera_id", flat=True))
    assert len(taken) == 2, "8 of 10 Mbit/s"
    assert sorted(set(statuses)) == [201, 409]


def test_who_governs_a_city_sets_the_line_of_its_box(online: World, login: Login, cameras: list[str]) -> None:
    gestor = login(online.gestor)
    assert login(online.viewer).put(LINE, {"limit_kbps": 50_000}, format="json").status_code == 403
    assert login(online.other_gestor).put(LINE, {"limit_kbps": 50_000}, format="json").status_code == 404
    assert gestor.put(LINE, {"limit_kbps": 1}, format="json").status_code == 400
    seen = f'"{gestor.get(LINE).json()["etag"]}"'
    assert gestor.put(LINE, {"limit_kbps": 50_000}, format="json", HTTP_IF_MATCH=seen).status_code == 200
    assert gestor.put(LINE, {"limit_kbps": 1_000}, format="json", HTTP_IF_MATCH=seen).status_code == 412
    assert line_of(gestor) == {"limit_kbps": 50_000, "is_default": False, "used_kbps": 0}
    assert AuditEntry.objects.get(action="line-changed").details["limit_kbps"] == 50_000
    for camera in cameras:
        assert gestor.post(LIVE, live(camera), format="json").status_code == 201
    assert gestor.put(LINE, {"limit_kbps": None}, format="json").status_code == 200
    assert line_of(gestor) == {
        "limit_kbps": 10_000,
        "is_default": True,
        "used_kbps": 12_000,
    }


def line_of(client: APIClient) -> dict[str, Any]:
    line = dict(client.get(LINE).json())
    assert line.pop("etag")
    return line
