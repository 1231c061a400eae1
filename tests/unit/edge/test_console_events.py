"""An open console hears at once what happens; one that does not listen costs the box nothing."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from edge_agent.box import Box
from edge_agent.console import live_events
from edge_agent.console.app import create_app
from edge_agent.console.auth import COOKIE
from edge_agent.console.events import MAX_LISTENERS, QUEUE_EVENTS, EventHub, FellBehind, TooManyListeners
from edge_agent.recording.events import StateChanged
from tests.unit.edge.builders import desired_state
from tests.unit.edge.console_rig import CAMERAS, PASSWORD

ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def console(box: Box) -> Iterator[TestClient]:
    with TestClient(create_app(box)) as client:
        client.post("/api/auth/login", json={"username": "ana", "password": PASSWORD}).raise_for_status()
        yield client
    box.store.close()


# --- the hub -----------------------------------------------------------------


async def test_an_event_from_any_thread_reaches_every_console() -> None:
    hub = EventHub()
    with hub.listen() as first, hub.listen() as second:
        at = datetime(2026, 1, 31, 12, tzinfo=UTC)
        thread = threading.Thread(target=hub.publish, args=("alarm", {"at": at}))
        thread.start()
        async with asyncio.timeout(5):
            assert await first.next() == await second.next() == '{"type":"alarm","at":"2026-01-31T12:00:00Z"}'
        thread.join()


async def test_a_console_that_does_not_keep_up_is_let_go_and_others_are_not() -> None:
    hub = EventHub()
    with hub.listen() as slow, hub.listen() as quick:
        for number in range(QUEUE_EVENTS + 1):
            hub.publish("plate", {"id": number})
            async with asyncio.timeout(5):
                await quick.next()
        with pytest.raises(FellBehind):
            await slow.next()


async def test_the_number_of_consoles_is_bounded_and_one_that_left_makes_room() -> None:
    hub = EventHub()
    open_consoles = [hub.listen() for _ in range(MAX_LISTENERS)]
    for console in open_consoles:
        console.__enter__()
    with pytest.raises(TooManyListeners), hub.listen():
        pass
    open_consoles[0].__exit__(None, None, None)
    with hub.listen():
        assert hub.listening == MAX_LISTENERS


# --- the WebSocket ---------------------------------------------------------------


def test_a_camera_that_goes_away_is_news_once(box: Box, console: TestClient) -> None:
    with console.websocket_connect("/api/events", headers=ORIGIN) as socket:
        for _ in range(2):
            box.health.handle(StateChanged("cam1", "offline", "sem resposta"))
        box.health.handle(StateChanged("cam1", "online", ""))
        lost, found = socket.receive_json(), socket.receive_json()
    assert (lost["type"], lost["camera"], lost["state"], lost["reason"]) == (
        "camera",
        "cam1",
        "offline",
        "sem resposta",
    )
    assert found["state"] == "online"
    assert box.events.listening == 0


@pytest.mark.parametrize("origin", ["http://evil.example", "http://testserver.evil.example", "null"])
def test_a_page_of_another_site_hears_nothing(console: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as denied,
        console.websocket_connect("/api/events", headers={"Origin": origin}),
    ):
        pass
    assert denied.value.status_code == 403


def test_nothing_is_heard_without_a_session(console: TestClient) -> None:
    console.cookies.clear()
    for cookie in ({}, {COOKIE: "not.a.token"}):
        with pytest.raises(WebSocketDenialResponse) as denied:
            console.cookies.update(cookie)
            with console.websocket_connect("/api/events", headers=ORIGIN):
                pass
        assert denied.value.status_code == 401


def test_a_person_removed_at_the_hub_hears_nothing_any_more(
    box: Box, console: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_events, "SESSION_CHECK_S", 0.05)
    with console.websocket_connect("/api/events", headers=ORIGIN) as socket:
        box.desired.receive(desired_state(2, cameras=CAMERAS))
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive_json()
    assert ended.value.code == 1008


def test_as_many_consoles_as_the_box_serves(
    box: Box, console: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge_agent.console.events.MAX_LISTENERS", 1)
    with (
        console.websocket_connect("/api/events", headers=ORIGIN),
        pytest.raises(WebSocketDenialResponse) as denied,
        console.websocket_connect("/api/events", headers=ORIGIN),
    ):
        pass
    assert denied.value.status_code == 503
