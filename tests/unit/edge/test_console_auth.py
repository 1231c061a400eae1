"""Who may use the LAN console, decided with no internet."""

import time

import argon2
import jwt
import pytest
from msgspec.structs import replace

from edge_agent.config import Settings
from edge_agent.console.auth import (
    MAX_FAILURES,
    SESSION_S,
    WINDOW_S,
    Authenticator,
    EndedSessions,
    LoginFailed,
    NotLoggedIn,
    TooManyAttempts,
)
from protocol.messages import DesiredState, DesiredUser
from tests.unit.edge.builders import desired_state

KEY = b"k" * 32
#: As cheap as argon2 gets: the cost parameters are in the hash, so the verifier follows.
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ANA = DesiredUser(username="ana", name="Ana", role="gestor", password_hash=CHEAP.hash("boa senha"))
RUI = DesiredUser(username="rui", name="Rui", role="visualizador", password_hash=CHEAP.hash("outra"))


class Door:
    """An authenticator with a clock and a desired state that tests move."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now_mono = 1000.0
        self.desired: DesiredState | None = desired_state(users=[ANA, RUI])
        self.restart()

    def restart(self) -> None:
        self.authenticator = Authenticator(
            KEY, EndedSessions(self.settings), lambda: self.desired, lambda: self.now_mono
        )

    def fail(self, username: str = "ana", times: int = 1) -> None:
        for _ in range(times):
            with pytest.raises(LoginFailed):
                self.authenticator.log_in(username, "errada")


@pytest.fixture
def door(settings: Settings) -> Door:
    return Door(settings)


def test_the_right_password_opens_a_session_that_is_recognised(door: Door) -> None:
    user, token = door.authenticator.log_in("ana", "boa senha")
    assert user == ANA
    assert door.authenticator.user(token) == ANA


@pytest.mark.parametrize(
    ("username", "password"), [("ana", "errada"), ("ana", ""), ("ninguém", "boa senha"), ("", "")]
)
def test_a_wrong_name_or_password_is_refused(door: Door, username: str, password: str) -> None:
    with pytest.raises(LoginFailed):
        door.authenticator.log_in(username, password)


def test_a_hash_the_box_cannot_read_refuses_and_does_not_crash(door: Door) -> None:
    broken = DesiredUser(username="zé", name="Zé", role="gestor", password_hash="pbkdf2$nonsense")
    door.desired = desired_state(users=[broken])
    with pytest.raises(LoginFailed):
        door.authenticator.log_in("zé", "x")


def test_a_box_that_never_heard_from_the_hub_lets_nobody_in(door: Door) -> None:
    door.desired = None
    with pytest.raises(LoginFailed):
        door.authenticator.log_in("ana", "boa senha")


def test_too_many_wrong_passwords_lock_the_name_even_for_the_right_one(door: Door) -> None:
    door.fail(times=MAX_FAILURES)
    with pytest.raises(TooManyAttempts):
        door.authenticator.log_in("ana", "boa senha")


def test_the_lock_ends_with_its_window(door: Door) -> None:
    door.fail(times=MAX_FAILURES)
    door.now_mono += WINDOW_S + 1
    assert door.authenticator.log_in("ana", "boa senha")[0] == ANA


def test_slow_guessing_is_not_locked_but_a_burst_after_it_is(door: Door) -> None:
    for _ in range(MAX_FAILURES):
        door.fail()
        door.now_mono += WINDOW_S / 2
    door.fail(times=MAX_FAILURES - 1)  # the failures of the last window count, with these
    with pytest.raises(TooManyAttempts):
        door.authenticator.log_in("ana", "boa senha")


def test_a_locked_name_locks_nobody_else(door: Door) -> None:
    door.fail("ana", times=MAX_FAILURES)
    assert door.authenticator.log_in("rui", "outra")[0] == RUI


def test_a_right_password_forgets_the_wrong_ones(door: Door) -> None:
    door.fail(times=MAX_FAILURES - 1)
    door.authenticator.log_in("ana", "boa senha")
    door.fail(times=MAX_FAILURES - 1)
    assert door.authenticator.log_in("ana", "boa senha")[0] == ANA


def test_a_person_removed_at_the_hub_has_no_session_any_more(door: Door) -> None:
    _, token = door.authenticator.log_in("ana", "boa senha")
    door.desired = desired_state(revision=2, users=[RUI])
    with pytest.raises(NotLoggedIn):
        door.authenticator.user(token)


def test_a_session_that_logged_out_is_over_also_for_a_copy_of_its_token_and_after_a_restart(
    door: Door,
) -> None:
    _, here = door.authenticator.log_in("ana", "boa senha")
    _, elsewhere = door.authenticator.log_in("ana", "boa senha")
    door.authenticator.log_out(here)
    door.authenticator.log_out(here)
    door.restart()
    with pytest.raises(NotLoggedIn):
        door.authenticator.user(here)
    assert door.authenticator.user(elsewhere) == ANA, "another session of hers goes on"


def test_what_outlives_a_request_asks_whether_its_login_holds(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, here = door.authenticator.log_in("ana", "boa senha")
    _, elsewhere = door.authenticator.log_in("ana", "boa senha")
    ended, kept = door.authenticator.login(here), door.authenticator.login(elsewhere)
    assert door.authenticator.holds(ended)
    door.authenticator.log_out(here)
    assert not door.authenticator.holds(ended)
    assert door.authenticator.holds(kept), "another session of hers goes on"
    monkeypatch.setattr(time, "time", lambda: kept.expires + 1.0)
    assert not door.authenticator.holds(kept), "a shift has ended"


def test_another_password_at_the_hub_ends_every_session(door: Door) -> None:
    _, token = door.authenticator.log_in("ana", "boa senha")
    door.desired = desired_state(2, users=[replace(ANA, password_hash=CHEAP.hash("nova")), RUI])
    with pytest.raises(NotLoggedIn):
        door.authenticator.user(token)
    assert door.authenticator.log_in("ana", "nova")[0].username == "ana"


def test_logouts_are_remembered_until_the_session_would_have_ended(settings: Settings) -> None:
    ended = EndedSessions(settings)
    ended.add("old", int(time.time()) - 1)
    ended.add("new", int(time.time()) + 60)
    kept = EndedSessions(settings)
    assert "new" in kept
    assert "old" not in kept


def claims(**changed: object) -> dict[str, object]:
    return {
        "sub": "ana",
        "aud": "gtv-console",
        "exp": int(time.time()) + SESSION_S,
        "jti": "1",
        "pwd": "1",
    } | changed


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "not.a.token",
        jwt.encode(claims(), b"x" * 32, algorithm="HS256"),
        jwt.encode(claims(), "", algorithm="none"),
        jwt.encode(claims(aud="gtv-relay-viewer"), KEY, algorithm="HS256"),
        jwt.encode(claims(exp=int(time.time()) - 1), KEY, algorithm="HS256"),
    ],
    ids=["none", "empty", "garbage", "other-key", "unsigned", "other-audience", "expired"],
)
def test_a_token_that_the_box_did_not_give_is_no_session(door: Door, token: str | None) -> None:
    with pytest.raises(NotLoggedIn):
        door.authenticator.user(token)
