"""Viewers of one camera by HLS ask for the same files within seconds: the box gives each once."""

import asyncio

import pytest

from central_hub.relay import shared_answers
from central_hub.relay.shared_answers import Answer, SharedAnswers
from central_hub.relay.uplinks import BoxSilent
from protocol.uplink import Head


class Box:
    """Counts what it is asked for; answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.error: Exception | None = None

    async def fetch(self) -> Answer:
        self.asked += 1
        await self.may_answer.wait()
        if self.error:
            raise self.error
        return Head(self.asked, 200), b"x" * 100


async def test_viewers_who_ask_at_once_share_one_answer_even_when_the_first_goes_away() -> None:
    box, shared = Box(), SharedAnswers()
    viewers = [asyncio.create_task(shared.get("segment-1", 60, box.fetch)) for _ in range(3)]
    await asyncio.sleep(0)
    viewers[0].cancel()
    box.may_answer.set()
    assert await viewers[1] == await viewers[2] == (Head(1, 200), b"x" * 100)
    assert await shared.get("segment-1", 60, box.fetch) == (Head(1, 200), b"x" * 100)
    assert box.asked == 1
    await shared.get("segment-2", 60, box.fetch)
    assert box.asked == 2


async def test_an_answer_is_kept_only_for_its_time_and_a_failure_not_at_all() -> None:
    box, shared = Box(), SharedAnswers()
    box.may_answer.set()
    await shared.get("playlist", -1, box.fetch)
    await shared.get("playlist", 60, box.fetch)
    assert box.asked == 2
    box.error = BoxSilent()
    for _ in range(2):
        with pytest.raises(BoxSilent):
            await shared.get("other", 60, box.fetch)
        await asyncio.sleep(0)
    assert box.asked == 4


async def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_answers, "MAX_BYTES", 250)
    box, shared = Box(), SharedAnswers()
    box.may_answer.set()
    for name in ("a", "b", "c", "d"):
        await shared.get(name, 60, box.fetch)
    assert box.asked == 4
    await shared.get("d", 60, box.fetch)
    assert box.asked == 4, "the newest is there"
    await shared.get("a", 60, box.fetch)
    assert box.asked == 5, "the oldest had to go"
