"""No user sees a city that is not theirs: every endpoint there is, walked as a stranger and as nobody."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from central_hub.cities import services as cities
from central_hub.fleet import orders
from central_hub.fleet.models import NodeAlarm, NodeState
from central_hub.ingest import services as ingest
from central_hub.lpr import access, alerts, exports, privacy, saved, services, watchlist
from central_hub.lpr.models import PlateRead
from central_hub.streaming import clips
from central_hub.streaming import services as streaming
from protocol import messages
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World, text_of

#: Endpoints that strangers may call: they give nothing without a secret in the request.
OPEN = {"auth/login", "auth/refresh", "auth/logout", "enrolment"}

#: Endpoints about the caller alone: they name nobody else's things. See test_logins.py.
OWN = "me/"

#: Endpoints that take a file, and the prefeitura in their address.
SPREADSHEETS = {"cameras/import"}

METHODS = ("get", "post", "put", "patch", "delete")


def api_paths() -> Iterator[tuple[str, Any]]:
    """Every path of the API with its view class."""
    (api,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/"]
    pending: list[tuple[str, URLPattern | URLResolver]] = [("", entry) for entry in api.url_patterns]
    while pending:
        prefix, entry = pending.pop()
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            pending += [(path, inner) for inner in entry.url_patterns]
        else:
            yield path, entry.callback.view_class  # type: ignore[attr-defined]


def calls(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every method and address, with the parameters filled in."""
    for path, view in sorted(api_paths(), key=lambda found: found[0]):
        filled = re.sub(r"<\w+:(\w+)>", lambda match: names[match[1]], path)
        for method in METHODS:
            if hasattr(view, method):
                yield method, filled


@pytest.fixture
def filled(world: World) -> World:
    """Something of everything in the other city, that the first city's people must never see."""
    node = cities.find_node(NodeAddress("serra-azul", "caixa-01"))
    assert node is not None
    now = datetime.now(UTC)
    camera = str(world.other_camera.pk)
    for stream, event in (
        (Stream.LPR, plate_read(camera, "SEG9R3D")),
        (Stream.COVERAGE, messages.CoverageSpan(camera, now - timedelta(hours=1), now, 1)),
        (Stream.CAMERA_ADDED, messages.CameraAdded(uuid.uuid4().hex, "SEGREDO-7", "http://h/", now, "x")),
    ):
        ingest.store_batch(node, stream, "t", encode(batch({1: event})))
    NodeState.objects.filter(node=world.other_node).update(online=True)
    return world


@pytest.mark.req("S1.2")
def test_without_a_token_every_endpoint_answers_401(world: World) -> None:
    names = {"code": "caixa-01", "city": "vale-verde", "camera_id": str(uuid.uuid4())}
    names |= {"session_id": str(uuid.uuid4()), "clip_id": str(uuid.uuid4()), "user_id": "1"}
    names |= {
        "search_id": "1",
        "read_id": "1",
        "request_id": "1",
        "entry_id": str(uuid.uuid4()),
        "webhook_id": "1",
        "hold_id": "1",
        "export_id": str(uuid.uuid4()),
        "alarm_id": "1",
        "command_id": str(uuid.uuid4()),
    }
    walked = 0
    for method, path in calls(names):
        if path not in OPEN:
            answer = getattr(APIClient(), method)(f"/api/v1/{path}")
            assert answer.status_code == 401, f"{method} {path} answered {answer.status_code}"
            assert answer["Content-Type"] == "application/problem+json"
            walked += 1
    assert walked >= 15


@pytest.mark.req("S1.2")
def test_no_endpoint_shows_or_changes_anything_of_another_city(filled: World, login: Login) -> None:
    world = filled
    opened = streaming.open_session(
        world.other_gestor, world.other_camera.pk, datetime.now(UTC) - timedelta(minutes=5), datetime.now(UTC)
    )
    now = datetime.now(UTC)
    hour = (now - timedelta(hours=1), now)
    clip = clips.order(world.other_gestor, world.other_camera.pk, *hour, "MOTIVO-9")
    list_ = {
        "tolerant": False,
        "kind": "stolen",
        "reason": "SEGREDO-9",
        "valid_from": None,
        "valid_until": None,
    }
    watched = watchlist.add_entry(world.other_gestor, "serra-azul", pattern="SEG9R3D", **list_)
    hook = alerts.add_webhook(world.other_gestor, "serra-azul", "https://segredo.example.org/")
    asked = access.open_request(
        world.other_gestor,
        "serra-azul",
        plate="SEG9R3D",
        requester="SEGREDO-12",
        reference="SEGREDO-12",
        received_on=None,
    )
    read = PlateRead.objects.get(city=world.other_city)
    hold = privacy.place_hold(world.other_gestor, "serra-azul", "SEG9R3D", now, None, "SEGREDO-11")
    export = exports.order_export(world.other_gestor, "csv", services.ReadSearch(), {}, "SEGREDO-10")
    node = cities.find_node(NodeAddress("serra-azul", "caixa-01"))
    assert node is not None
    hit = {2: plate_read(world.other_camera.pk, "SEG9R3D")}
    ingest.store_batch(node, Stream.LPR, "t", encode(batch(hit)))
    alarm = NodeAlarm.objects.create(
        node=world.other_node, key="x", critical=True, text="SEGREDO-13", opened_at=now
    )
    order = orders.give(world.admin, "serra-azul", "caixa-01", "run-doctor", camera=None, within_s=60)
    names = {
        "code": "serra-azul",
        "city": "serra-azul",
        "camera_id": str(world.other_camera.pk),
        "session_id": str(opened.id),
        "user_id": str(world.other_gestor.pk),
        "clip_id": str(clip.pk),
        "entry_id": str(watched.pk),
        "webhook_id": str(hook.pk),
        "export_id": str(export.pk),
        "hold_id": str(hold.pk),
        "request_id": str(asked.pk),
        "read_id": str(read.pk),
        "alarm_id": str(alarm.pk),
        "command_id": str(order.pk),
        "search_id": str(saved.save_search(world.other_gestor, "SEGREDO-8", {"plate": "SEG*"}).pk),
    }
    period = {"since": (now - timedelta(hours=2)).isoformat(), "until": now.isoformat()}
    body = {
        "city": "serra-azul", "camera": names["camera_id"], "name": "x", "rtsp_url": "rtsp://h/", "code": "x",
        "username": "x", "password": "uma senha bem longa", "role": "visualizador", "plan": "Plano 7 dias",
        "start": period["since"], "end": period["until"], "reason": "x",
        "plate": "ABC1D23", "since": period["since"], "reference": "x", "retention_days": 30,
        "viewers_see_plates": True, "pattern": "ABC1D23", "format": "csv", "purpose": "x", "kind": "stolen",
        "url": "https://example.org/", "requester": "x", "action": "collect-logs",
        "latitude": 1.0, "longitude": 1.0,
    }  # fmt: skip
    secrets = (
        "serra",
        "Serra",
        "SEG9R3D",
        "SEGREDO-7",
        "SEGREDO-8",
        "SEGREDO-9",
        "SEGREDO-13",
        "SEGREDO-10",
        "SEGREDO-11",
        "SEGREDO-12",
        "segredo.example.org",
        str(world.other_camera.pk),
        "outra-gestora",
        str(opened.id),
    )
    for user in (world.gestor, world.viewer):
        client = login(user)
        for method, path in calls(names):
            if path in OPEN or path.startswith(OWN):
                continue
            query = {
                "city": "serra-azul",
                "camera": names["camera_id"],
                "plate": "*",
                "purpose": "x",
                **period,
            }
            view = {"captured_at": read.captured_at.isoformat(), "purpose": "curiosidade"}
            looks = [view] if path == f"plate-reads/{names['read_id']}" else []
            for parameters in (query, {"plate": "*", "purpose": "x"}, *looks):
                if method == "get":
                    answer = client.get(f"/api/v1/{path}", parameters)
                else:
                    address = f"/api/v1/{path}"
                    if path in SPREADSHEETS:
                        answer = client.post(f"{address}?city=serra-azul", b"", content_type="text/csv")
                    else:
                        answer = getattr(client, method)(address, body, format="json")
                    assert answer.status_code in (403, 404), (
                        f"{method} {path}: {answer.status_code} {answer.content!r}"
                    )
                text = text_of(answer)
                seen = [secret for secret in secrets if secret in text]
                assert not seen, f"{user.username} sees {seen} through {method} {path}"
    world.other_camera.refresh_from_db()
    assert world.other_camera.archived_at is None and world.other_camera.name == "Entrada"


@pytest.mark.req("S1.2")
def test_a_visualizador_changes_nothing_of_the_own_city(world: World, login: Login) -> None:
    client = login(world.viewer)
    camera = f"/api/v1/cameras/{world.camera.pk}"
    assert client.patch(camera, {"name": "x"}, format="json").status_code == 403
    assert client.delete(camera).status_code == 403
    new = {"name": "x", "rtsp_url": "rtsp://h/"}
    assert client.post("/api/v1/cameras", new, format="json").status_code == 403
    assert client.get("/api/v1/users").status_code == 403


def test_an_admin_sees_every_city(filled: World, login: Login) -> None:
    client = login(filled.admin)
    assert {city["code"] for city in client.get("/api/v1/cities").json()} == {"vale-verde", "serra-azul"}
    assert len(client.get("/api/v1/nodes").json()) == 2
    assert [read["plate"] for read in client.get("/api/v1/plate-reads").json()["results"]] == ["SEG9R3D"]
    assert len(client.get("/api/v1/cameras", {"city": "serra-azul"}).json()) == 1
    assert [refused["name"] for refused in client.get("/api/v1/refused-cameras").json()] == ["SEGREDO-7"]
