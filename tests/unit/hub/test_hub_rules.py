"""The rules of accounts, cities, fleet and streaming, without a service."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub import kernel
from central_hub.accounts import domain as accounts
from central_hub.cities import domain as cities
from central_hub.fleet import domain as fleet
from central_hub.kernel import Conflict, InvalidInput, NotPermitted, Role
from central_hub.streaming import domain as streaming
from central_hub.streaming.domain import JOIN_WITHIN, Span
from protocol.messages import DesiredCamera, DesiredUser

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


# --- who may do what ---------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "own", "may"),
    [
        (Role.ADMIN, None, True),
        (Role.GESTOR, 1, True),
        (Role.GESTOR, 2, False),
        (Role.VISUALIZADOR, 1, False),
    ],
)
def test_a_city_is_governed_by_its_gestor_and_the_admins(role: Role, own: int | None, may: bool) -> None:
    caller = SimpleNamespace(pk=1, username="x", role=role, city_id=own)
    assert kernel.governs(caller, 1) is may
    if may:
        kernel.require_governs(caller, 1)
    else:
        with pytest.raises(NotPermitted):
            kernel.require_governs(caller, 1)
        with pytest.raises(NotPermitted):
            kernel.require_admin(caller)


def test_an_admin_belongs_to_no_city_and_others_to_one() -> None:
    accounts.check_role_and_city(Role.ADMIN, None)
    accounts.check_role_and_city(Role.GESTOR, 1)
    for role, city in ((Role.ADMIN, 1), (Role.GESTOR, None), (Role.VISUALIZADOR, None)):
        with pytest.raises(InvalidInput) as refused:
            accounts.check_role_and_city(role, city)
        assert list(refused.value.errors) == ["city"]


@pytest.mark.req("S2.3")
def test_one_gestor_five_visualizadores_and_any_number_of_admins() -> None:
    accounts.check_room_for(Role.GESTOR, 0)
    accounts.check_room_for(Role.VISUALIZADOR, 4)
    accounts.check_room_for(Role.ADMIN, 1000)
    for role, present in ((Role.GESTOR, 1), (Role.VISUALIZADOR, 5)):
        with pytest.raises(Conflict) as refused:
            accounts.check_room_for(role, present)
        assert refused.value.code == "user-limit"


def test_password_hashes_of_other_kinds_do_not_leave_the_hub() -> None:
    assert accounts.console_password_hash("argon2$argon2id$v=19$m=1$x$y") == "$argon2id$v=19$m=1$x$y"
    assert accounts.console_password_hash("pbkdf2_sha256$1$x$y") is None
    assert accounts.console_password_hash("!unusable") is None


# --- cities and cameras --------------------------------------------------------


@pytest.mark.parametrize("code", ["", "São", "a b", "-a", "a-", "A", "a/b", "a+", "x" * 41])
def test_codes_that_cannot_be_topics_or_certificate_names_are_refused(code: str) -> None:
    with pytest.raises(InvalidInput):
        cities.check_code("code", code, cities.MAX_CITY_CODE)


def test_the_longest_address_fits_a_certificates_common_name() -> None:
    cities.check_code("code", "a" * cities.MAX_CITY_CODE, cities.MAX_CITY_CODE)
    assert cities.MAX_CITY_CODE + 1 + cities.MAX_NODE_CODE <= 64


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "America"])
def test_unknown_time_zones_are_refused(zone: str) -> None:
    cities.check_timezone("America/Sao_Paulo")
    with pytest.raises(InvalidInput):
        cities.check_timezone(zone)


@pytest.mark.parametrize(
    "url", ["rtsp://10.0.0.1/s", "rtsps://user:p%40ss@cam.local:322/s?x=1", "rtsp://[::1]:554/"]
)
def test_rtsp_addresses_of_every_form_are_taken(url: str) -> None:
    cities.check_rtsp_url(url)


@pytest.mark.parametrize(
    "url", ["", "http://h/", "rtsp:///s", "rtsp://h:99999/", "rtsp://u:secret@h/a b", "rtsp://[::1/", "//h/"]
)
def test_what_is_no_rtsp_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cities.check_rtsp_url(url)
    assert "secret" not in refused.value.detail + str(refused.value.errors)


@pytest.mark.req("S2.4")
def test_a_thousand_cameras_and_no_more() -> None:
    cities.check_room_for_camera(999)
    with pytest.raises(Conflict):
        cities.check_room_for_camera(1000)


def test_lpr_secrets_differ_and_are_known_by_their_digest() -> None:
    one, other = cities.LprSecret.new(), cities.LprSecret.new()
    assert one.secret != other.secret and one.digest == cities.LprSecret(one.secret).digest
    assert len(one.digest) == 64


# --- enrolment and desired state -------------------------------------------------


def test_a_token_is_good_once_and_for_an_hour() -> None:
    new = fleet.new_token(NOON)
    assert new.digest == fleet.token_digest(new.token) and new.token not in new.digest
    assert fleet.token_is_good(new.expires_at, None, NOON + timedelta(minutes=59))
    assert not fleet.token_is_good(new.expires_at, None, NOON + timedelta(hours=1))
    assert not fleet.token_is_good(new.expires_at, NOON, NOON)
    assert new.token in fleet.enrol_command("https://hub.example", new.token)


def desired(*cameras: str, users: tuple[str, ...] = ("a",), days: int = 7) -> str:
    state = fleet.desired_state(
        city="c",
        city_name="C",
        timezone="UTC",
        retention_days=days,
        cameras=[DesiredCamera(camera, camera, "rtsp://h/") for camera in cameras],
        users=[DesiredUser(user, user, "gestor", "$argon2id$") for user in users],
    )
    return fleet.content_digest(state)


def test_the_digest_of_a_desired_state_depends_on_content_not_on_order() -> None:
    assert desired("1", "2", users=("a", "b")) == desired("2", "1", users=("b", "a"))
    assert len({desired("1"), desired("1", "2"), desired("1", days=30), desired("1", users=())}) == 4


# --- spans and sessions -----------------------------------------------------------


def span(first_s: float, last_s: float) -> Span:
    return Span(NOON + timedelta(seconds=first_s), NOON + timedelta(seconds=last_s))


def test_segments_that_follow_one_another_are_one_span() -> None:
    assert streaming.merge_spans([span(60.04, 120), span(0, 60), span(300, 360)]) == [
        span(0, 120),
        span(300, 360),
    ]
    assert streaming.merge_spans([span(0, 100), span(10, 20)]) == [span(0, 100)]


spans = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 60)).map(lambda pair: span(pair[0], sum(pair))), max_size=20
)


@given(spans, spans)
def test_merging_again_or_in_parts_changes_nothing(some: list[Span], more: list[Span]) -> None:
    whole = streaming.merge_spans([*some, *more])
    assert streaming.merge_spans(whole) == whole
    assert streaming.merge_spans([*streaming.merge_spans(some), *more, *some]) == whole
    assert all(b.start - a.end > JOIN_WITHIN for a, b in pairwise(whole))
    assert all(any(kept.start <= s.start and s.end <= kept.end for kept in whole) for s in [*some, *more])


@given(spans)
def test_clipping_keeps_what_is_inside(some: list[Span]) -> None:
    since, until = NOON + timedelta(seconds=100), NOON + timedelta(seconds=200)
    for part in streaming.clip_spans(some, since, until):
        assert since <= part.start < part.end <= until


def test_a_session_asks_for_an_hour_at_most_and_forwards() -> None:
    streaming.check_period(NOON, NOON + timedelta(hours=1))
    for end in (NOON, NOON - timedelta(seconds=1), NOON + timedelta(hours=1, seconds=1)):
        with pytest.raises(InvalidInput):
            streaming.check_period(NOON, end)


def test_relay_addresses() -> None:
    assert streaming.uplink_url("https://r.example/x") == "wss://r.example/x/uplink"
    assert streaming.uplink_url("http://localhost:1") == "ws://localhost:1/uplink"
    assert streaming.playlist_url("http://r", "s1") == "http://r/v1/sessions/s1/playback.m3u8"
