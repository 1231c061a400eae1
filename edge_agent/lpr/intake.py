"""Pushes on their way to the database: those that come while a commit runs share the next one.

Whoever pushed is answered when its own reads are committed.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from edge_agent.lpr.domain import VendorRead
from edge_agent.lpr.services import Arrival, Kept, PlateReads

log = structlog.get_logger()

#: Reads of one commit: more would make the first wait for the last one's image.
MAX_BATCH = 64
#: Between two commits under load: what comes meanwhile shares the next one's sync. A push that comes alone
#: never waits for it.
GATHER_S = 0.002


class Intake:
    """Commits reads in groups; `on_kept` is called on the event loop for each new read after its commit."""

    def __init__(self, reads: PlateReads, on_kept: Callable[[Kept], None]) -> None:
        self.reads = reads
        self._on_kept = on_kept
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def keep(self, camera: str, vendor_reads: Sequence[VendorRead]) -> None:
        """Return when all are durable. Raises OSError, sqlite3.Error."""
        loop = asyncio.get_running_loop()
        mine = [(Arrival(camera, read), loop.create_future()) for read in vendor_reads]
        self._waiting += mine
        if self._committing is None or self._committing.done():
            self._committing = loop.create_task(self._commit_all())
        await asyncio.gather(*(done for _, done in mine))

    async def _commit_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            await self._commit(batch)
            await asyncio.sleep(GATHER_S)

    async def _commit(self, batch: Sequence[tuple[Arrival, asyncio.Future[None]]]) -> None:
        try:
            kept = await asyncio.to_thread(self.reads.accept_all, [arrival for arrival, _ in batch])
        except Exception as error:
            # Whatever it is belongs to the pushes of this commit, never to those after it.
            await self._one_by_one(batch, error)
            return
        log.debug("lpr_reads_kept", reads=[one.read.id for one in kept if one is not None])
        for one, (_, done) in zip(kept, batch, strict=True):
            if one is not None:
                self._on_kept(one)
            if not done.done():  # its camera may have gone
                done.set_result(None)

    async def _one_by_one(
        self, batch: Sequence[tuple[Arrival, asyncio.Future[None]]], error: Exception
    ) -> None:
        """A read that cannot be kept must not take those with it that arrived at the same moment."""
        if len(batch) > 1:
            log.warning("lpr_commit_failed", reads=len(batch), error=type(error).__name__)
            for one in batch:
                await self._commit([one])
            return
        ((arrival, done),) = batch
        log.error("lpr_read_not_kept", camera=arrival.camera, error=str(error))
        if not done.done():
            done.set_exception(error)
