"""Logging in, staying logged in, being locked out; users and their limits."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from central_hub.accounts import services as accounts
from central_hub.accounts.models import User
from central_hub.audit.models import AuditEntry
from central_hub.cities import domain as cities_domain
from central_hub.cities import services as cities
from central_hub.cities.models import Camera
from central_hub.kernel import Conflict, HubError, Role
from tests.integration.hub.conftest import PASSWORD, Login, World

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"


def log_in(username: str, password: str = PASSWORD) -> tuple[APIClient, Any]:
    client = APIClient()
    return client, client.post(LOGIN, {"username": username, "password": password}, format="json")


@pytest.mark.req("S1.1")
def test_login_gives_an_access_token_and_a_cookie_that_scripts_cannot_read(world: World) -> None:
    client, answer = log_in("gestora")
    assert answer.status_code == 200
    assert answer.json()["user"] == {
        "id": world.gestor.pk,
        "username": "gestora",
        "name": "Gestora",
        "role": "gestor",
        "city": {"code": "vale-verde", "name": "Vale Verde", "timezone": "America/Sao_Paulo"},
    }
    cookie = answer.cookies["gtv_refresh"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/api/v1/auth"
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert client.get("/api/v1/me").json() == answer.json()["user"]


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_and_are_noted(world: World) -> None:
    _, wrong = log_in("gestora", "not the password")
    _, unknown = log_in("nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong["Content-Type"] == "application/problem+json"
    refused = AuditEntry.objects.filter(action="login-refused").values_list("actor", flat=True)
    assert set(refused) == {"gestora", "nobody"}


def test_many_attempts_on_one_account_are_locked_out(world: World) -> None:
    answers = [log_in("vigilante", f"guess {number}")[1] for number in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert log_in("vigilante")[1].status_code == 429, "even with the right password"
    assert log_in("gestora")[1].status_code == 200, "others are not locked out"


@pytest.mark.req("S1.1")
def test_a_refresh_token_works_once(world: World) -> None:
    client, _ = log_in("gestora")
    old = client.cookies["gtv_refresh"].value
    answer = client.post(REFRESH)
    assert answer.status_code == 200 and answer.json()["user"]["username"] == "gestora"
    assert client.post(REFRESH).status_code == 200, "the new cookie works"
    good = client.cookies["gtv_refresh"].value
    client.cookies["gtv_refresh"] = old
    assert client.post(REFRESH).status_code == 401, "the used one does not"
    client.cookies["gtv_refresh"] = good
    assert client.post(REFRESH).status_code == 401, "whoever used it has ended the session for both"
    assert AuditEntry.objects.filter(action="session-token-reused", actor="gestora").count() == 1


def test_nothing_but_a_refresh_token_refreshes(world: World) -> None:
    client, answer = log_in("gestora")
    for cookie in ("", "garbage", answer.json()["access"]):
        client.cookies["gtv_refresh"] = cookie
        assert client.post(REFRESH).status_code == 401


def test_logging_out_ends_the_session(world: World) -> None:
    client, _ = log_in("gestora")
    kept = client.cookies["gtv_refresh"].value
    assert client.post("/api/v1/auth/logout").status_code == 204
    client.cookies["gtv_refresh"] = kept
    assert client.post(REFRESH).status_code == 401
    assert APIClient().post("/api/v1/auth/logout").status_code == 204


def test_a_new_password_or_a_lock_ends_every_session(world: World) -> None:
    client, answer = log_in("vigilante")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    accounts.change_user(world.gestor, world.viewer.pk, password="another long password")
    assert client.get("/api/v1/me").status_code == 401
    assert client.post(REFRESH).status_code == 401
    client, _ = log_in("vigilante", "another long password")
    accounts.change_user(world.gestor, world.viewer.pk, is_active=False)
    assert client.post(REFRESH).status_code == 401


@pytest.mark.req("S2.3")
def test_a_gestor_looks_after_the_visualizadores_of_the_own_city(world: World, login: Login) -> None:
    client = login(world.gestor)
    new = {"username": "novo", "password": "uma senha bem longa", "name": "Novo", "role": "visualizador"}
    answer = client.post("/api/v1/users", {**new, "city": "vale-verde"}, format="json")
    assert answer.status_code == 201, answer.content
    assert {user["username"] for user in client.get("/api/v1/users").json()} == {
        "gestora",
        "vigilante",
        "novo",
    }
    changed = client.patch(f"/api/v1/users/{answer.json()['id']}", {"is_active": False}, format="json")
    assert changed.json()["is_active"] is False
    other = client.post("/api/v1/users", {**new, "username": "x", "city": "serra-azul"}, format="json")
    assert other.status_code == 403
    boss = client.post("/api/v1/users", {**new, "username": "x", "role": "admin"}, format="json")
    assert boss.status_code == 403
    weak = client.post(
        "/api/v1/users", {**new, "username": "x", "password": "12345", "city": "vale-verde"}, format="json"
    )
    assert weak.status_code == 400 and "password" in weak.json()["errors"]


def test_a_user_name_is_taken_once(world: World) -> None:
    with pytest.raises(Conflict):
        world.user("gestora", Role.ADMIN, None)


@pytest.mark.req("S2.3")
def test_only_one_gestor_and_five_visualizadores_even_when_all_come_at_once(world: World) -> None:
    def add(role: Role) -> Callable[[int], object]:
        return lambda number: world.user(f"{role}-{number}", role, "vale-verde")

    outcomes = at_once(8, add(Role.VISUALIZADOR))
    assert User.objects.filter(city=world.city, role="visualizador").count() == 5
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 4
    assert all(isinstance(outcome, Conflict) for outcome in at_once(2, add(Role.GESTOR)))


def test_coming_back_needs_room_too(world: World) -> None:
    accounts.change_user(world.admin, world.gestor.pk, is_active=False)
    world.user("nova-gestora", Role.GESTOR, "vale-verde")
    with pytest.raises(Conflict):
        accounts.change_user(world.admin, world.gestor.pk, is_active=True)


@pytest.mark.req("S2.4")
def test_the_last_free_place_for_a_camera_is_given_once(world: World) -> None:
    filler = [
        Camera(city=world.city, name=f"c{number}", rtsp_url="rtsp://h/")
        for number in range(cities_domain.MAX_CAMERAS - 2)
    ]
    Camera.objects.bulk_create(filler)
    outcomes = at_once(4, lambda number: world.add_camera(world.city, world.node, f"última {number}"))
    assert Camera.objects.filter(city=world.city).count() == cities_domain.MAX_CAMERAS
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 3
    cities.archive_camera(world.gestor, world.camera.pk)
    world.add_camera(world.city, world.node, "no lugar da arquivada")


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What each of several threads got, started together."""
    barrier = threading.Barrier(count)
    outcomes: list[object] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            outcomes.append(act(number))
        except HubError as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == count
    return outcomes
