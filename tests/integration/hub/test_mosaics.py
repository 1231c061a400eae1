"""Mosaics: up to four cameras of one city, of one person or shared, and changed only by who may."""

from typing import Any

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.kernel import Role
from central_hub.streaming import mosaics
from central_hub.streaming.models import Mosaic
from tests.integration.hub.conftest import Login, World

URL = "/api/v1/mosaics"


@pytest.fixture
def cameras(world: World) -> list[str]:
    """Four of the first city."""
    more = [world.add_camera(world.city, world.node, name).pk for name in ("Ponte", "Praça", "Rua")]
    return [str(pk) for pk in (world.camera.pk, *more)]


def four(cameras: list[str], **changes: Any) -> dict[str, Any]:
    return {"name": "Centro", "layout": "2x2", "cameras": cameras, "shared": False, **changes}


@pytest.mark.req("S9.1")
def test_a_mosaic_is_made_seen_changed_and_deleted(world: World, login: Login, cameras: list[str]) -> None:
    client = login(world.viewer)
    made = client.post(URL, four(cameras), format="json")
    assert made.status_code == 201, made.content
    mosaic = made.json()
    assert (mosaic["cameras"], mosaic["owner"], mosaic["may_change"]) == (cameras, "vigilante", True)
    assert mosaic["city"] == {"code": "vale-verde", "name": "Vale Verde"}
    assert client.get(URL).json() == [mosaic]
    address = f"{URL}/{mosaic['id']}"
    turned = four(cameras[::-1][:3], name="Pontes", layout="1+2")
    seen = f'"{mosaic["etag"]}"'
    changed = client.put(address, turned, format="json", HTTP_IF_MATCH=seen).json()
    assert client.put(address, turned, format="json", HTTP_IF_MATCH=seen).status_code == 412
    assert changed.pop("etag") != mosaic.pop("etag")
    assert changed == mosaic | turned
    assert client.get(address).json()["cameras"] == cameras[::-1][:3]
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    actions = AuditEntry.objects.filter(action__startswith="mosaic").order_by("pk")
    assert [entry.action for entry in actions] == ["mosaic-added", "mosaic-changed", "mosaic-deleted"]


@pytest.mark.req("S9.1")
def test_one_that_is_shared_is_seen_in_the_city_and_changed_by_its_owner_and_gestor(
    world: World, login: Login, cameras: list[str]
) -> None:
    other = world.user("segunda", Role.VISUALIZADOR, "vale-verde")
    owner = login(world.viewer)
    address = f"{URL}/{owner.post(URL, four(cameras), format='json').json()['id']}"
    for person in (other, world.gestor, world.other_gestor):
        assert login(person).get(address).status_code == 404, "it is one person's"
    assert owner.put(address, four(cameras, shared=True), format="json").status_code == 200
    assert login(other).get(address).json()["may_change"] is False
    assert login(other).put(address, four(cameras), format="json").status_code == 403
    assert login(other).delete(address).status_code == 403
    assert login(world.other_gestor).get(address).status_code == 404
    assert login(world.other_gestor).get(URL).json() == []
    assert login(world.admin).get(address).json()["may_change"] is True
    unshared = login(world.gestor).put(address, four(cameras), format="json")
    assert unshared.status_code == 200 and unshared.json()["shared"] is False
    assert login(world.gestor).delete(address).status_code == 404, "it is one person's again"
    owner.put(address, four(cameras, shared=True), format="json")
    assert login(world.gestor).delete(address).status_code == 204
    auditor = world.user("auditora", Role.AUDITOR, None)
    assert login(auditor).get(URL).status_code == 403


def test_a_mosaic_holds_no_camera_of_another_city_twice_or_too_many(
    world: World, login: Login, cameras: list[str]
) -> None:
    foreign = str(world.other_camera.pk)
    client = login(world.viewer)
    assert client.post(URL, four([cameras[0], foreign]), format="json").status_code == 404
    mixed = login(world.admin).post(URL, four([cameras[0], foreign]), format="json")
    assert mixed.status_code == 400 and "prefeitura" in str(mixed.json()["errors"]["cameras"])
    for wrong in (
        four([cameras[0]] * 2),
        four(cameras, layout="2h"),
        four([]),
        four([*cameras, foreign]),
        four(cameras, layout="3x3"),
    ):
        assert client.post(URL, wrong, format="json").status_code == 400
    assert not Mosaic.objects.exists()


def test_a_camera_out_of_use_leaves_its_mosaics(world: World, login: Login, cameras: list[str]) -> None:
    client = login(world.viewer)
    address = f"{URL}/{client.post(URL, four(cameras), format='json').json()['id']}"
    cities.archive_camera(world.gestor, world.camera.pk)
    assert client.get(address).json()["cameras"] == cameras[1:]


def test_a_person_has_so_many_mosaics(
    world: World, login: Login, cameras: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mosaics, "MAX_OWN", 1)
    client = login(world.viewer)
    assert client.post(URL, four(cameras), format="json").status_code == 201
    assert client.post(URL, four(cameras), format="json").status_code == 409
    assert login(world.gestor).post(URL, four(cameras), format="json").status_code == 201
