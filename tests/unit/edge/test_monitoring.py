"""What a watchdog and Prometheus are told, and that they are told of nobody."""

import ctypes
import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from edge_agent import clock, metrics
from edge_agent.box import Box
from edge_agent.clock import ClockState, clock_state
from edge_agent.console.app import create_app
from edge_agent.lpr import api as lpr_api
from edge_agent.lpr.intake import Intake
from edge_agent.mediamtx.server import MediaMtxStatus
from edge_agent.metrics import Wellness, load_or_make_token, may_read
from edge_agent.recording.events import Measured, StateChanged
from tests.unit.edge.builders import HOUR, NOON_US, anpr_xml, basic, open_segment, segment
from tests.unit.edge.clip_rig import made, span

METRICS_DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"


async def scrape(box: Box, address: str = "127.0.0.1", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(box), client=(address, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://box") as client:
        return await client.get("/metrics", headers=headers)


@pytest.fixture
async def open_box(box: Box) -> AsyncIterator[Box]:
    yield box
    box.store.close()


def samples(text: str) -> dict[tuple[str, str], float]:
    """By name and the first label's value. Raises ValueError for what Prometheus would not take."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_the_figures_of_a_box(open_box: Box) -> None:
    measured = Measured("cam1", 24.9, 2_000_000, clock.now_us() - 2_000_000)
    open_box.health.handle(replace(measured, packets_lost=7, reconnects=2, clock_drift_ms=-1500, gop_s=1.98))
    open_box.health.handle(StateChanged("cam2", "offline", "sem resposta"))
    open_box.audit("ana", "console.login")
    open_box.disk_floor_bytes = 1
    answer = await scrape(open_box)
    assert answer.status_code == HTTPStatus.OK
    found = samples(answer.text)
    assert found["gtv_cameras", "online"] == found["gtv_cameras", "offline"] == 1
    assert (found["gtv_camera_up", "cam1"], found["gtv_camera_up", "cam2"]) == (1, 0)
    assert found["gtv_camera_bits_per_second", "cam1"] == 2_000_000
    assert found["gtv_camera_packets_lost_total", "cam1"] == 7
    assert found["gtv_camera_reconnects_total", "cam1"] == 2
    assert found["gtv_camera_clock_drift_seconds", "cam1"] == -1.5
    assert found["gtv_camera_gop_seconds", "cam1"] == 1.98
    assert ("gtv_camera_gop_seconds", "cam2") not in found, "not known"
    assert 2 <= found["gtv_camera_last_packet_age_seconds", "cam1"] < 30
    assert found["gtv_outbox_events", "audit"] == 1
    assert found["gtv_outbox_events", "lpr"] == 0
    assert 0 <= found["gtv_outbox_oldest_event_age_seconds", "audit"] < 30
    assert ("gtv_outbox_oldest_event_age_seconds", "lpr") not in found, "nothing waits"
    assert found["gtv_playback_sessions", ""] == 0
    free = found["gtv_disk_free_bytes", ""]
    assert found["gtv_disk_left_seconds", ""] == pytest.approx(free / 250_000, rel=0.1)


async def test_recorded_bytes_are_counted_by_camera(open_box: Box) -> None:
    await open_segment(open_box.index, segment(NOON_US, 3))
    assert samples((await scrape(open_box)).text)["gtv_camera_recorded_bytes_total", "cam1"] == 3 * 10


async def test_an_event_that_waits_grows_old(open_box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    open_box.audit("ana", "console.login")
    an_hour_later_us = clock.now_us() + HOUR
    monkeypatch.setattr(metrics, "now_us", lambda: an_hour_later_us)
    open_box.audit("ana", "console.logout")
    found = samples((await scrape(open_box)).text)
    assert found["gtv_outbox_oldest_event_age_seconds", "audit"] == pytest.approx(3600, abs=30)


async def test_clips_are_counted_by_state(footage: Box) -> None:
    await made(footage, span(2, 4))
    footage.clips.order("ana", "outro", [span(5, 6)])
    found = samples((await scrape(footage)).text)
    states = ("queued", "running", "done", "failed")
    assert [found["gtv_clips", state] for state in states] == [1, 0, 1, 0]


class _Recorder:
    restarts = 0


class _Media:
    def status(self) -> MediaMtxStatus:
        return MediaMtxStatus(True, 1, True, 2, 2, 3, 4, 5)


async def test_every_figure_is_documented_and_nothing_else(
    open_box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_box, "recorder", _Recorder())
    monkeypatch.setattr(open_box, "media", _Media())
    monkeypatch.setattr(metrics, "clock_state", lambda: ClockState(True, 0.0, 1))
    open_box.health.handle(Measured("cam1", 25, 2_000_000, clock.now_us()))
    families = text_string_to_metric_families((await scrape(open_box)).text)
    shown = {(f.name, f.type) for f in families if not f.name.startswith("process_")}
    rows = re.findall(r"^\| `(gtv_\w+)` \| (\w+) ", METRICS_DOCUMENT.read_text(), re.MULTILINE)
    # A counter's family has no _total, its samples do, which is what a query names.
    assert {(name.removesuffix("_total"), kind) for name, kind in rows} == shown


async def test_the_figures_name_nobody(open_box: Box) -> None:
    open_box.audit("ana", "console.login")
    text = (await scrape(open_box)).text
    for secret in ("ana", "hidden", "10.0.0.2", "Praça"):
        assert secret not in text.replace("gtv_event_consoles", "")


async def test_names_follow_prometheus(open_box: Box) -> None:
    for family in text_string_to_metric_families((await scrape(open_box)).text):
        assert family.name.startswith(("gtv_", "process_"))
        assert family.documentation
        assert not family.name.endswith(("_ms", "_us", "_kb", "_minutes", "_days")), "base units"


async def test_pushes_are_counted_by_their_answer(open_box: Box) -> None:
    intake = Intake(open_box.reads, lambda kept: None)
    app = lpr_api.create_app(intake, open_box.desired, open_box.metrics.time_push)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://box") as camera:
        answer = await camera.post("/lpr/hikvision", content=anpr_xml(), headers=basic("cam1", "wrong"))
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    found = samples((await scrape(open_box)).text)
    assert found["gtv_lpr_push_duration_seconds_count", "401"] == 1


async def test_from_the_lan_only_with_the_token(open_box: Box) -> None:
    assert (await scrape(open_box, "10.0.0.9")).status_code == HTTPStatus.FORBIDDEN
    assert (await scrape(open_box, "10.0.0.9", authorization="Bearer x")).status_code == HTTPStatus.FORBIDDEN
    token = load_or_make_token(open_box.folder.metrics_token)
    shown = await scrape(open_box, "10.0.0.9", authorization=f"Bearer {token}")
    assert shown.status_code == HTTPStatus.OK
    assert open_box.folder.metrics_token.stat().st_mode & 0o077 == 0


def test_an_empty_token_file_opens_nothing() -> None:
    assert not may_read("10.0.0.9", "Bearer ", "")
    assert not may_read(None, "", "token")


# --- /healthz ------------------------------------------------------------------------


async def test_a_box_that_works_is_well_without_a_login(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/healthz")
    assert answer.status_code == HTTPStatus.OK
    assert answer.json() == {
        "status": "ok",
        "checks": {"recorder": True, "database": True, "disk": True, "clock_set": True},
    }


@pytest.mark.parametrize("failing", ["recorder", "database", "disk", "clock_set"])
async def test_what_fails_is_named(
    box: Box, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    class Dead:
        all_alive = False
        restarts = 0

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    match failing:
        case "recorder":
            monkeypatch.setattr(box, "recorder", Dead())
        case "database":
            monkeypatch.setattr(box.settings, "set", refuse)
        case "disk":
            monkeypatch.setattr(box, "disk_floor_bytes", 2**60)
        case "clock_set":
            monkeypatch.setattr(metrics, "now_us", lambda: 0)
    answer = await visitor.get("/healthz")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert [name for name, well in answer.json()["checks"].items() if not well] == [failing]


def test_asking_often_costs_one_write(box: Box) -> None:
    now_mono = 0.0
    wellness = Wellness(box, lambda: now_mono)
    assert wellness.checks()["database"]
    box.store.close()
    assert wellness.checks()["database"], "from memory"
    now_mono += metrics.VERDICT_S + 1
    assert not wellness.checks()["database"]


# --- the clock ---------------------------------------------------------------------------


def test_the_kernel_says_how_the_clock_is() -> None:
    state = clock_state()
    assert state.synchronised in (True, False, None)
    if state.synchronised:
        assert state.error_ms is not None
        assert state.error_ms >= 0


def test_the_structure_is_as_the_kernels() -> None:
    """adjtimex(2) fills in the time of day too: behind eight members of a long's size each."""
    answer = clock._Timex()
    if ctypes.CDLL(None).adjtimex(ctypes.byref(answer)) < 0:
        pytest.skip("this system does not allow adjtimex")
    raw = bytes(answer)
    seconds = int.from_bytes(raw[9 * 8 : 10 * 8], "little")
    assert abs(seconds - clock.now_us() / 1e6) < 5


def test_a_system_that_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> object:
        raise OSError

    monkeypatch.setattr(clock.ctypes, "CDLL", missing)
    assert clock_state() == ClockState(None)
