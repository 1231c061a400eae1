"""A city may keep plates from its visualizadores: the LAN console masks them wherever it shows one."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import httpx
import msgspec
import pytest

from edge_agent.box import Box
from edge_agent.console.live_events import _masked
from edge_agent.lpr.services import PlateReads
from protocol.messages import DesiredUser, PlatePolicy, WatchlistEntry
from tests.unit.edge.builders import NOON_US, SECOND, desired_state, vendor_read
from tests.unit.edge.console_rig import ANA, CAMERAS, PASSWORD, get

GUARD = DesiredUser(username="zeca", name="Zeca", role="visualizador", password_hash=ANA.password_hash)
WANTED = WatchlistEntry(id="w1", pattern="WNT1D23", kind="wanted", reason="mandado")


@pytest.fixture
async def masked(visitor: httpx.AsyncClient, recorded: Box) -> AsyncIterator[httpx.AsyncClient]:
    """A visualizador of a city that hides plates from them; a wanted vehicle has passed."""
    recorded.desired.receive(
        desired_state(
            2, CAMERAS, [ANA, GUARD], watchlist=[WANTED], plates=PlatePolicy(viewers_see_plates=False)
        )
    )
    reads = PlateReads(recorded.store, recorded.folder.images, clock_us=lambda: NOON_US + 90 * SECOND)
    reads.watch([WANTED])
    reads.accept("cam1", vendor_read("e3", "WNT1D23", NOON_US + 80 * SECOND))
    answer = await visitor.post("/api/auth/login", json={"username": "zeca", "password": PASSWORD})
    assert answer.status_code == HTTPStatus.OK, answer.text
    yield visitor


@pytest.mark.req("S14.1")
async def test_reads_are_masked_and_have_no_picture(masked: httpx.AsyncClient, recorded: Box) -> None:
    found = (await get(masked, "/api/plate-reads"))["results"]
    assert [read["plate"] for read in found] == ["WN•••••", "XY•••••", "AB•••••"]
    assert {read["image_url"] for read in found} == {None} and [read["hits"] for read in found] == [
        [],
        [],
        [],
    ]
    whole = (await masked.get(f"/api/plate-reads/{found[-1]['id']}/image")).status_code
    assert whole == HTTPStatus.FORBIDDEN
    period = {"start": "2025-11-24T15:00:00Z", "end": "2025-11-24T15:10:00Z"}
    marks = (await get(masked, "/api/cameras/cam1/timeline", **period))["reads"]
    assert {mark["plate"][2:] for mark in marks} == {"•••••"}


@pytest.mark.req("S14.1")
@pytest.mark.parametrize(
    "typed", [{"plate": "ABC"}, {"plate": "AB?1D23"}, {"plate": "ABC1D23", "tolerant": "true"}]
)
async def test_wildcards_do_not_tell_what_the_mask_hides(
    masked: httpx.AsyncClient, recorded: Box, typed: dict[str, str]
) -> None:
    answer = await masked.get("/api/plate-reads", params=typed)
    assert answer.status_code == HTTPStatus.FORBIDDEN and "placas inteiras" in answer.json()["detail"]
    (known,) = (await get(masked, "/api/plate-reads", plate="ABC1D23", purpose="ronda"))["results"]
    assert known["plate"] == "AB•••••", "who knows a plate may ask when it passed"


@pytest.mark.req("S14.1")
async def test_watched_plates_are_no_news_for_them(masked: httpx.AsyncClient, recorded: Box) -> None:
    assert await get(masked, "/api/watchlist-hits") == {"results": [], "open": 0}
    told = {"type": "plate", "id": "1", "camera": "cam1", "plate": "WNT1D23"}
    assert msgspec.json.decode(_masked(msgspec.json.encode(told).decode())) == {**told, "plate": "WN•••••"}
    hit = {"type": "watchlist", "plate": "WNT1D23", "text": "WNT1D23 passou", "entries": [{"reason": "x"}]}
    assert msgspec.json.decode(_masked(msgspec.json.encode(hit).decode())) == {"type": "watchlist"}


@pytest.mark.req("S14.1")
async def test_who_governs_the_city_still_sees_plates(
    masked: httpx.AsyncClient, visitor: httpx.AsyncClient, recorded: Box
) -> None:
    (await visitor.post("/api/auth/login", json={"username": "ana", "password": PASSWORD})).raise_for_status()
    found = (await get(visitor, "/api/plate-reads", plate="WNT", purpose="ronda"))["results"]
    assert [read["plate"] for read in found] == ["WNT1D23"] and found[0]["hits"]


@pytest.mark.req("S10.1")
@pytest.mark.parametrize(("city", "kept"), [(None, 7), (1, 1), (90, 7)])
def test_the_box_keeps_plates_as_long_as_the_city_says_and_no_longer_than_recordings(
    box: Box, city: int | None, kept: int
) -> None:
    box.desired.receive(desired_state(2, CAMERAS, [ANA], plates=PlatePolicy(retention_days=city)))
    assert box.desired.plate_retention_days == kept
