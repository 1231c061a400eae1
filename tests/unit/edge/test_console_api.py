"""The LAN console's API: nothing without a session, everything a guard needs with one."""

import errno
import json
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from msgspec import to_builtins

from edge_agent.box import Box
from edge_agent.clock import now_us
from edge_agent.console.app import create_app
from edge_agent.console.auth import COOKIE, MAX_FAILURES
from edge_agent.control import status_of
from edge_agent.recording.camera import explain
from edge_agent.recording.disk import DiskFailure, DiskTooSlow
from edge_agent.recording.events import Measured, StateChanged
from tests.unit.edge.builders import (
    NOON,
    NOON_US,
    SECOND,
    desired_state,
    open_segment,
    segment,
)
from tests.unit.edge.console_rig import CAMERAS, PASSWORD, audit_events, get

PERIOD = {"start": NOON.isoformat(), "end": (NOON + timedelta(minutes=5)).isoformat()}

ROUTES = [
    "/api/me",
    "/api/status",
    "/api/cameras",
    "/api/cameras/removed",
    "/api/cameras/cam1/timeline?start=2025-11-24T15:00:00Z&end=2025-11-24T16:00:00Z",
    "/api/cameras/cam1/live",
    "/api/cameras/cam1/live.m3u8",
    "/api/cameras/cam1/playback.m3u8?start=2025-11-24T15:00:00Z&end=2025-11-24T16:00:00Z",
    "/api/cameras/cam1/codecs?start=2025-11-24T15:00:00Z&end=2025-11-24T16:00:00Z",
    "/api/cameras/cam1/thumbnail.jpg?at=2025-11-24T15:00:00Z",
    "/api/cameras/cam1/segments/1.mp4",
    "/api/plate-reads",
    "/api/plate-reads/1",
    "/api/plate-reads/1/image",
    "/api/clips",
    "/api/clips/1",
    "/api/clips/1/download",
    "/api/clips/1/files/rua.mp4",
    "/api/alarms",
    "/api/holds",
    "/api/watchlist-hits",
]


#: A token in the path stands for the session (test_live_api.py).
#: For programs: test_monitoring.py shows who may ask.
MONITORING = {"/healthz", "/metrics"}
TOKEN_ROUTES = {
    f"/live/{{token}}/{{camera_id}}/{rest}"
    for rest in (
        "adaptive.m3u8",
        "{quality}/whep",
        "{quality}/whep/{resource_id}",
        "{quality}/{file}",
    )
}

#: Not read with GET (test_playback_webrtc.py).
PLAYBACK_ROUTES = {f"/api/cameras/{{camera_id}}/playback/whep{rest}" for rest in ("", "/{resource_id}")}


#: Only for gestor and admin (test_console_cameras.py, test_holds.py).
GESTOR_ROUTES = {
    "/api/holds/{hold_id}",
    "/api/discovery",
    "/api/discovery/device",
    "/api/cameras/test",
    "/api/cameras/local",
    "/api/cameras/{camera_id}",
}


# --- sessions ------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES)
async def test_nothing_is_shown_without_a_session(visitor: httpx.AsyncClient, route: str) -> None:
    answer = await visitor.get(route)
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Entre com seu usuário e senha."


def test_every_route_is_in_the_list_above(box: Box) -> None:
    """So that a new route cannot be open to everybody by accident."""
    listed = {route.partition("?")[0].replace("cam1", "{camera_id}") for route in ROUTES}
    listed = {r.replace("segments/1.mp4", "segments/{segment_id}.mp4") for r in listed}
    listed = {r.replace("plate-reads/1", "plate-reads/{read_id}") for r in listed}
    listed = {r.replace("clips/1", "clips/{clip_id}").replace("rua.mp4", "{name}") for r in listed}
    others = TOKEN_ROUTES | PLAYBACK_ROUTES | GESTOR_ROUTES | MONITORING
    assert set(create_app(box).openapi()["paths"]) == listed | others | {
        "/api/auth/login",
        "/api/auth/logout",
        "/api/events",  # a WebSocket (test_console_events.py)
        "/api/watchlist-hits/seen",  # not read with GET (test_watch_hits.py)
    }


async def test_login_gives_a_cookie_that_no_script_and_no_other_site_can_use(
    visitor: httpx.AsyncClient, box: Box
) -> None:
    answer = await visitor.post("/api/auth/login", json={"username": "ana", "password": PASSWORD})
    assert answer.json() == {"user": {"username": "ana", "name": "Ana", "role": "gestor"}}
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert await get(visitor, "/api/me") == {"username": "ana", "name": "Ana", "role": "gestor"}
    assert [(event.actor, event.action) for event in audit_events(box)] == [("ana", "console.login")]


async def test_a_session_may_come_as_a_bearer_token(guard: httpx.AsyncClient) -> None:
    token = guard.cookies[COOKIE]
    guard.cookies.clear()
    answer = await guard.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == HTTPStatus.OK


async def test_a_wrong_password_is_told_until_the_name_is_locked(
    visitor: httpx.AsyncClient,
) -> None:
    wrong = {"username": "ana", "password": "x"}
    answers = [await visitor.post("/api/auth/login", json=wrong) for _ in range(MAX_FAILURES + 1)]
    assert [answer.status_code for answer in answers] == [401] * MAX_FAILURES + [429]
    assert answers[0].json()["detail"] == "Usuário ou senha incorretos."
    assert "tentativas" in answers[-1].json()["detail"]


async def test_logout_ends_the_session_in_the_browser(guard: httpx.AsyncClient) -> None:
    assert (await guard.post("/api/auth/logout")).status_code == HTTPStatus.NO_CONTENT
    assert (await guard.get("/api/me")).status_code == HTTPStatus.UNAUTHORIZED


async def test_a_person_removed_at_the_hub_is_out_at_once(guard: httpx.AsyncClient, box: Box) -> None:
    box.desired.receive(desired_state(2, cameras=CAMERAS))
    assert (await guard.get("/api/cameras")).status_code == HTTPStatus.UNAUTHORIZED


# --- what a guard sees -------------------------------------------------------------------


async def test_the_status_says_how_the_box_is(guard: httpx.AsyncClient) -> None:
    status = await get(guard, "/api/status")
    assert (status["city_name"], status["node"], status["timezone"]) == (
        "São Bento",
        "caixa-01",
        "America/Sao_Paulo",
    )
    assert status["online_with_hub"] is False
    assert 0 < status["disk_free_bytes"] <= status["disk_total_bytes"]
    assert status["outbox_depth"] == 1  # the login above


async def test_the_cameras_are_listed_without_their_addresses(guard: httpx.AsyncClient, box: Box) -> None:
    box.health.handle(
        Measured("cam1", 12.04, 400_000, NOON_US, 2.0, 3, -40, 5, "h265", "aac", width=640, height=360)
    )
    listed = await get(guard, "/api/cameras")
    assert [(c["name"], c["state"], c["fps"]) for c in listed] == [
        ("Praça da Matriz", "online", 12.0),
        ("Rua XV", "connecting", 0.0),
    ]
    assert "hidden" not in json.dumps(listed)
    everything = to_builtins(box.health.of("cam1"))
    assert everything.pop("camera") == listed[0]["id"]
    everything.pop("plates")  # how pushes go is told to the hub, which sets plate cameras up
    assert {field: listed[0][field] for field in everything} == everything, "all that is known of it"
    (of_status, _) = status_of(box)["cameras"]
    assert {field: of_status[field] for field in everything} == everything, "in `status --json` too"


@pytest.mark.parametrize(
    ("failure", "fault"),
    [
        (DiskFailure(errno.ENOSPC, "full"), "disk"),
        (DiskFailure(errno.EIO, "broken"), "disk"),
        (DiskTooSlow("slow"), "disk"),
        (TimeoutError(), "camera"),
    ],
)
async def test_a_camera_that_is_well_is_not_blamed_for_the_boxs_disk(
    guard: httpx.AsyncClient, box: Box, failure: Exception, fault: str
) -> None:
    box.health.handle(StateChanged("cam1", "offline", explain(failure)))
    first = (await get(guard, "/api/cameras"))[0]
    assert (first["state"], first["fault"]) == ("offline", fault)
    assert first["reason"] == explain(failure)


async def test_the_timeline_shows_footage_and_plates(guard: httpx.AsyncClient, recorded: Box) -> None:
    shown = await get(guard, "/api/cameras/cam1/timeline", **PERIOD)
    assert shown["spans"] == [{"start": "2025-11-24T15:00:00Z", "end": "2025-11-24T15:02:00Z"}]
    assert [mark["plate"] for mark in shown["reads"]] == ["ABC1D23", "XYZ9A88"]


async def test_playback_is_audited_once_however_often_the_player_reloads(
    guard: httpx.AsyncClient, recorded: Box
) -> None:
    url = "/api/cameras/cam1/playback.m3u8"
    for _ in range(3):
        answer = await guard.get(url, params=PERIOD)
        assert answer.status_code == HTTPStatus.OK
    assert answer.headers["content-type"].startswith("application/vnd.apple.mpegurl")
    assert answer.text.count("#EXTINF") == 120
    told = [(event.actor, event.action) for event in audit_events(recorded)]
    assert told == [("ana", "console.login"), ("ana", "console.playback")]


async def test_media_comes_by_closed_byte_ranges(guard: httpx.AsyncClient, recorded: Box) -> None:
    url = f"/api/cameras/cam1/segments/{NOON_US}.mp4"
    answer = await guard.get(url, headers={"Range": "bytes=100-109"})
    assert answer.status_code == HTTPStatus.PARTIAL_CONTENT
    assert answer.content == bytes(range(100, 110))
    assert answer.headers["content-range"] == "bytes 100-109/*"
    for header in ("", "bytes=0-", "bytes=0-99999"):
        refused = await guard.get(url, headers={"Range": header})
        assert refused.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, header


@pytest.mark.parametrize("segment_id", ["1", "99999999999999999999", "-1"])
async def test_a_file_that_does_not_exist_is_not_found(
    guard: httpx.AsyncClient, recorded: Box, segment_id: str
) -> None:
    answer = await guard.get(f"/api/cameras/cam1/segments/{segment_id}.mp4", headers={"Range": "bytes=0-9"})
    assert answer.status_code == HTTPStatus.NOT_FOUND


async def test_live_plays_what_is_being_recorded(guard: httpx.AsyncClient, box: Box) -> None:
    assert (await guard.get("/api/cameras/cam1/live.m3u8")).status_code == HTTPStatus.NOT_FOUND
    await open_segment(box.index, segment(now_us() - 5 * SECOND, 5))
    answer = await guard.get("/api/cameras/cam1/live.m3u8")
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("#EXTINF") == 5


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2025-11-24T15:00:00", "2025-11-24T16:00:00", "fuso"),
        ("2025-11-24T16:00:00Z", "2025-11-24T15:00:00Z", "antes do fim"),
        ("2025-11-24T15:00:00Z", "2025-11-24T15:00:00Z", "antes do fim"),
        ("2025-11-01T15:00:00Z", "2025-11-24T15:00:00Z", "no máximo 6 horas"),
    ],
)
async def test_a_period_that_makes_no_sense_is_explained(
    guard: httpx.AsyncClient, start: str, end: str, said: str
) -> None:
    answer = await guard.get("/api/cameras/cam1/playback.m3u8", params={"start": start, "end": end})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert said in answer.json()["detail"]


async def test_a_parameter_that_is_none_is_a_problem_too(guard: httpx.AsyncClient) -> None:
    answer = await guard.get("/api/cameras/cam1/timeline", params={"start": "ontem", "end": "hoje"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.headers["content-type"] == "application/problem+json"
    assert "start" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/api/cameras/cam9/live.m3u8", "/api/nothing", "/api/plate-reads/x/image"])
async def test_what_does_not_exist_is_not_found_in_portuguese(guard: httpx.AsyncClient, path: str) -> None:
    answer = await guard.get(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.headers["content-type"] == "application/problem+json"


# --- the web UI ------------------------------------------------------------------------------


async def test_every_answer_forbids_foreign_scripts(visitor: httpx.AsyncClient) -> None:
    for path in ("/", "/api/me", "/cameras/cam1"):
        headers = (await visitor.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_committed_openapi_document_is_current() -> None:
    committed = Path(__file__).parents[3] / "docs" / "api" / "edge.openapi.json"
    assert json.loads(committed.read_text()) == create_app(None).openapi()
