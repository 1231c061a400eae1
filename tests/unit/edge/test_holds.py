"""Footage that somebody holds without a clip: kept, listed, let go by a gestor, told to the audit trail."""

from http import HTTPStatus

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.box import Box
from edge_agent.evidence import holds
from edge_agent.evidence.manifest import Manifest
from edge_agent.recording.protection import overlapping
from tests.unit.edge.builders import NOON_US, SECOND, desired_state
from tests.unit.edge.clip_rig import made, span
from tests.unit.edge.console_rig import ANA, CAMERAS

ORDER = {
    "camera": "cam1",
    "start": "2025-11-24T12:00:00-03:00",
    "end": "2025-11-24T12:10:00-03:00",
    "reason": "Ofício 12",
}


def held(box: Box) -> bool:
    with box.store.read() as connection:
        return bool(overlapping(connection, "cam1", NOON_US, NOON_US + SECOND))


async def test_held_footage_is_protected_until_it_is_let_go(box: Box, guard: httpx.AsyncClient) -> None:
    answer = await guard.post("/api/holds", json=ORDER)
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    assert held(box)
    (listed,) = (await guard.get("/api/holds")).json()
    assert listed == answer.json()
    assert (listed["reason"], listed["camera"]["name"]) == ("ana: Ofício 12", "Praça da Matriz")
    url = f"/api/holds/{listed['id']}"
    assert (await guard.delete(url)).status_code == HTTPStatus.NO_CONTENT
    assert not held(box)
    assert (await guard.delete(url)).status_code == HTTPStatus.NOT_FOUND


async def test_a_hold_and_a_clip_of_a_camera_that_was_removed_keep_its_name(
    footage: Box, guard: httpx.AsyncClient
) -> None:
    await guard.post("/api/holds", json=ORDER)
    footage.desired.receive(desired_state(9, users=[ANA]))
    assert footage.desired.camera("cam1") is None
    (listed,) = (await guard.get("/api/holds")).json()
    assert listed["camera"] == {"id": "cam1", "name": "Praça da Matriz"}
    clip = await made(footage, span(2, 4))
    assert "-praca-da-matriz-" in clip.files[0].name
    manifest = msgspec.json.decode(footage.clips.manifest(clip.id), type=Manifest)
    assert {stated.camera_name for stated in (*manifest.files, *manifest.asked)} == {"Praça da Matriz"}
    (shown,) = (await guard.get("/api/clips")).json()["results"]
    assert shown["spans"][0]["camera"]["name"] == "Praça da Matriz"


async def test_a_clips_hold_is_not_let_go_apart_from_its_clip(footage: Box, guard: httpx.AsyncClient) -> None:
    clip = footage.clips.order("ana", "Ocorrência 7", [span(2, 4)])
    assert (await guard.get("/api/holds")).json() == []
    assert (await guard.delete(f"/api/holds/{clip.holds[0]}")).status_code == HTTPStatus.NOT_FOUND


async def test_only_a_gestor_holds_footage_and_lets_it_go(box: Box, guard: httpx.AsyncClient) -> None:
    made = (await guard.post("/api/holds", json=ORDER)).json()
    visualizador = replace(ANA, role="visualizador")
    box.desired.receive(desired_state(2, cameras=CAMERAS, users=[visualizador]))
    answer = await guard.delete(f"/api/holds/{made['id']}")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert held(box)
    assert (await guard.post("/api/holds", json=ORDER)).status_code == HTTPStatus.FORBIDDEN
    assert len((await guard.get("/api/holds")).json()) == 1, "and he may see what is held"


async def test_there_is_a_limit_to_what_is_held(
    guard: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "MAX_HOLDS", 1)
    assert (await guard.post("/api/holds", json=ORDER)).status_code == HTTPStatus.CREATED
    assert (await guard.post("/api/holds", json=ORDER)).status_code == HTTPStatus.CONFLICT
    backwards = ORDER | {"end": ORDER["start"]}
    assert (await guard.post("/api/holds", json=backwards)).status_code == HTTPStatus.BAD_REQUEST


async def test_holds_survive_a_damaged_database(box: Box, guard: httpx.AsyncClient) -> None:
    made = [(await guard.post("/api/holds", json=ORDER)).json() for _ in range(2)]
    assert (await guard.delete(f"/api/holds/{made[0]['id']}")).status_code == HTTPStatus.NO_CONTENT
    box.store.close()
    box.folder.database.write_bytes(b"not a database" * 1000)
    again = Box.open(box.folder.root, replace_damaged=True)
    (span,) = again.holds.all()
    assert (span.camera, span.reason) == (made[1]["camera"]["id"], made[1]["reason"])
    again.holds.release(span.id)
    again.store.close()
    reopened = Box.open(box.folder.root)
    assert reopened.holds.all() == [], "what was let go does not come back"
    reopened.store.close()
