"""How a camera's plates reach its box: set at the hub by who governs the city, told to the box."""

import hashlib
import json
import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from central_hub.audit.models import AuditEntry
from central_hub.cities.models import Camera
from protocol.messages import DesiredState, LprSource
from protocol.plate_cameras import ha1
from protocol.topics import Stream
from tests.integration.hub.box import Box
from tests.integration.hub.conftest import Login, World

USER, PASSWORD = "portaria", "s3nha-da-camera"


def source(world: World) -> str:
    return f"/api/v1/cameras/{world.camera.pk}/lpr-source"


def token(world: World) -> str:
    return f"/api/v1/cameras/{world.camera.pk}/lpr-token"


def change(client: APIClient, world: World, **fields: Any) -> Any:
    return client.patch(source(world), fields, format="json")


def told(box: Box, world: World, **fields: Any) -> LprSource:
    """What the box is told of the camera, once it has these fields."""

    def of(state: DesiredState) -> LprSource | None:
        return next((one.lpr for one in state.cameras if one.id == str(world.camera.pk)), None)

    def so(state: DesiredState) -> bool:
        return all(getattr(of(state), name, None) == value for name, value in fields.items())

    found = of(box.wait_for(Stream.DESIRED, so))
    assert found is not None
    return found


@pytest.mark.req("S10.1")
def test_a_gestor_says_how_plates_reach_the_box_and_the_box_is_told(
    world: World, login: Login, box: Box
) -> None:
    client = login(world.gestor)
    settings = {
        "vendor": "generic",
        "allowed_sources": ["10.1.2.0/24", "2001:db8::7"],
        "mapping": {"plate": "alpr.0.plate"},
        "time_format": "%d/%m/%Y %H:%M:%S",
    }
    answer = change(client, world, **settings)
    assert answer.status_code == 200, answer.content
    assert {name: answer.json()[name] for name in settings} == settings
    assert client.get(source(world)).json() == answer.json()
    told(box, world, **settings)
    assert (
        change(client, world, vendor="intelbras", mapping={}, pull="dahua", http_port=8080).status_code == 200
    )
    told(
        box,
        world,
        vendor="intelbras",
        pull="dahua",
        http_port=8080,
        allowed_sources=["10.1.2.0/24", "2001:db8::7"],
    )
    entry = AuditEntry.objects.filter(action="lpr-source-changed").order_by("-id")[0]
    assert (entry.city_code, entry.target) == ("vale-verde", str(world.camera.pk))
    assert entry.details["pull"] == "dahua" and entry.actor == "gestora"


def test_a_token_is_shown_once_and_is_good_for_digest_too(world: World, login: Login, box: Box) -> None:
    client = login(world.gestor)
    made = client.post(token(world))
    assert made.status_code == 201 and made["Cache-Control"] == "no-store"
    secret = made.json()["token"]
    camera = str(world.camera.pk)
    known = told(box, world, ha1_md5=ha1("md5", camera, secret), ha1_sha256=ha1("sha256", camera, secret))
    assert known.username == ""
    state = box.received[Stream.DESIRED][-1]
    assert [one.lpr_secret_sha256 for one in state.cameras] == [hashlib.sha256(secret.encode()).hexdigest()]
    assert secret not in client.get(source(world)).content.decode()
    assert client.get(source(world)).json()["token_set"] is True
    assert client.post(token(world)).json()["token"] != secret
    assert client.delete(token(world)).status_code == 204
    told(box, world, ha1_md5="", ha1_sha256="")
    assert client.get(source(world)).json()["token_set"] is False
    assert AuditEntry.objects.filter(action__in=["lpr-token-made", "lpr-token-removed"]).count() == 3


def test_a_user_name_and_password_of_ones_own_are_kept_as_digests(
    world: World, login: Login, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    client = login(world.gestor)
    answer = change(client, world, digest_username=USER, digest_password=PASSWORD)
    assert answer.status_code == 200 and answer.json()["digest_username"] == USER
    told(
        box,
        world,
        username=USER,
        ha1_md5=ha1("md5", USER, PASSWORD),
        ha1_sha256=ha1("sha256", USER, PASSWORD),
    )
    held = json.dumps(list(Camera.objects.values("lpr_source", "lpr_secret_sha256", "rtsp_url")))
    trail = json.dumps(list(AuditEntry.objects.values("details", "target")))
    assert PASSWORD not in held + trail + caplog.text + answer.content.decode()
    assert ha1("md5", USER, PASSWORD) not in trail + answer.content.decode()
    assert change(client, world, vendor="dahua").status_code == 200, "other settings leave the password"
    told(box, world, vendor="dahua", ha1_md5=ha1("md5", USER, PASSWORD))
    assert change(client, world, digest_username="outro").json()["errors"].keys() == {"digest_password"}
    assert change(client, world, digest_username="").json()["digest_username"] == ""
    told(box, world, username="", ha1_md5="")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"vendor": "acme"}, "vendor"),
        ({"allowed_sources": ["10.0.0.300"]}, "allowed_sources"),
        ({"allowed_sources": ["x"] * 33}, "allowed_sources"),
        ({"by_address": True}, "allowed_sources"),
        ({"by_address": True, "allowed_sources": ["10.0.0.0/24"]}, "allowed_sources"),
        ({"pull": "dahua", "vendor": "axis"}, "pull"),
        ({"http_port": 0}, "http_port"),
        ({"mapping": {"colour": "x"}}, "mapping"),
        ({"mapping": {"plate": "a..b"}}, "mapping"),
        ({"mapping": {"plate": "a"}, "vendor": "hikvision"}, "mapping"),
        ({"time_format": "yesterday"}, "time_format"),
        ({"time_format": "%H:%M"}, "time_format"),
        ({"time_format": "%d/%m/%Y %Q"}, "time_format"),
        ({"digest_username": USER}, "digest_password"),
        ({"digest_username": USER, "digest_password": "short"}, "digest_password"),
        ({"digest_username": "a:b", "digest_password": PASSWORD}, "digest_username"),
        ({"digest_username": "não", "digest_password": PASSWORD}, "digest_username"),
        ({"digest_password": PASSWORD}, "digest_username"),
    ],
)
def test_settings_that_a_box_could_not_use_are_refused_by_field(
    world: World, login: Login, fields: dict[str, Any], field: str
) -> None:
    answer = change(login(world.gestor), world, **fields)
    assert answer.status_code == 400, answer.content
    assert {name.partition(".")[0] for name in answer.json()["errors"]} == {field}
    assert PASSWORD not in answer.content.decode()
    world.camera.refresh_from_db()
    assert world.camera.lpr_source == {}


def test_a_user_name_or_an_address_means_one_camera(world: World, login: Login) -> None:
    client = login(world.gestor)
    other = world.add_camera(world.city, world.node, "Saída")
    elsewhere = f"/api/v1/cameras/{other.pk}/lpr-source"
    known = {"digest_username": USER, "digest_password": PASSWORD}
    assert change(client, world, **known).status_code == 200
    assert client.patch(elsewhere, known, format="json").status_code == 409
    stolen = {"digest_username": uuid.uuid4().hex, "digest_password": PASSWORD}
    assert client.patch(elsewhere, stolen, format="json").status_code == 409
    by_address = {"by_address": True, "allowed_sources": ["10.0.0.9"]}
    assert change(client, world, **by_address).status_code == 200
    assert client.patch(elsewhere, by_address, format="json").status_code == 409
    strangers = login(world.other_gestor)
    there = f"/api/v1/cameras/{world.other_camera.pk}/lpr-source"
    assert strangers.patch(there, known, format="json").status_code == 200, "another city's names are its own"


def test_only_who_governs_the_city_sees_or_changes_a_source(world: World, login: Login) -> None:
    for user, status in ((world.viewer, 403), (world.other_gestor, 404)):
        client = login(user)
        assert client.get(source(world)).status_code == status
        assert change(client, world, vendor="axis").status_code == status
        assert change(client, world, vendor="acme").status_code == status
        assert client.post(token(world)).status_code == status
        assert client.delete(token(world)).status_code == status
    assert login(world.admin).get(source(world)).status_code == 200
    assert not AuditEntry.objects.filter(action__startswith="lpr-").exists()


def test_a_camera_that_reads_no_plates_any_more_forgets_its_source(
    world: World, login: Login, box: Box
) -> None:
    client = login(world.gestor)
    change(client, world, by_address=True, allowed_sources=["10.0.0.9"], vendor="axis")
    camera = f"/api/v1/cameras/{world.camera.pk}"
    assert client.patch(camera, {"lpr": False}, format="json").json()["lpr"] is False
    told(box, world, by_address=False, vendor="")
    change(client, world, by_address=True, allowed_sources=["10.0.0.9"])
    assert [one["lpr"] for one in client.get("/api/v1/cameras").json()] == [True], "by its address alone"
