"""The plates on the LAN console: listed, paged and searched, each with its image."""

import httpx
import pytest

from edge_agent.box import Box
from tests.unit.edge.builders import (
    JPEG,
    desired_state,
)
from tests.unit.edge.console_rig import ANA, get


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


async def test_plates_are_searched_by_any_part(guard: httpx.AsyncClient, recorded: Box) -> None:
    assert len((await get(guard, "/api/plate-reads", plate="bc1"))["results"]) == 1
    assert (await guard.get("/api/plate-reads", params={"plate": "%"})).status_code == 422


async def test_a_read_of_a_removed_camera_keeps_its_id(guard: httpx.AsyncClient, recorded: Box) -> None:
    recorded.desired.receive(desired_state(2, users=[ANA]))
    page = await get(guard, "/api/plate-reads")
    assert {r["camera"]["name"] for r in page["results"]} == {"cam1"}
