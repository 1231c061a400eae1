"""Logging in, staying logged in, being locked out; users and their limits."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from central_hub.accounts import password_links
from central_hub.accounts import services as accounts
from central_hub.accounts.models import PasswordLink, User
from central_hub.audit.models import AuditEntry
from central_hub.cities import domain as cities_domain
from central_hub.cities import services as cities
from central_hub.cities.models import Camera
from central_hub.kernel import Conflict, HubError, Role
from tests.integration.hub.conftest import PASSWORD, Login, World

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
USERS = "/api/v1/users"


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
    new = {"username": "novo", "name": "Novo", "role": "visualizador"}
    answer = client.post(USERS, {**new, "city": "vale-verde"}, format="json")
    assert answer.status_code == 201, answer.content
    assert {user["username"] for user in client.get(USERS).json()} == {"gestora", "vigilante", "novo"}
    changed = client.patch(f"{USERS}/{answer.json()['id']}", {"is_active": False}, format="json")
    assert changed.json()["is_active"] is False
    other = client.post(USERS, {**new, "username": "x", "city": "serra-azul"}, format="json")
    assert other.status_code == 403
    boss = client.post(USERS, {**new, "username": "x", "role": "admin"}, format="json")
    assert boss.status_code == 403


# --- passwords that nobody else knows -------------------------------------------

NEW_PASSWORD = "uma frase que ninguém mais sabe"


def choose(link: dict[str, Any], password: str = NEW_PASSWORD) -> Any:
    """What the page behind the link does."""
    token = link["url"].partition("#")[2]
    return APIClient().post("/api/v1/auth/password", {"token": token, "password": password}, format="json")


@pytest.mark.req("S1.1")
def test_somebody_new_chooses_the_first_password_by_a_link_that_is_good_once(
    world: World, login: Login
) -> None:
    new = {"username": "novo", "name": "Novo", "role": "visualizador", "city": "vale-verde"}
    added = login(world.gestor).post(USERS, new, format="json").json()
    assert not User.objects.get(username="novo").has_usable_password()
    assert not [user for user in accounts.console_users(world.city.pk) if user.username == "novo"]
    weak = choose(added["password_link"], "12345")
    assert weak.status_code == 400 and list(weak.json()["errors"]) == ["password"]
    assert choose(added["password_link"]).status_code == 204, "a bad choice costs no link"
    assert log_in("novo", NEW_PASSWORD)[1].status_code == 200
    assert [user for user in accounts.console_users(world.city.pk) if user.username == "novo"]
    again = choose(added["password_link"], "outra frase bem longa")
    assert again.status_code == 400 and again.json()["type"] == "urn:gtv:problem:password-link"
    assert log_in("novo", NEW_PASSWORD)[1].status_code == 200
    actions = AuditEntry.objects.filter(target="novo").order_by("id").values_list("actor", "action")
    assert list(actions) == [
        ("gestora", "user-added"), ("gestora", "password-link-made"), ("novo", "password-set-by-link"),
    ]  # fmt: skip


def test_of_two_who_come_with_one_link_one_sets_the_password(world: World, login: Login) -> None:
    link = login(world.gestor).post(f"{USERS}/{world.viewer.pk}/password-link").json()
    answers: list[Any] = at_once(4, lambda number: choose(link, f"frase bem longa número {number}"))
    assert sorted(answer.status_code for answer in answers) == [204, 400, 400, 400]


def test_a_link_for_a_forgotten_password_ends_sessions_and_locks_and_the_link_before_it(
    world: World, login: Login
) -> None:
    client, _ = log_in("vigilante")
    for number in range(11):
        log_in("vigilante", f"guess {number}")
    assert log_in("vigilante")[1].status_code == 429
    links = [login(world.gestor).post(f"{USERS}/{world.viewer.pk}/password-link").json() for _ in range(2)]
    assert client.post(REFRESH).status_code == 200, "the link alone changes nothing yet"
    assert choose(links[0]).status_code == 400, "the newer one has taken its place"
    assert choose(links[1]).status_code == 204
    assert client.post(REFRESH).status_code == 401
    assert log_in("vigilante", NEW_PASSWORD)[1].status_code == 200


def test_a_link_ends_after_two_days_and_with_its_persons_account(world: World, login: Login) -> None:
    links = f"{USERS}/{world.viewer.pk}/password-link"
    late = login(world.gestor).post(links).json()
    PasswordLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert choose(late).status_code == 400
    assert password_links.forget_old() == 1
    link = login(world.gestor).post(links).json()
    accounts.change_user(world.gestor, world.viewer.pk, is_active=False)
    assert choose(link).status_code == 400
    assert not [row for row in PasswordLink.objects.all() if link["url"].endswith(row.token_sha256)]


# --- roles and locks ------------------------------------------------------------


@pytest.mark.req("S1.2", "S2.3")
def test_an_admin_makes_a_visualizador_the_gestor_when_there_is_room(world: World, login: Login) -> None:
    client, viewer = login(world.admin), login(world.viewer)
    promote = {"role": "gestor"}
    address = f"{USERS}/{world.viewer.pk}"
    assert client.patch(address, promote, format="json").status_code == 409
    assert (
        client.patch(f"{USERS}/{world.gestor.pk}", {"role": "visualizador"}, format="json").status_code == 200
    )
    assert client.patch(address, promote, format="json").json()["role"] == "gestor"
    assert viewer.get("/api/v1/me").status_code == 401, "who may do something else logs in anew"
    entry = AuditEntry.objects.filter(action="user-changed", target="vigilante").get()
    assert (entry.details["from"], entry.details["to"]) == ("visualizador", "gestor")


def test_roles_of_the_central_are_changed_and_djangos_admin_follows(world: World, login: Login) -> None:
    person = world.user("operadora", Role.OPERADOR, None)
    client = login(world.admin)
    client.patch(f"{USERS}/{person.pk}", {"role": "admin"}, format="json")
    person.refresh_from_db()
    assert person.is_staff and person.is_superuser
    client.patch(f"{USERS}/{person.pk}", {"role": "auditor"}, format="json")
    person.refresh_from_db()
    assert not person.is_staff and not person.is_superuser


def test_a_role_does_not_change_between_the_central_and_a_city(world: World, login: Login) -> None:
    client = login(world.admin)
    for person, role in ((world.viewer, "admin"), (world.user("auditora", Role.AUDITOR, None), "gestor")):
        answer = client.patch(f"{USERS}/{person.pk}", {"role": role}, format="json")
        assert answer.status_code == 400 and list(answer.json()["errors"]) == ["role"]


def test_nobody_changes_the_own_role_and_an_administrator_is_left(world: World, login: Login) -> None:
    client = login(world.admin)
    own = f"{USERS}/{world.admin.pk}"
    assert client.patch(own, {"role": "auditor"}, format="json").status_code == 403
    last = client.patch(own, {"is_active": False}, format="json")
    assert last.status_code == 409 and last.json()["type"] == "urn:gtv:problem:last-admin"
    other = world.user("outra-admin", Role.ADMIN, None)
    outcomes = at_once(
        2,
        lambda number: accounts.change_user(
            (world.admin, other)[number], (other, world.admin)[number].pk, role=Role.AUDITOR
        ),
    )
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1, "also when two come at once"
    assert User.objects.filter(role="admin", is_active=True).count() == 1


def test_who_looks_after_a_person_sees_the_lock_and_takes_it_away(world: World, login: Login) -> None:
    for number in range(11):
        log_in("vigilante", f"guess {number}")
    client = login(world.gestor)
    locks = {user["username"]: user["locked_until"] for user in client.get(USERS).json()}
    assert locks["vigilante"] and locks["gestora"] is None
    assert client.delete(f"{USERS}/{world.viewer.pk}/lock").status_code == 204
    assert {user["locked_until"] for user in client.get(USERS).json()} == {None}
    assert log_in("vigilante")[1].status_code == 200
    assert AuditEntry.objects.get(action="user-unlocked").details == {"locked": True}


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
