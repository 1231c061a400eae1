"""The plates on the LAN console: listed, paged and searched, each with its image."""

import httpx
import pytest

from edge_agent.box import Box
from tests.unit.edge.builders import (
    JPEG,
    desired_state,
)
from tests.unit.edge.console_rig import ANA, audit_events, get


async def test_plates_are_listed_newest_first_with_camera_and_image(
    guard: httpx.AsyncClient, recorded: Box
) -> None:
    page = await get(guard, "/api/plate-reads")
    assert [(r["plate"], r["camera"]["name"]) for r in page["results"]] == [
        ("XYZ9A88", "Praça da Matriz"),
        ("ABC1D23", "Praça da Matriz"),
    ]
    assert page["next"] is None
    assert page["results"][0]["image_url"] is None
    image = await guard.get(page["results"][1]["image_url"])
    assert image.content == JPEG
    assert image.headers["content-type"] == "image/jpeg"


async def test_pages_of_plates_follow_each_other(guard: httpx.AsyncClient, recorded: Box) -> None:
    first = await get(guard, "/api/plate-reads", limit="1")
    second = await get(guard, "/api/plate-reads", limit="1", before=first["next"])
    third = await get(guard, "/api/plate-reads", limit="1", before=second["next"])
    assert [p["results"][0]["plate"] for p in (first, second)] == ["XYZ9A88", "ABC1D23"]
    assert third == {"results": [], "next": None}


@pytest.mark.parametrize("before", ["0", str(2**63), str(10**30)])
async def test_any_page_number_is_a_page(guard: httpx.AsyncClient, recorded: Box, before: str) -> None:
    page = await get(guard, "/api/plate-reads", before=before)
    assert len(page["results"]) == (0 if before == "0" else 2)


@pytest.mark.req("S11.1")
@pytest.mark.parametrize("typed", ["bc1", "abc-1d23", "ABC1323", "?BC1*", "a*"])
async def test_plates_are_searched_by_any_part_or_pattern(
    guard: httpx.AsyncClient, recorded: Box, typed: str
) -> None:
    (found,) = (await get(guard, "/api/plate-reads", plate=typed, purpose="ronda"))["results"]
    assert found["plate"] == "ABC1D23"


async def test_a_search_may_tolerate_what_ocr_confuses(guard: httpx.AsyncClient, recorded: Box) -> None:
    assert (await get(guard, "/api/plate-reads", plate="A8C1O23", purpose="ronda"))["results"] == []
    (found,) = (await get(guard, "/api/plate-reads", plate="A8C1O23", tolerant="true", purpose="ronda"))[
        "results"
    ]
    assert found["plate"] == "ABC1D23"


async def test_a_search_is_narrowed_by_camera_and_time(guard: httpx.AsyncClient, recorded: Box) -> None:
    (found,) = (
        await get(
            guard, "/api/plate-reads", camera="cam1", start="2025-11-24T15:01:00Z", end="2025-11-24T15:02:00Z"
        )
    )["results"]
    assert found["plate"] == "XYZ9A88"
    assert (await get(guard, "/api/plate-reads", camera="cam2"))["results"] == []


@pytest.mark.parametrize("typed", ["%", "ABC[1]", "*" * 65])
async def test_what_is_no_pattern_is_said_in_portuguese(
    guard: httpx.AsyncClient, recorded: Box, typed: str
) -> None:
    answer = await guard.get("/api/plate-reads", params={"plate": typed})
    assert answer.status_code == 422


async def test_a_read_of_a_removed_camera_keeps_its_name(guard: httpx.AsyncClient, recorded: Box) -> None:
    recorded.desired.receive(desired_state(2, users=[ANA]))
    page = await get(guard, "/api/plate-reads")
    assert {r["camera"]["name"] for r in page["results"]} == {"Praça da Matriz"}


async def test_who_looks_for_a_plate_says_why_and_is_in_the_trail_once(
    guard: httpx.AsyncClient, recorded: Box
) -> None:
    answer = await guard.get("/api/plate-reads", params={"plate": "ABC1D23"})
    assert answer.status_code == 422 and "finalidade" in answer.json()["detail"]
    for _ in range(3):
        await get(guard, "/api/plate-reads")
        (found,) = (await get(guard, "/api/plate-reads", plate="abc1d23", purpose="BO 1/2025"))["results"]
        opened = await get(guard, f"/api/plate-reads/{found['id']}")
        assert opened == found
    told = [(event.action, event.target, event.purpose) for event in audit_events(recorded)]
    assert [one for one in told if one[0].startswith("console.plates")] == [
        ("console.plates.watch", "", ""),
        ("console.plates.search", "ABC1D23", "BO 1/2025"),
        ("console.plates.look", found["id"], ""),
    ]
    assert (await guard.get("/api/plate-reads/none")).status_code == 404
