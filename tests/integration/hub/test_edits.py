"""Two people editing one thing: nobody's change is overwritten unseen."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from central_hub.accounts.models import User
from central_hub.cities.models import Camera, City
from central_hub.edits import Editable
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.everything import routes
from tests.integration.hub.test_accounts import at_once

pytestmark = pytest.mark.req("S2.1", "S3.1")


def edit(client: APIClient, address: str, body: dict[str, Any], etag: str, method: str = "patch") -> Any:
    return getattr(client, method)(f"/api/v1/{address}", body, format="json", HTTP_IF_MATCH=f'"{etag}"')


def listed(client: APIClient, address: str) -> dict[str, Any]:
    (one,) = [one for one in client.get(f"/api/v1/{address}").json() if one.get("code") != "serra-azul"]
    return dict(one)


def test_who_edits_what_another_has_changed_meanwhile_is_told_so(world: World, login: Login) -> None:
    one, other = login(world.admin), login(world.user("outra-admin", world.admin.role, None))
    seen = listed(one, "cities")["etag"]
    first = edit(one, "cities/vale-verde", {"name": "Vale Verde do Sul"}, seen)
    assert first.status_code == 200
    second = edit(other, "cities/vale-verde", {"timezone": "America/Manaus"}, seen)
    assert second.status_code == 412
    assert second.json()["type"] == "urn:gtv:problem:changed-meanwhile"
    assert "alterado enquanto você editava" in second.json()["detail"]
    city = City.objects.get(code="vale-verde")
    assert (city.name, city.timezone) == ("Vale Verde do Sul", "America/Sao_Paulo")
    again = edit(other, "cities/vale-verde", {"timezone": "America/Manaus"}, first.json()["etag"])
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("address", "change", "other"),
    [
        ("cities/vale-verde", {"name": "A"}, {"name": "B"}),
        ("users/{user}", {"name": "A"}, {"name": "B"}),
        ("cameras/{camera}", {"name": "A"}, {"name": "B"}),
        ("cameras/{camera}/lpr-source", {"vendor": "dahua"}, {"vendor": "hikvision"}),
    ],
)
def test_every_patched_thing_has_an_etag_that_its_change_changes(
    world: World, login: Login, address: str, change: dict[str, Any], other: dict[str, Any]
) -> None:
    client = login(world.admin)
    address = address.format(user=world.viewer.pk, camera=world.camera.pk)
    changed = client.patch(f"/api/v1/{address}", change, format="json")
    etag = changed.json()["etag"]
    assert changed["ETag"] == f'"{etag}"'
    assert edit(client, address, other, "0123456789abcdef").status_code == 412
    taken = edit(client, address, other, etag)
    assert taken.status_code == 200 and taken.json()["etag"] != etag
    assert edit(client, address, change, etag).status_code == 412


@pytest.mark.parametrize(
    ("address", "one", "other"),
    [
        (
            "cities/vale-verde/plate-policy",
            {"retention_days": 30, "viewers_see_plates": True},
            {"retention_days": 60, "viewers_see_plates": True},
        ),
        (
            "nodes/vale-verde/caixa-01/place",
            {"latitude": -22.5, "longitude": -45.5},
            {"latitude": None, "longitude": None},
        ),
    ],
)
def test_every_replaced_thing_has_one_too(
    world: World, login: Login, address: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    client = login(world.gestor)
    etag = client.put(f"/api/v1/{address}", one, format="json").json()["etag"]
    assert edit(client, address, other, "0123456789abcdef", "put").status_code == 412
    assert edit(client, address, other, etag, "put").status_code == 200
    assert edit(client, address, other, etag, "put").status_code == 412


def test_the_etag_of_a_change_is_the_one_that_lists_show(world: World, login: Login) -> None:
    client = login(world.gestor)
    body = {"latitude": -22, "longitude": -45.5, "lpr": True}
    changed = client.patch(f"/api/v1/cameras/{world.camera.pk}", body, format="json").json()
    assert listed(client, "cameras")["etag"] == changed["etag"]
    source = {"vendor": "generic", "mapping": {"plate": "a.b", "captured_at": "t"}}
    changed = client.patch(f"/api/v1/cameras/{world.camera.pk}/lpr-source", source, format="json").json()
    assert listed(client, "cameras")["etag"] == changed["etag"]
    assert client.get(f"/api/v1/cameras/{world.camera.pk}/lpr-source")["ETag"] == f'"{changed["etag"]}"'


def test_a_login_or_a_new_password_does_not_disturb_who_edits_the_person(world: World, login: Login) -> None:
    seen = login(world.gestor).get("/api/v1/users").json()
    User.objects.update(last_login="2026-11-25T12:00:00Z")
    User.objects.filter(pk=world.viewer.pk).update(password="!")
    assert login(world.gestor).get("/api/v1/users").json() == seen


def test_who_may_not_edit_learns_nothing_from_an_etag(world: World, login: Login) -> None:
    assert edit(login(world.viewer), f"cameras/{world.camera.pk}", {"name": "x"}, "0").status_code == 403
    assert (
        edit(login(world.gestor), f"cameras/{world.other_camera.pk}", {"name": "x"}, "0").status_code == 404
    )


def test_of_two_changes_that_come_at_once_one_is_refused(world: World, login: Login) -> None:
    etag = listed(login(world.gestor), "cameras")["etag"]

    def change(number: int) -> Any:
        return edit(login(world.gestor), f"cameras/{world.camera.pk}", {"name": f"nome {number}"}, etag)

    answers: list[Any] = at_once(6, change)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [412] * 5
    (won,) = [answer.json()["name"] for answer in answers if answer.status_code == 200]
    assert Camera.objects.get(pk=world.camera.pk).name == won


def test_every_edit_of_the_api_takes_an_etag() -> None:
    edits = {path: view for path, view in routes() if hasattr(view, "patch") or hasattr(view, "put")}
    assert len(edits) >= 6
    assert [path for path, view in edits.items() if not issubclass(view, Editable)] == []
