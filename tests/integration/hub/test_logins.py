"""Sessions, the second factor, and being guessed at."""

from binascii import unhexlify
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from central_hub.accounts import lockout, sessions
from central_hub.accounts.models import LoginFailures, LoginSession, User
from central_hub.audit.models import AuditEntry
from tests.integration.hub.conftest import PASSWORD, Login, World

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
ME = "/api/v1/me"
SESSIONS = "/api/v1/me/sessions"
SECOND_FACTOR = "/api/v1/me/second-factor"

pytestmark = pytest.mark.req("S1.1")


def log_in(username: str, password: str = PASSWORD, **more: str) -> tuple[APIClient, Any]:
    client = APIClient(HTTP_USER_AGENT="Navegador de teste")
    answer = client.post(LOGIN, {"username": username, "password": password, **more}, format="json")
    if answer.status_code == 200:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    return client, answer


def problem_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:gtv:problem:")


def code_of(user: User, *, steps_ahead: int = 0) -> str:
    """What the person's app shows; a code is good once, so a second one is of the next half minute."""
    key = unhexlify(TOTPDevice.objects.get(user=user).key)
    return f"{totp(key, t0=-30 * steps_ahead):06}"


def set_up(client: APIClient, user: User) -> list[str]:
    """A second factor, as the person's page does it; the recovery codes."""
    begun = client.post(SECOND_FACTOR, {"password": PASSWORD}, format="json")
    assert begun.status_code == 201, begun.content
    confirmed = client.post(f"{SECOND_FACTOR}/confirm", {"code": code_of(user)}, format="json")
    assert confirmed.status_code == 200, confirmed.content
    codes: list[str] = confirmed.json()["recovery_codes"]
    return codes


# --- sessions -----------------------------------------------------------------------


def test_a_person_sees_the_own_sessions_and_ends_one(world: World) -> None:
    here, _ = log_in("gestora")
    there, _ = log_in("gestora")
    listed = here.get(SESSIONS).json()
    assert [session["current"] for session in listed] == [False, True], "the one used last comes first"
    assert listed[0]["device"] == "Navegador de teste" and listed[0]["address"] == "127.0.0.1"
    assert here.delete(f"{SESSIONS}/{listed[0]['id']}").status_code == 204
    assert there.get(ME).status_code == 401, "at once, not when the access token expires"
    assert there.post(REFRESH).status_code == 401
    assert here.get(ME).status_code == 200
    assert here.delete(f"{SESSIONS}/{listed[0]['id']}").status_code == 404


def test_all_other_sessions_end_together(world: World) -> None:
    here, _ = log_in("gestora")
    others = [log_in("gestora")[0] for _ in range(3)]
    assert here.delete(SESSIONS).status_code == 204
    assert [other.get(ME).status_code for other in others] == [401, 401, 401]
    assert here.get(ME).status_code == 200


def test_nobody_ends_somebody_elses_session(world: World, login: Login) -> None:
    viewer, _ = log_in("vigilante")
    session_id = viewer.get(SESSIONS).json()[0]["id"]
    assert login(world.other_gestor).delete(f"{SESSIONS}/{session_id}").status_code == 404
    of_viewer = f"/api/v1/users/{world.viewer.pk}/sessions"
    assert login(world.other_gestor).delete(of_viewer).status_code == 404
    assert viewer.get(ME).status_code == 200
    assert login(world.gestor).get(of_viewer).json()[0]["id"] == session_id
    assert login(world.gestor).delete(of_viewer).status_code == 204
    assert viewer.get(ME).status_code == 401


def test_two_tabs_that_refresh_at_once_both_stay_logged_in(world: World) -> None:
    client, _ = log_in("gestora")
    shared = client.cookies["gtv_refresh"].value
    assert client.post(REFRESH).status_code == 200
    client.cookies["gtv_refresh"] = shared
    assert client.post(REFRESH).status_code == 200
    LoginSession.objects.update(rotated_at=timezone.now() - sessions.GRACE)
    client.cookies["gtv_refresh"] = shared
    assert client.post(REFRESH).status_code == 401, "but not later"


def test_a_session_ends_however_often_it_is_refreshed(world: World) -> None:
    client, _ = log_in("gestora")
    LoginSession.objects.update(started_at=timezone.now() - sessions.LONGEST_SESSION - timedelta(seconds=1))
    assert client.post(REFRESH).status_code == 401
    assert LoginSession.objects.get().end_reason == "expired"


def test_a_token_that_names_no_session_is_nobodys(world: World) -> None:
    from rest_framework_simplejwt.tokens import RefreshToken

    client = APIClient()
    for claim in (None, "x", "00000000-0000-4000-8000-000000000000"):
        token = RefreshToken.for_user(world.gestor)
        if claim is not None:
            token[sessions.SESSION_CLAIM] = claim
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token.access_token}")
        assert client.get(ME).status_code == 401
        client.cookies["gtv_refresh"] = str(token)
        assert client.post(REFRESH).status_code == 401


def test_a_person_changes_the_own_password(world: World) -> None:
    client, _ = log_in("gestora")
    other, _ = log_in("gestora")
    address = "/api/v1/me/password"
    wrong = client.post(address, {"present": "x", "new": "outra senha comprida"}, format="json")
    assert wrong.status_code == 400 and "present" in wrong.json()["errors"]
    weak = client.post(address, {"present": PASSWORD, "new": "1234567890"}, format="json")
    assert weak.status_code == 400 and "new" in weak.json()["errors"]
    changed = client.post(address, {"present": PASSWORD, "new": "outra senha comprida"}, format="json")
    assert changed.status_code == 200
    assert other.get(ME).status_code == client.get(ME).status_code == 401
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {changed.json()['access']}")
    assert client.get(ME).status_code == 200
    assert log_in("gestora", "outra senha comprida")[1].status_code == 200


def test_what_is_over_is_forgotten_in_the_end(world: World) -> None:
    client, _ = log_in("gestora")
    log_in("gestora")
    client.post("/api/v1/auth/logout")
    LoginSession.objects.filter(ended_at__isnull=False).update(ended_at=timezone.now() - sessions.REMEMBERED)
    lockout.attempt("alguém", "10.0.0.1")
    LoginFailures.objects.update(last_at=timezone.now() - timedelta(hours=2))
    assert sessions.forget_old() == 1 and LoginSession.objects.count() == 1
    assert lockout.forget_old() == 2 and not LoginFailures.objects.exists()


# --- the second factor ----------------------------------------------------------------


@pytest.fixture
def required(settings: SimpleNamespace) -> Iterator[None]:
    settings.GTV_REQUIRE_SECOND_FACTOR = True
    yield


def test_an_admin_without_a_second_factor_may_do_nothing_but_set_it_up(world: World, required: None) -> None:
    client, answer = log_in("admin")
    assert answer.json()["second_factor_missing"] is True
    for address in ("/api/v1/cities", "/api/v1/users", "/api/v1/audit"):
        assert problem_of(client.get(address)) == (403, "second-factor-missing"), address
    set_up(client, world.admin)
    assert client.get("/api/v1/cities").status_code == 200
    assert client.get(SECOND_FACTOR).json() == {"required": True, "active": True, "recovery_codes_left": 10}


def test_with_a_second_factor_the_password_alone_opens_nothing(world: World, required: None) -> None:
    client, _ = log_in("admin")
    old, _ = log_in("admin")
    set_up(client, world.admin)
    assert old.get(ME).status_code == 401, "sessions of the password alone are over"
    assert problem_of(log_in("admin")[1]) == (401, "second-factor-needed")
    assert problem_of(log_in("admin", code="000000")[1]) == (401, "wrong-code")
    assert problem_of(log_in("admin", "wrong", code=code_of(world.admin, steps_ahead=1))[1]) == (
        401,
        "wrong-credentials",
    )


def test_a_code_opens_once(world: World) -> None:
    client, _ = log_in("gestora")
    set_up(client, world.gestor)
    code = code_of(world.gestor, steps_ahead=1)
    assert log_in("gestora", code=code)[1].status_code == 200
    assert problem_of(log_in("gestora", code=code)[1]) == (401, "wrong-code")


def test_a_recovery_code_replaces_the_app_once(world: World) -> None:
    client, _ = log_in("gestora")
    codes = set_up(client, world.gestor)
    assert len(set(codes)) == 10
    assert log_in("gestora", code=codes[0].upper())[1].status_code == 200
    assert problem_of(log_in("gestora", code=codes[0])[1]) == (401, "wrong-code")
    assert client.get(SECOND_FACTOR).json()["recovery_codes_left"] == 9
    assert not any(code in str(entry.details) for code in codes for entry in AuditEntry.objects.all())


def test_recovery_codes_are_renewed_with_a_code(world: World) -> None:
    client, _ = log_in("gestora")
    old = set_up(client, world.gestor)
    address = f"{SECOND_FACTOR}/recovery-codes"
    assert client.post(address, {"code": "123"}, format="json").status_code == 400
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    new = client.post(address, {"code": code_of(world.gestor, steps_ahead=1)}, format="json")
    assert new.status_code == 200 and not set(old) & set(new.json()["recovery_codes"])
    assert problem_of(log_in("gestora", code=old[0])[1]) == (401, "wrong-code")
    assert log_in("gestora", code=new.json()["recovery_codes"][0])[1].status_code == 200


def test_setting_up_asks_for_the_password_and_a_right_code(world: World) -> None:
    client, _ = log_in("gestora")
    assert client.post(SECOND_FACTOR, {"password": "x"}, format="json").status_code == 400
    confirm = f"{SECOND_FACTOR}/confirm"
    assert client.post(confirm, {"code": "123456"}, format="json").status_code == 409, "nothing begun"
    begun = client.post(SECOND_FACTOR, {"password": PASSWORD}, format="json").json()
    assert begun["uri"].startswith("otpauth://totp/GT-Vision") and begun["key"] in begun["uri"]
    wrong = f"{(int(code_of(world.gestor)) + 1) % 1_000_000:06}"
    assert client.post(confirm, {"code": wrong}, format="json").status_code == 400
    assert log_in("gestora")[1].status_code == 200, "not yet confirmed: the password is enough"


def test_who_need_not_have_a_second_factor_may_remove_it(world: World, required: None) -> None:
    client, _ = log_in("gestora")
    set_up(client, world.gestor)
    remove = f"{SECOND_FACTOR}/remove"
    code = code_of(world.gestor, steps_ahead=1)
    assert client.post(remove, {"password": "x", "code": code}, format="json").status_code == 400
    assert client.post(remove, {"password": PASSWORD, "code": code}, format="json").status_code == 204
    assert log_in("gestora")[1].status_code == 200
    admin, _ = log_in("admin")
    set_up(admin, world.admin)
    again = {"password": PASSWORD, "code": code_of(world.admin, steps_ahead=1)}
    assert admin.post(remove, again, format="json").status_code == 409, "an admin must keep it"


def test_a_lost_telephone_is_reset_by_who_looks_after_the_person(world: World, login: Login) -> None:
    client, _ = log_in("vigilante")
    set_up(client, world.viewer)
    address = f"/api/v1/users/{world.viewer.pk}/second-factor"
    assert login(world.other_gestor).delete(address).status_code == 404
    assert login(world.gestor).delete(address).status_code == 204
    assert client.get(ME).status_code == 401
    assert log_in("vigilante")[1].status_code == 200
    assert AuditEntry.objects.filter(action="second-factor-reset", actor="gestora").count() == 1


def test_djangos_admin_asks_for_the_code_too(world: World, required: None) -> None:
    def enter(**more: str) -> Any:
        page = Client()
        page.post("/admin/login/", {"username": "admin", "password": PASSWORD, "next": "/admin/", **more})
        return page.get("/admin/").status_code

    assert enter() == 302, "no second factor yet"
    client, _ = log_in("admin")
    set_up(client, world.admin)
    assert enter() == 302
    assert enter(code="000000") == 302
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert enter(code=code_of(world.admin, steps_ahead=1)) == 200
    assert Client().get("/admin/otp_totp/totpdevice/").status_code in (302, 404)


# --- being guessed at -------------------------------------------------------------------


def test_a_lock_is_of_one_name_from_one_address(world: World) -> None:
    for number in range(10):
        assert log_in("vigilante", f"guess {number}")[1].status_code == 401
    status, code = problem_of(log_in("vigilante")[1])
    assert (status, code) == (429, "locked"), "even with the right password"
    elsewhere = APIClient(REMOTE_ADDR="10.9.8.7")
    credentials = {"username": "vigilante", "password": PASSWORD}
    assert elsewhere.post(LOGIN, credentials, format="json").status_code == 200
    assert AuditEntry.objects.filter(action="login-refused", details__why="locked").exists()


def test_a_lock_ends_and_the_next_failure_locks_longer(world: World) -> None:
    for number in range(11):
        _, answer = log_in("vigilante", f"guess {number}")
    assert 0 < int(answer["Retry-After"]) <= 61
    LoginFailures.objects.exclude(locked_until=None).update(locked_until=timezone.now())
    assert log_in("vigilante", "another guess")[1].status_code == 401
    assert 60 < int(log_in("vigilante")[1]["Retry-After"]) <= 121
    LoginFailures.objects.exclude(locked_until=None).update(locked_until=timezone.now())
    assert log_in("vigilante")[1].status_code == 200
    assert not LoginFailures.objects.exists(), "the right password forgives"


def test_guesses_from_many_addresses_lock_the_name_in_the_end(world: World) -> None:
    waits = [lockout.attempt("gestora", f"10.0.{number}.1") for number in range(101)]
    assert waits[:100] == [0.0] * 100 and waits[100] > 0
    assert log_in("gestora")[1].status_code == 429


def test_an_address_that_tries_without_end_is_slowed_down(world: World) -> None:
    answers = [log_in(f"name-{number}")[1].status_code for number in range(61)]
    assert answers[:60] == [401] * 60 and answers[60] == 429


def test_codes_are_guessed_at_no_better_than_passwords(world: World) -> None:
    client, _ = log_in("gestora")
    set_up(client, world.gestor)
    answers = [log_in("gestora", code=f"{number:06}")[1].status_code for number in range(11)]
    assert answers[-1] == 429
