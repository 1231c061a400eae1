"""MediaMTX's paths become what the desired state says, whatever happened to them."""

import asyncio
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from edge_agent.mediamtx import reconcile
from edge_agent.mediamtx.client import Client, Unreachable
from edge_agent.mediamtx.config import Credential
from edge_agent.mediamtx.domain import PathSettings, wanted_paths
from edge_agent.mediamtx.reconcile import Reconciler
from protocol.messages import DesiredCamera

A = DesiredCamera("a", "A", "rtsp://u:p@192.0.2.1/main", sub_rtsp_url="rtsp://u:p@192.0.2.1/sub")
B = DesiredCamera("b", "B", "rtsp://u:p@192.0.2.2/main")


class MemoryMtx(httpx.AsyncBaseTransport):
    """A MediaMTX's paths in memory; `refused` are the names whose settings it does not take."""

    def __init__(self) -> None:
        self.paths: dict[str, PathSettings] = {}
        self.refused: set[str] = set()
        self.away = False
        self.changed = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("refused")
        *_, verb, name = request.url.path.split("/")
        if name == "list":
            items = [{"name": path, "available": True, **held} for path, held in self.paths.items()]
            return httpx.Response(HTTPStatus.OK, json={"pageCount": 1, "items": items})
        if name in self.refused:
            return httpx.Response(HTTPStatus.BAD_REQUEST, json={"error": "invalid source"})
        if verb == "delete":
            del self.paths[name]
        else:
            settings: dict[str, Any] = json.loads(await request.aread())
            self.paths[name] = {**self.paths.get(name, {}), **settings}
        self.changed.set()
        return httpx.Response(HTTPStatus.OK, json={"status": "ok"})


@pytest.fixture
def mtx() -> MemoryMtx:
    return MemoryMtx()


@pytest.fixture
def cameras() -> list[DesiredCamera]:
    return [A, B]


@pytest.fixture
async def reconciler(mtx: MemoryMtx, cameras: list[DesiredCamera]) -> AsyncIterator[Reconciler]:
    ready = asyncio.Event()
    ready.set()
    async with Client(1, Credential("box", "secret"), mtx) as client:
        yield Reconciler(client, lambda: cameras, ready)


@pytest.mark.req("S3.2")
async def test_a_restart_that_lost_all_and_a_hand_made_change_are_mended(
    mtx: MemoryMtx, reconciler: Reconciler
) -> None:
    assert await reconciler.converge() == 3
    assert mtx.paths == wanted_paths([A, B])
    assert await reconciler.converge() == 0, "what is right is left alone"
    assert reconciler.states.keys() == {"a", "a-sub", "b"}
    mtx.paths["a"]["source"] = "rtsp://elsewhere/"
    mtx.paths["stranger"] = {}
    assert await reconciler.converge() == 2
    mtx.paths.clear()
    assert await reconciler.converge() == 3
    assert mtx.paths == wanted_paths([A, B])


async def test_one_cameras_bad_address_is_no_other_cameras_business(
    mtx: MemoryMtx, reconciler: Reconciler
) -> None:
    mtx.refused = {"a"}
    await reconciler.converge()
    assert mtx.paths.keys() == {"a-sub", "b"}


async def test_no_answer_is_said(mtx: MemoryMtx, reconciler: Reconciler) -> None:
    mtx.away = True
    with pytest.raises(Unreachable):
        await reconciler.converge()


async def test_a_change_of_the_desired_state_is_made_when_it_is_told(
    mtx: MemoryMtx,
    reconciler: Reconciler,
    cameras: list[DesiredCamera],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconcile, "RECONCILE_EVERY_S", 3600.0)

    async def until(names: set[str]) -> None:
        while mtx.paths.keys() != names:
            mtx.changed.clear()
            await mtx.changed.wait()

    running = asyncio.create_task(reconciler.run())
    try:
        async with asyncio.timeout(10):
            await until({"a", "a-sub", "b"})
            cameras.remove(A)
            reconciler.wake()
            await until({"b"})
    finally:
        running.cancel()
