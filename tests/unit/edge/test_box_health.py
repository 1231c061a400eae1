"""What the box tells the hub of itself is in words for people, and says all that is wrong."""

from http import HTTPStatus

import httpx
import pytest

from edge_agent import health
from edge_agent.box import Box
from edge_agent.clock import ClockState
from edge_agent.recording import alarms
from edge_agent.recording.events import StateChanged
from edge_agent.recording.retention import FORCED_OUT
from tests.unit.edge.console_rig import CAMERAS


@pytest.fixture(autouse=True)
def synchronised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "clock_state", lambda: ClockState(True, 0.0, 3))


def test_a_box_that_is_well_has_no_alarms(box: Box) -> None:
    told = health.report(box)
    assert (told.alarms, told.differences, told.clock_error_ms) == ([], [], 3)
    assert [camera.camera for camera in told.cameras] == [camera.id for camera in CAMERAS]


def test_what_is_wrong_at_the_box_is_an_alarm_and_a_camera_that_is_away_a_difference(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.alarms.sound(FORCED_OUT)
    (box.folder.root / "edge.db.damaged-17").touch()
    box.settings.unreadable.add("desired-state")
    monkeypatch.setattr(health, "clock_state", lambda: ClockState(False))
    box.health.handle(StateChanged(CAMERAS[0].id, "offline", "A câmera não responde."))
    told = health.report(box)
    disk, database, setting, clock = [alarm.text for alarm in told.alarms]
    assert disk == FORCED_OUT and told.alarms[0].since is not None
    assert "edge.db.damaged-17" in database and "desired-state" in setting and "relógio" in clock
    assert told.differences == [f"{CAMERAS[0].name}: A câmera não responde."]


def test_a_clock_that_was_set_back_does_not_keep_an_alarm_for_years(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.alarms.sound(FORCED_OUT)
    before_us = alarms.now_us() - 2 * alarms.ALARM_US
    monkeypatch.setattr(alarms, "now_us", lambda: before_us)
    assert box.alarms.current() == []


async def test_a_guard_who_comes_later_is_told_what_is_wrong(box: Box, guard: httpx.AsyncClient) -> None:
    box.alarms.sound("O disco está quase cheio.")
    box.health.handle(StateChanged("cam2", "offline", "sem resposta"))
    shown = {alarm["text"]: alarm["since"] for alarm in (await guard.get("/api/alarms")).json()}
    assert shown["O disco está quase cheio."] is not None
    assert shown["Rua XV: sem resposta"] is None


async def test_alarms_are_for_who_has_signed_in(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/api/alarms")).status_code == HTTPStatus.UNAUTHORIZED
