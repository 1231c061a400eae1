"""Publishes the outbox until the hub has acknowledged it (protocol.delivery has the rules)."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence

import structlog

from edge_agent.sync.compaction import COMPACTORS
from edge_agent.sync.domain import pick_batch
from edge_agent.sync.mqtt import HubSession
from edge_agent.sync.outbox import Outbox
from protocol.messages import Ack, Batch, InvalidMessage
from protocol.topics import OUTBOX_STREAMS, Stream

log = structlog.get_logger()

#: Events per batch: about 60 kB compressed, so a slow uplink is not held by one message.
BATCH_EVENTS = 500
#: Places of a batch for the newest events while a backlog drains.
LIVE_EVENTS = 100
#: Unacknowledged events per stream: bounds what a broken hub makes us repeat.
WINDOW_EVENTS = 2000
#: What history may take of the line and the hub: a week of a busy box (1.7 million reads) in
#: a quarter of an hour, while what happens now goes out beside it.
BACKLOG_EVENTS_PER_S = 2000
#: Published but not acknowledged for this long: publish again.
RESEND_AFTER_S = 10.0
#: How long an added camera keeps the other streams waiting: the hub must know a camera before it
#: hears what the camera saw, but a hub that does not answer must not silence the plates.
ADDED_FIRST_S = 20.0
#: How often to look, when nobody wakes us.
IDLE_S = 1.0
#: How often what waits is compacted while there is no hub: 1,000 cameras leave 20,000 events in it.
COMPACT_EVERY_S = 600.0


class Publisher:
    """Drains every outbox stream over one hub session."""

    def __init__(
        self, outbox: Outbox, session: HubSession, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._outbox = outbox
        self._session = session
        self._monotonic = monotonic
        self._in_flight: dict[Stream, dict[int, float]] = {stream: {} for stream in OUTBOX_STREAMS}
        #: The highest number published: what is above it has just happened.
        self._highest: dict[Stream, int] = dict.fromkeys(OUTBOX_STREAMS, 0)
        #: When history may go on.
        self._backlog_mono: dict[Stream, float] = dict.fromkeys(OUTBOX_STREAMS, float("-inf"))
        self._added_since_mono: float | None = None
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something new is in the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled; a database that refuses is asked again, and stops nothing else of the box."""
        while True:
            await self._wait_for_hub()
            try:
                sent = await self._publish_round()
            except sqlite3.Error as error:
                log.error("outbox_unreadable", error=str(error))
                sent = False
            if not sent:
                await self._rest()

    async def _wait_for_hub(self) -> None:
        """Without a hub the outbox grows for as long as it takes: what waits is said with fewer events.

        Only here, where nothing is being published.
        """
        while not self._session.connected.is_set():
            for stream in COMPACTORS:
                await self._compact(stream)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(COMPACT_EVERY_S):
                    await self._session.connected.wait()

    async def _compact(self, stream: Stream) -> None:
        try:
            gone = await asyncio.to_thread(self._outbox.compact, stream)
        except (sqlite3.Error, InvalidMessage) as error:  # they wait as they are, and take more room
            log.error("outbox_not_compacted", stream=stream, error=str(error))
            return
        if gone:
            log.info("outbox_compacted", stream=stream, fewer=gone)

    async def acknowledged(self, ack: Ack) -> None:
        """Delete what the hub holds."""
        if ack.stream not in self._in_flight:
            log.warning("ack_for_unknown_stream", stream=ack.stream)
            return
        try:
            await asyncio.to_thread(self._outbox.acknowledge, ack.stream, ack.ranges)
        except sqlite3.Error as error:  # a full disk, perhaps: it is sent and acknowledged again
            log.error("ack_not_stored", stream=ack.stream, error=str(error))
            return
        waiting = self._in_flight[ack.stream]
        for seq in [s for s in waiting if any(low <= s <= high for low, high in ack.ranges)]:
            del waiting[seq]
        self._wake.set()

    def reconnected(self) -> None:
        """What was in flight on the old connection may be lost: publish it again."""
        for waiting in self._in_flight.values():
            waiting.clear()
        self._wake.set()

    def _hub_learns_cameras(self) -> bool:
        """Whether to hold what the cameras saw until the hub knows them."""
        if not self._in_flight[Stream.CAMERA_ADDED]:
            self._added_since_mono = None
            return False
        if self._added_since_mono is None:
            self._added_since_mono = self._monotonic()
        return self._monotonic() - self._added_since_mono < ADDED_FIRST_S

    async def _publish_round(self) -> bool:
        """A batch of each stream; False when nothing was to be sent. Raises sqlite3.Error."""
        sent = await self._publish_some(Stream.CAMERA_ADDED)
        if not self._hub_learns_cameras():
            for stream in OUTBOX_STREAMS[1:]:
                sent = await self._publish_some(stream) or sent
        return sent

    async def _publish_some(self, stream: Stream) -> bool:
        waiting = self._in_flight[stream]
        self._expire(waiting)
        newest, oldest = await asyncio.to_thread(
            self._outbox.ends, stream, LIVE_EVENTS + len(waiting), BATCH_EVENTS + len(waiting)
        )
        lowest = min(oldest, default=0)
        if len(waiting) >= WINDOW_EVENTS or self._monotonic() < self._backlog_mono[stream]:
            newest, oldest = [seq for seq in newest if seq > self._highest[stream]], []
        seqs = pick_batch(newest, oldest, waiting, LIVE_EVENTS, BATCH_EVENTS)
        if not seqs:
            return False
        events = await asyncio.to_thread(self._outbox.load, stream, seqs)
        if not events:
            return False  # acknowledged in the meantime
        if stream in COMPACTORS and not await self._noted(stream, seqs[-1]):
            return False
        self._session.publish(stream, Batch(events=events, oldest=lowest))
        log.debug("events_published", stream=stream, first=seqs[0], last=seqs[-1], events=len(events))
        self._note(stream, seqs)
        return True

    async def _noted(self, stream: Stream, highest: int) -> bool:
        """Whether it is on disk that these go out. A full disk keeps no plate waiting, only coverage."""
        try:
            await asyncio.to_thread(self._outbox.note_published, stream, highest)
        except sqlite3.Error as error:
            log.error("publishing_not_noted", stream=stream, error=str(error))
            return False
        return True

    def _note(self, stream: Stream, seqs: Sequence[int]) -> None:
        """What was published is in flight, and history waits for its turn."""
        now_mono = self._monotonic()
        self._in_flight[stream].update((seq, now_mono) for seq in seqs)
        history = max(0, len(seqs) - LIVE_EVENTS)
        turn_mono = max(now_mono, self._backlog_mono[stream])
        self._backlog_mono[stream] = turn_mono + history / BACKLOG_EVENTS_PER_S
        self._highest[stream] = max(self._highest[stream], *seqs)

    def _expire(self, waiting: dict[int, float]) -> None:
        overdue = [s for s, sent_mono in waiting.items() if self._monotonic() - sent_mono > RESEND_AFTER_S]
        for seq in overdue:
            del waiting[seq]

    async def _rest(self) -> None:
        history_in_s = [at_mono - self._monotonic() for at_mono in self._backlog_mono.values()]
        try:
            async with asyncio.timeout(min([IDLE_S, *(wait_s for wait_s in history_in_s if wait_s > 0)])):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
