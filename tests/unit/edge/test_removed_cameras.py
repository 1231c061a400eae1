"""The footage of a camera that was removed is seen, searched and exported until it is purged."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from edge_agent.box import Box
from tests.unit.edge.builders import NOON, NOON_US, desired_state
from tests.unit.edge.console_rig import ANA, CAMERAS, get
from tests.unit.edge.test_playback_player import store_recording

PERIOD = {"start": NOON.isoformat(), "end": (NOON + timedelta(seconds=10)).isoformat()}


@pytest.fixture
def gone(box: Box, video: Path) -> Box:
    """A box whose first camera was removed at the hub, after ten seconds at noon."""
    store_recording(box, video, NOON_US)
    box.desired.receive(desired_state(2, cameras=CAMERAS[1:], users=[ANA]))
    return box


def purge_all(box: Box) -> None:
    box.index.purge(box.index.oldest(100), "retention")


@pytest.mark.req("S7.1")
async def test_a_removed_camera_is_listed_apart_with_until_when_it_is_kept(
    gone: Box, guard: httpx.AsyncClient
) -> None:
    assert [camera["id"] for camera in await get(guard, "/api/cameras")] == ["cam2"]
    (listed,) = await get(guard, "/api/cameras/removed")
    assert (listed["id"], listed["name"]) == ("cam1", "Praça da Matriz")
    assert listed["footage_start"] == "2025-11-24T15:00:00Z"
    assert listed["footage_end"] == "2025-11-24T15:00:10Z"
    days = timedelta(days=gone.desired.retention_days)
    assert listed["kept_until"] == (NOON + timedelta(seconds=10) + days).isoformat().replace("+00:00", "Z")


@pytest.mark.req("S7.1")
async def test_its_footage_is_searched_and_played_under_its_old_id(
    gone: Box, guard: httpx.AsyncClient
) -> None:
    timeline = await get(guard, "/api/cameras/cam1/timeline", **PERIOD)
    assert timeline["spans"] == [{"start": "2025-11-24T15:00:00Z", "end": "2025-11-24T15:00:10Z"}]
    playlist = await guard.get("/api/cameras/cam1/playback.m3u8", params=PERIOD)
    assert playlist.status_code == HTTPStatus.OK, playlist.text
    file = next(line for line in playlist.text.splitlines() if line.startswith("segments/"))
    media = await guard.get(f"/api/cameras/cam1/{file}", headers={"Range": "bytes=0-99"})
    assert (media.status_code, len(media.content)) == (HTTPStatus.PARTIAL_CONTENT, 100)
    assert (await get(guard, "/api/cameras/cam1/codecs", **PERIOD))["codecs"]
    picture = await guard.get("/api/cameras/cam1/thumbnail.jpg", params={"at": PERIOD["start"]})
    assert picture.headers["content-type"] == "image/jpeg"


@pytest.mark.req("S7.1")
async def test_a_clip_of_it_carries_its_old_name(gone: Box, guard: httpx.AsyncClient) -> None:
    order = {"spans": [{"camera": "cam1", **PERIOD}], "reason": "Ofício 12"}
    answer = await guard.post("/api/clips", json=order)
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    assert answer.json()["spans"][0]["camera"] == {"id": "cam1", "name": "Praça da Matriz"}


async def test_live_video_of_it_says_what_is_left(gone: Box, guard: httpx.AsyncClient) -> None:
    for path in ("live", "live.m3u8"):
        answer = await guard.get(f"/api/cameras/cam1/{path}")
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "removida" in answer.json()["detail"]
        assert "só a gravação" in answer.json()["detail"]


@pytest.mark.req("S7.1")
async def test_once_its_footage_is_purged_it_is_as_unknown_as_any(
    gone: Box, guard: httpx.AsyncClient
) -> None:
    purge_all(gone)
    assert await get(guard, "/api/cameras/removed") == []
    for camera in ("cam1", "never-known"):
        answer = await guard.get(f"/api/cameras/{camera}/timeline", params=PERIOD)
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert answer.json()["detail"].startswith("Câmera não encontrada")


async def test_a_camera_that_is_there_has_a_timeline_before_it_has_footage(
    box: Box, guard: httpx.AsyncClient
) -> None:
    assert (await get(guard, "/api/cameras/cam1/timeline", **PERIOD))["spans"] == []


async def test_a_camera_that_comes_back_is_no_longer_among_the_removed(
    gone: Box, guard: httpx.AsyncClient
) -> None:
    gone.desired.receive(desired_state(3, cameras=CAMERAS, users=[ANA]))
    assert await get(guard, "/api/cameras/removed") == []
    assert (await get(guard, "/api/cameras/cam1/timeline", **PERIOD))["spans"]
