"""A clip of a real camera, through the running box: the right moment, signed, downloaded whole."""

import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.encoder import FPS
from edge_agent.evidence.authorities import named
from edge_agent.evidence.verify import Outcome, verify
from tests.integration.edge.rig import BoxProcess, Pki, clocks, eventually

FRAME_S = 1 / FPS


@pytest.fixture(scope="module")
def guard(box: BoxProcess) -> Iterator[httpx.Client]:
    with box.log_in() as client:
        yield client


def recorded_since(guard: httpx.Client, seconds: float) -> datetime:
    """The start of a span that has at least so many seconds."""

    def start() -> datetime | None:
        now = datetime.fromtimestamp(time.time()).astimezone()
        period = {"start": (now - timedelta(minutes=5)).isoformat(), "end": now.isoformat()}
        for span in guard.get("/api/cameras/cam1/timeline", params=period).json()["spans"]:
            begin, end = (datetime.fromisoformat(span[key]) for key in ("start", "end"))
            if (end - begin).total_seconds() >= seconds:
                return begin
        return None

    return eventually(start, what="footage")


def clip(guard: httpx.Client, start: datetime, end: datetime) -> dict[str, Any]:
    spans = [{"camera": "cam1", "start": start.isoformat(), "end": end.isoformat()}]
    answer = guard.post("/api/clips", json={"spans": spans, "reason": "Ocorrência 7"})
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    url = f"/api/clips/{answer.json()['id']}"
    done: dict[str, Any] = eventually(
        lambda: found if (found := guard.get(url).json())["state"] in ("done", "failed") else None
    )
    assert done["state"] == "done", done["error"]
    return done


def shown(guard: httpx.Client, made: dict[str, Any], folder: Path) -> tuple[datetime, list[float]]:
    """When the clip says that it begins, and the clocks in the pictures that a player shows."""
    archive = folder / f"{made['id']}.zip"
    archive.write_bytes(guard.get(made["download_url"]).content)
    (file,) = made["files"]
    with zipfile.ZipFile(archive) as opened:
        return datetime.fromisoformat(file["start"]), clocks(opened.read(file["name"]))


@pytest.mark.req("S8.1")
def test_a_player_shows_the_very_moment_that_was_asked_for(
    guard: httpx.Client, pki: Pki, tmp_path: Path
) -> None:
    begin = recorded_since(guard, 8)
    whole_start, whole = shown(guard, clip(guard, begin, begin + timedelta(seconds=7)), tmp_path)
    delay_s = whole[0] - whole_start.timestamp()  # of the camera: the same in all of the footage
    # Not a keyframe, nor any picture's time.
    start, end = begin + timedelta(seconds=2.456), begin + timedelta(seconds=5.789)
    made = clip(guard, start, end)
    said, pictures = shown(guard, made, tmp_path)
    assert said == start
    assert pictures[0] - start.timestamp() == pytest.approx(delay_s, abs=FRAME_S)
    assert pictures[-1] - end.timestamp() == pytest.approx(delay_s, abs=2 * FRAME_S)
    assert pictures == [clock for clock in whole if pictures[0] <= clock <= pictures[-1]]
    authority = named(pki.folder / "ca.crt", None)
    assert authority is not None
    assert verify(tmp_path / f"{made['id']}.zip", authority).outcome is Outcome.AUTHENTIC
