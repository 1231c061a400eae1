"""Hits of the watchlist are kept for whoever comes to the console later, until a person has seen them."""

from collections.abc import Iterator
from http import HTTPStatus

import httpx
import pytest
from starlette.testclient import TestClient

from edge_agent.box import Box
from edge_agent.clock import now_us
from edge_agent.console.app import create_app
from edge_agent.lpr.retention import PlateRetention
from edge_agent.lpr.services import Arrival
from edge_agent.lpr.watch_hits import WatchHits
from protocol.messages import WatchlistEntry
from tests.unit.edge.builders import HOUR, JPEG, NOON_US, SECOND, vendor_read
from tests.unit.edge.console_rig import PASSWORD, audit_events, get

STOLEN = WatchlistEntry("w1", "ABC1D23", "stolen", "BO 12/2025")
WANTED = WatchlistEntry("w2", "XYZ*", "wanted", "Mandado 7")
WELCOME = WatchlistEntry("w3", "PRF1A11", "authorised", "Viatura")


@pytest.fixture
def watching(box: Box) -> Iterator[Box]:
    box.reads.watch([STOLEN, WANTED, WELCOME])
    yield box
    box.store.close()


def pushed(box: Box, *plates: str, image: bytes | None = None) -> None:
    """The camera pushes these plates, a second after each other."""
    box.reads.accept_all(
        [
            Arrival("cam1", vendor_read(f"{plate}-{n}", plate, NOON_US + n * SECOND, image=image))
            for n, plate in enumerate(plates)
        ]
    )


@pytest.mark.req("E4")
async def test_a_hit_of_a_time_without_console_is_shown_to_who_comes_later(
    watching: Box, guard: httpx.AsyncClient
) -> None:
    pushed(watching, "ABC1D23", "QRS4E56", "XYZ9A88", image=JPEG)
    shown = await get(guard, "/api/watchlist-hits")
    assert shown["open"] == 2
    newest, oldest = shown["results"]
    assert newest["entries"] == [{"id": "w2", "kind": "wanted", "reason": "Mandado 7"}]
    assert oldest["entries"] == [{"id": "w1", "kind": "stolen", "reason": "BO 12/2025"}]
    assert (oldest["read"]["plate"], oldest["read"]["camera"]["name"]) == ("ABC1D23", "Praça da Matriz")
    assert (await guard.get(oldest["read"]["image_url"])).content == JPEG


def test_repeats_of_one_vehicle_are_one_hit_with_their_number(watching: Box) -> None:
    pushed(watching, "ABC1D23", "ABC1D23")
    pushed(watching, "ABC1D23", "ABC1D23", "ABC1D23")  # the first two repeat themselves
    (hit,), count = watching.watch_hits.open(10)
    assert (hit.reads, count) == (3, 1)


def test_an_authorised_vehicle_alarms_nobody(watching: Box) -> None:
    pushed(watching, "PRF1A11")
    assert watching.watch_hits.open(10) == ([], 0)


def test_the_reason_stays_what_it_was_when_the_plate_was_read(watching: Box) -> None:
    pushed(watching, "ABC1D23")
    watching.reads.watch([])
    (hit,), _ = watching.watch_hits.open(10)
    assert [entry.reason for entry in hit.entries] == ["BO 12/2025"]


async def test_a_hit_leaves_when_a_person_has_seen_it_and_the_audit_trail_says_who(
    watching: Box, guard: httpx.AsyncClient
) -> None:
    pushed(watching, "ABC1D23", "XYZ9A88")
    wanted, stolen = (hit["read"]["id"] for hit in (await get(guard, "/api/watchlist-hits"))["results"])
    for _ in range(2):  # a second click, or a second guard
        answer = await guard.post("/api/watchlist-hits/seen", json={"reads": [stolen, "no such read"]})
        assert answer.status_code == HTTPStatus.NO_CONTENT
    shown = await get(guard, "/api/watchlist-hits")
    assert ([hit["read"]["id"] for hit in shown["results"]], shown["open"]) == ([wanted], 1)
    told = [(e.actor, e.target) for e in audit_events(watching) if e.action == "console.watchlist.seen"]
    assert told == [("ana", stolen)]


def test_every_open_console_hears_who_has_seen_a_hit(watching: Box) -> None:
    pushed(watching, "ABC1D23")
    (hit,), _ = watching.watch_hits.open(1)
    seen = [hit.stored.read.id]
    with TestClient(create_app(watching)) as console:
        console.post("/api/auth/login", json={"username": "ana", "password": PASSWORD}).raise_for_status()
        with console.websocket_connect("/api/events") as socket:
            console.post("/api/watchlist-hits/seen", json={"reads": seen}).raise_for_status()
            assert socket.receive_json() == {"type": "watchlist", "seen": seen, "by": "Ana"}


async def test_nobody_sees_or_silences_hits_without_a_session(
    watching: Box, visitor: httpx.AsyncClient
) -> None:
    assert (await visitor.get("/api/watchlist-hits")).status_code == HTTPStatus.UNAUTHORIZED
    answer = await visitor.post("/api/watchlist-hits/seen", json={"reads": []})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


def test_more_hits_than_a_person_looks_at_are_counted(watching: Box) -> None:
    pushed(watching, *(f"XYZ9A{n:02}" for n in range(5)))
    hits, count = watching.watch_hits.open(3)
    assert ([hit.stored.read.plate for hit in hits], count) == (["XYZ9A04", "XYZ9A03", "XYZ9A02"], 5)


def test_a_hit_goes_with_its_read_when_the_plan_says_so(watching: Box) -> None:
    pushed(watching, "ABC1D23")
    later = PlateRetention(
        watching.store, watching.folder.images, lambda: 1, lambda: now_us() + 2 * 24 * HOUR
    )
    assert later.sweep() == 1
    assert WatchHits(watching.store).open(10) == ([], 0)
