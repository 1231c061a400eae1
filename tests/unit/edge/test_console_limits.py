"""Nobody's curiosity, and nobody's guessing, takes the box from its recording."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import httpx
import pytest

from edge_agent.box import Box
from edge_agent.console import limits
from edge_agent.console.app import create_app
from edge_agent.console.limits import COSTLY, LOGIN, MAX_BODY_BYTES, Limiter, Rate, TooManyRequests


class Clock:
    now_mono = 1000.0

    def __call__(self) -> float:
        return self.now_mono


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def visitor(box: Box, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody for whom no time passes: on a busy machine, 20 password checks let a bucket fill again."""
    transport = httpx.ASGITransport(create_app(box, clock))
    async with httpx.AsyncClient(transport=transport, base_url="http://box") as client:
        yield client
    box.store.close()


def refusals(limiter: Limiter, key: str, times: int) -> list[int]:
    """The waits that were asked for."""
    waits = []
    for _ in range(times):
        try:
            limiter.take(key)
        except TooManyRequests as refused:
            waits.append(refused.retry_after_s)
    return waits


def test_a_burst_passes_then_as_much_as_the_rate(clock: Clock) -> None:
    limiter = Limiter(Rate(burst=3, per_s=0.5), clock)
    assert refusals(limiter, "ana", 4) == [2]
    clock.now_mono += 2
    assert refusals(limiter, "ana", 2) == [2], "one more is allowed after the wait that was told"
    clock.now_mono += 3600
    assert len(refusals(limiter, "ana", 10)) == 7, "waiting long allows a burst, not more"


def test_asking_while_refused_does_not_make_it_longer(clock: Clock) -> None:
    limiter = Limiter(Rate(burst=1, per_s=0.1), clock)
    assert refusals(limiter, "ana", 50) == [10] * 49
    clock.now_mono += 10
    assert refusals(limiter, "ana", 1) == []


def test_one_asks_too_much_and_another_is_answered(clock: Clock) -> None:
    limiter = Limiter(Rate(burst=1, per_s=1), clock)
    assert refusals(limiter, "ana", 2)
    assert refusals(limiter, "rui", 1) == []


def test_many_names_fill_no_memory(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_BUCKETS", 10)
    limiter = Limiter(Rate(burst=1, per_s=1), clock)
    for number in range(100):
        limiter.take(str(number))
    assert len(limiter._buckets) == 10
    assert refusals(limiter, "99", 1), "who asked last is remembered"


async def test_logins_from_one_address_are_limited_whatever_the_name(
    visitor: httpx.AsyncClient, clock: Clock
) -> None:
    answers = [
        await visitor.post("/api/auth/login", json={"username": f"u{n}", "password": "x"})
        for n in range(LOGIN.burst + 2)
    ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [HTTPStatus.UNAUTHORIZED] * LOGIN.burst + [HTTPStatus.TOO_MANY_REQUESTS] * 2
    last = answers[-1]
    assert last.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert last.headers["content-type"] == "application/problem+json"
    assert last.json()["detail"].startswith("Muitos pedidos")
    clock.now_mono += int(last.headers["retry-after"])
    again = await visitor.post("/api/auth/login", json={"username": "u0", "password": "x"})
    assert again.status_code == HTTPStatus.UNAUTHORIZED, "after the wait that was told, one more is checked"


@pytest.mark.parametrize(
    "url",
    [
        "/api/cameras/cam1/playback.m3u8?start=2025-11-24T15:00:00Z&end=2025-11-24T16:00:00Z",
        "/api/cameras/cam1/thumbnail.jpg?at=2025-11-24T15:00:00Z",
    ],
)
async def test_costly_questions_of_one_person_are_limited(guard: httpx.AsyncClient, url: str) -> None:
    statuses = {(await guard.get(url)).status_code for _ in range(COSTLY.burst + 1)}
    assert statuses == {HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
    assert (await guard.get("/api/cameras")).status_code == HTTPStatus.OK, "what is cheap goes on"


@pytest.mark.parametrize(
    "url",
    [
        "/api/discovery",
        "/api/discovery/device",
        "/api/cameras/test",
        "/api/cameras/cam1/playback/whep?start=2025-11-24T15:00:00Z",
    ],
)
async def test_who_has_asked_too_much_starts_nothing_costly(
    visitor: httpx.AsyncClient, guard: httpx.AsyncClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Limiter, "take", refuse)
    assert (await guard.post(url, json={})).status_code == HTTPStatus.TOO_MANY_REQUESTS


def refuse(_limiter: Limiter, _key: str) -> None:
    raise TooManyRequests(1)


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/api/auth/login", content=b" " * (MAX_BODY_BYTES + 1))
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "x-content-type-options" in answer.headers


async def test_a_body_of_unknown_length_is_refused(visitor: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"{"

    answer = await visitor.post("/api/auth/login", content=endless())
    assert answer.status_code == HTTPStatus.LENGTH_REQUIRED
