"""A box that was a week without internet: its history drains, and what happens now overtakes it."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from demo.engines import free_port
from edge_agent.config import DataFolder
from edge_agent.console.auth import COOKIE
from edge_agent.lpr.domain import VendorRead
from edge_agent.lpr.services import Arrival, PlateReads
from edge_agent.store import Store
from protocol.messages import PlateRead, WatchlistEntry, decode_event
from protocol.topics import Stream
from tests.integration.edge.rig import BoxProcess, HubClient, Pki, camera, desired, eventually, make_broker
from tests.unit.edge.builders import anpr_xml

WEEK = timedelta(days=7)
#: A street with a read every minute: what a week leaves in the outbox.
READS = 7 * 24 * 60
WATCHED = WatchlistEntry("w1", "GTV7A77", "stolen", "BO 77/2025")


def fill_a_week(root: Path) -> list[str]:
    """What a box reads in a week without internet, in its own database; the plates in order."""
    folder = DataFolder(root)
    store = Store(folder.database)
    began = datetime.now(UTC) - WEEK
    instant_us = {"now": int(began.timestamp() * 1e6)}
    reads = PlateReads(store, folder.images, clock_us=lambda: instant_us["now"])
    plates = [f"AA{'ABCDEFGHIJ'[number // 10_000]}{number % 10_000:04}" for number in range(READS)]
    for start in range(0, READS, 500):
        arrivals = []
        for number in range(start, min(start + 500, READS)):
            captured_us = int((began + timedelta(minutes=number)).timestamp() * 1e6)
            arrivals.append(Arrival("cam1", VendorRead("axis", f"e{number}", plates[number], captured_us)))
        instant_us["now"] = captured_us
        assert all(reads.accept_all(arrivals))
    store.close()
    return plates


@pytest.fixture
def broker_port() -> int:
    return free_port()


@pytest.fixture
def box(pki: Pki, tmp_path: Path, broker_port: int) -> Iterator[BoxProcess]:
    state = msgspec.structs.replace(desired(1, camera("cam1", 1, "nowhere")), watchlist=[WATCHED])
    yield BoxProcess(tmp_path / "box", pki, state, broker_port)


@pytest.mark.req("S10.1")
def test_the_backlog_of_a_week_drains_and_a_new_plate_overtakes_it(
    pki: Pki, tmp_path: Path, box: BoxProcess, broker_port: int
) -> None:
    plates = fill_a_week(box.root)
    with make_broker(pki, tmp_path / "broker", broker_port):
        hub = HubClient(pki, broker_port)
        try:
            with box.process:
                eventually(lambda: hub.events[Stream.LPR], within_s=30, what="the first of the backlog")
                assert box.push(
                    anpr_xml(plate="GTV1A11", event="now", time=datetime.now(UTC).isoformat())
                ).is_success
                pushed_mono = time.monotonic()
                eventually(lambda: "GTV1A11" in at_hub(hub), within_s=10, what="the new plate at the hub")
                waited_s = time.monotonic() - pushed_mono
                missing = READS - len(hub.events[Stream.LPR])
                assert missing > 0, f"the backlog was gone after {waited_s:.1f} s: nothing was overtaken"
                eventually(lambda: len(at_hub(hub)) == READS + 1, within_s=90, what="all of the backlog")
        finally:
            hub.close()
    assert at_hub(hub) == [*plates, "GTV1A11"], "each once, and in the box's order by number"


@pytest.mark.req("E1")
def test_a_watched_plate_alarms_the_console_within_two_seconds_without_internet(box: BoxProcess) -> None:
    with box.process, box.log_in() as guard:
        cookie = f"{COOKIE}={guard.cookies[COOKIE]}"
        url = box.console_url.replace("http", "ws", 1) + "/api/events"
        with connect(url, additional_headers={"Cookie": cookie}, origin=Origin(box.console_url)) as socket:
            pushed_mono = time.monotonic()
            box.push(
                anpr_xml(plate="GTV7077", event="w", time=datetime.now(UTC).isoformat())
            ).raise_for_status()
            heard = {}
            while heard.get("type") != "watchlist":
                heard = json.loads(socket.recv(timeout=10))
        assert time.monotonic() - pushed_mono < 2.0
        assert heard["text"] == "Veículo roubado ou furtado: placa GTV7077 em Câmera cam1 (BO 77/2025)."
        (found,) = guard.get("/api/plate-reads", params={"plate": "GTV7077", "purpose": "teste"}).json()[
            "results"
        ]
        assert found["hits"] == [{"entry": "w1", "kind": "stolen"}]
        assert guard.get("/api/status").json()["online_with_hub"] is False


def at_hub(hub: HubClient) -> list[str]:
    """The plates that the hub stored, in the box's order."""
    events = dict(hub.events[Stream.LPR])
    return [decode_event(events[seq], PlateRead).plate for seq in sorted(events)]
