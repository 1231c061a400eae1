"""The outbox is published until the hub confirms: nothing is lost with a message, an ack or a connection."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from edge_agent.store import Store
from edge_agent.sync import outbox as outbox_module
from edge_agent.sync.outbox import Outbox
from edge_agent.sync.publisher import (
    ADDED_FIRST_S,
    BACKLOG_EVENTS_PER_S,
    BATCH_EVENTS,
    RESEND_AFTER_S,
    WINDOW_EVENTS,
    Publisher,
)
from protocol.messages import Ack, AuditEvent, Batch, CoverageSpan
from protocol.topics import Stream

EVENT = AuditEvent(at=datetime(2025, 11, 24, tzinfo=UTC), actor="ana", action="x")


class Hub:
    """The publisher's side of a hub session, in memory: what was published is in `batches`."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self.connected.set()
        self.published = asyncio.Event()
        self.batches: list[tuple[Stream, list[int]]] = []

    def publish(self, stream: Stream, message: msgspec.Struct) -> None:
        assert isinstance(message, Batch)
        self.published.set()
        self.batches.append((stream, [event.seq for event in message.events]))

    def seqs(self, stream: Stream = Stream.LPR) -> list[int]:
        return [seq for of, seqs in self.batches if of == stream for seq in seqs]


class Line:
    """A publisher that runs, with a clock that tests move."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.hub = Hub()
        self.outbox = Outbox(store)
        self.now_mono = 0.0
        self.publisher = Publisher(self.outbox, self.hub, lambda: self.now_mono)  # type: ignore[arg-type]

    def add(self, count: int, stream: Stream = Stream.LPR) -> None:
        with self.store.transaction() as transaction:
            for _ in range(count):
                outbox_module.append(transaction, stream, EVENT)
        self.publisher.wake()

    async def published(self, count: int, stream: Stream = Stream.LPR) -> list[int]:
        """The sequence numbers published, as soon as there are `count`."""
        async with asyncio.timeout(10):
            while len(self.hub.seqs(stream)) < count:
                await self.hub.published.wait()
                self.hub.published.clear()
        return self.hub.seqs(stream)

    async def settle(self) -> None:
        """Let the publisher look at every stream at least once more.

        It looks in the same order every time, so a marker that was published in
        the last stream says that it looked at the others before.
        """
        before = len(self.hub.seqs(Stream.AUDIT))
        for round_ in (1, 2):
            self.add(1, Stream.AUDIT)
            await self.published(before + round_, Stream.AUDIT)


@pytest.fixture
async def line(store: Store) -> AsyncIterator[Line]:
    running = Line(store)
    task = asyncio.create_task(running.publisher.run())
    yield running
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_an_event_is_published_at_once(line: Line) -> None:
    line.add(3)
    assert await line.published(3) == [1, 2, 3]


async def test_each_stream_is_published_as_its_own(line: Line) -> None:
    line.add(1)
    line.add(2, Stream.COVERAGE)
    await line.published(1)
    assert await line.published(2, Stream.COVERAGE) == [1, 2]


async def test_what_is_published_is_not_repeated_while_the_ack_may_still_come(line: Line) -> None:
    line.add(3)
    await line.published(3)
    line.now_mono = RESEND_AFTER_S - 0.1
    await line.settle()
    assert line.hub.seqs() == [1, 2, 3]


async def test_an_event_without_ack_is_published_again(line: Line) -> None:
    line.add(2)
    await line.published(2)
    line.now_mono = RESEND_AFTER_S + 0.1
    line.publisher.wake()
    assert (await line.published(4))[2:] == [1, 2]


async def test_an_ack_ends_the_matter(line: Line) -> None:
    line.add(3)
    await line.published(3)
    await line.publisher.acknowledged(Ack(stream=Stream.LPR, ranges=[(1, 2)]))
    line.now_mono = RESEND_AFTER_S + 0.1
    line.publisher.wake()
    assert (await line.published(4))[3:] == [3], "only what the hub does not hold is repeated"
    assert line.outbox.ends(Stream.LPR, 0, 9)[1] == [3]


async def test_a_hub_that_never_acks_is_sent_a_bounded_window(line: Line) -> None:
    line.add(WINDOW_EVENTS + 3 * BATCH_EVENTS)
    for _ in range(WINDOW_EVENTS // BATCH_EVENTS + 2):
        line.now_mono += 1.0
        await line.settle()
    sent = line.hub.seqs()
    assert WINDOW_EVENTS <= len(sent) < WINDOW_EVENTS + BATCH_EVENTS
    assert len(set(sent)) == len(sent)
    assert max(len(seqs) for _, seqs in line.hub.batches) <= BATCH_EVENTS
    await line.publisher.acknowledged(Ack(stream=Stream.LPR, ranges=[(1, 10_000)]))
    line.add(1)
    assert (await line.published(len(sent) + 1))[-1] == WINDOW_EVENTS + 3 * BATCH_EVENTS + 1


async def test_the_newest_event_is_in_the_first_batch_after_a_long_outage(line: Line) -> None:
    line.hub.connected.clear()
    line.add(5 * BATCH_EVENTS)
    line.hub.connected.set()
    await line.published(1)
    assert line.hub.batches[0][1][-1] == 5 * BATCH_EVENTS


async def test_what_happens_now_is_published_though_the_window_is_full(line: Line) -> None:
    backlog = WINDOW_EVENTS + 3 * BATCH_EVENTS
    line.add(backlog)
    for _ in range(WINDOW_EVENTS // BATCH_EVENTS + 1):
        line.now_mono += 1.0
        await line.settle()
    sent = len(line.hub.seqs())
    assert sent < backlog
    line.add(2)
    assert (await line.published(sent + 2))[sent:] == [backlog + 1, backlog + 2]


async def test_history_drains_at_a_bounded_rate_and_what_happens_now_does_not_wait(line: Line) -> None:
    line.add(3 * BATCH_EVENTS)
    await line.published(BATCH_EVENTS)
    await line.settle()
    assert len(line.hub.seqs()) == BATCH_EVENTS, "no time has passed"
    line.add(1)
    assert (await line.published(BATCH_EVENTS + 1))[-1] == 3 * BATCH_EVENTS + 1
    line.now_mono += BATCH_EVENTS / BACKLOG_EVENTS_PER_S
    await line.settle()
    assert len(line.hub.seqs()) == 2 * BATCH_EVENTS + 1


async def test_nothing_is_published_while_the_broker_is_away(line: Line) -> None:
    await line.settle()
    line.hub.connected.clear()
    line.publisher.wake()
    await asyncio.sleep(0)
    line.add(2)
    line.hub.connected.set()
    assert await line.published(2) == [1, 2]


async def test_after_a_reconnect_everything_unconfirmed_is_published_again(line: Line) -> None:
    line.add(3)
    await line.published(3)
    line.publisher.reconnected()
    assert (await line.published(6))[3:] == [1, 2, 3]


async def test_an_ack_for_a_stream_without_outbox_is_ignored(line: Line) -> None:
    line.add(1)
    await line.published(1)
    await line.publisher.acknowledged(Ack(stream=Stream.HEALTH, ranges=[(1, 1)]))
    assert line.outbox.depth() == 1


async def test_the_hub_hears_of_a_camera_before_what_it_saw_but_not_for_ever(line: Line) -> None:
    line.add(1, Stream.CAMERA_ADDED)
    await line.published(1, Stream.CAMERA_ADDED)
    line.add(1)
    line.now_mono = RESEND_AFTER_S + 0.1
    line.publisher.wake()
    await line.published(2, Stream.CAMERA_ADDED)
    assert line.hub.seqs(Stream.LPR) == []
    line.now_mono = ADDED_FIRST_S + 1
    line.publisher.wake()
    await line.published(1, Stream.LPR)


async def test_once_the_hub_knows_a_camera_it_hears_what_the_camera_saw(line: Line) -> None:
    line.add(1, Stream.CAMERA_ADDED)
    await line.published(1, Stream.CAMERA_ADDED)
    line.add(1)
    await line.publisher.acknowledged(Ack(Stream.CAMERA_ADDED, [(1, 1)]))
    await line.published(1, Stream.LPR)


def minutes_recorded(store: Store, count: int) -> None:
    with store.transaction() as transaction:
        for n in range(count):
            start = EVENT.at + timedelta(minutes=n)
            span = CoverageSpan("cam1", start, start + timedelta(minutes=1), 1)
            outbox_module.append(transaction, Stream.COVERAGE, span)


async def test_without_a_hub_what_was_recorded_is_said_with_few_events(store: Store) -> None:
    line = Line(store)
    line.hub.connected.clear()
    minutes_recorded(store, 100)
    task = asyncio.create_task(line.publisher.run())
    try:
        await asyncio.sleep(0)  # it has found no hub
        line.hub.connected.set()
        assert await line.published(1, Stream.COVERAGE) == [1]
        assert line.outbox.depth() == 1
    finally:
        task.cancel()
    minutes_recorded(store, 10)
    assert line.outbox.compact(Stream.COVERAGE) == 0, "numbers near what was published are left alone"


async def test_a_full_disk_keeps_coverage_waiting_but_no_plates(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(stream: Stream, highest: int) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(line.outbox, "note_published", full)
    minutes_recorded(line.store, 1)
    line.add(1)
    await line.published(1)
    await line.settle()
    assert line.hub.seqs(Stream.COVERAGE) == []
    monkeypatch.undo()
    line.publisher.wake()
    assert await line.published(1, Stream.COVERAGE) == [1]
