"""Takes orders for clips and has them made, one at a time, in the order asked for.

From the moment it is asked for until it is deleted, a clip's footage is held from
retention. A clip that a power cut interrupted is made anew.
"""

import asyncio
import os
import sqlite3
import threading
import uuid
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import msgspec
import structlog
from msgspec.structs import replace

from edge_agent.clock import now_us
from edge_agent.config import DataFolder, Identity
from edge_agent.evidence import manifest as parts
from edge_agent.evidence.cutter import Cancelled
from edge_agent.evidence.domain import (
    CLIP_HOLD,
    MAX_UNFINISHED,
    UNFINISHED,
    Clip,
    ClipRefused,
    ClipSpan,
    SentPart,
    State,
    check_spans,
)
from edge_agent.evidence.maker import ClipMaker
from edge_agent.evidence.records import ClipRecords
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.protection import protect
from edge_agent.store import Store

log = structlog.get_logger()

#: Recording and live video come first.
NICE = 10


class ClipDesk:
    """Takes orders for clips and carries them out."""

    def __init__(
        self,
        store: Store,
        index: RecordingIndex,
        folder: DataFolder,
        identity: Identity,
        camera_name: Callable[[str], str],
        on_change: Callable[[Clip], None] = lambda _clip: None,
    ) -> None:
        self._store = store
        self._on_change = on_change
        self._records = ClipRecords(store, on_change)
        self._maker = ClipMaker(index, folder, identity, camera_name)
        self._wake = asyncio.Event()
        self._made = asyncio.Condition()

    # --- orders ---------------------------------------------------------------

    def order(
        self, requester: str, reason: str, spans: Sequence[ClipSpan], clip_id: str | None = None
    ) -> Clip:
        """Take an order; `run` makes the clip. The id of a clip that exists gives that one.

        Raises ClipRefused.
        """
        if clip_id and (known := self._records.find(clip_id)):
            return known
        self._check(spans)
        identifier = clip_id or uuid.uuid4().hex
        with self._store.transaction() as transaction:
            holds = tuple(
                protect(transaction, s.camera, s.start_us, s.end_us, f"{CLIP_HOLD}{identifier}")
                for s in spans
            )
            clip = Clip(
                id=identifier,
                created_us=now_us(),
                requester=requester,
                reason=reason,
                spans=tuple(spans),
                holds=holds,
            )
            self._records.insert(transaction, clip)
        self._on_change(clip)
        return clip

    def _check(self, spans: Sequence[ClipSpan]) -> None:
        """Raises ClipRefused."""
        check_spans(spans, now_us())
        if len(self._records.unfinished()) >= MAX_UNFINISHED:
            raise ClipRefused("Há muitos recortes na fila. Espere alguns terminarem.")
        sources = self._maker.sources(spans)
        if not any(source.segments for source in sources):
            raise ClipRefused("Não há gravação destas câmeras nestes horários.")
        self._maker.check_room(sources)

    def wake(self) -> None:
        """Something was ordered; called on the event loop."""
        self._wake.set()

    def delete(self, clip_id: str) -> None:
        """Forget a clip, end its hold and delete its file; one being made is abandoned. Raises NoSuchClip."""
        clip = self.get(clip_id)
        self.file(clip_id).unlink(missing_ok=True)
        self._records.delete(clip)

    # --- questions ------------------------------------------------------------

    def get(self, clip_id: str) -> Clip:
        """Raises NoSuchClip."""
        return self._records.get(clip_id)

    def newest(self, limit: int, before_us: int | None) -> list[Clip]:
        """Newest first; `before_us` goes on from the creation time of the last one seen."""
        return self._records.newest(limit, before_us)

    def count_by_state(self) -> dict[State, int]:
        """How many clips are in each state, also where none is."""
        return self._records.count_by_state()

    async def finished(self, clip_id: str) -> Clip:
        """Wait until a clip is done or failed. Raises NoSuchClip when it is deleted meanwhile."""
        async with self._made:
            while (clip := await asyncio.to_thread(self.get, clip_id)).state in UNFINISHED:
                await self._made.wait()
        return clip

    def manifest(self, clip_id: str) -> str:
        """The signed text of a finished clip. Raises OSError."""
        with zipfile.ZipFile(self.file(clip_id)) as archive:
            return archive.read(parts.MANIFEST).decode()

    def part_sent(self, clip_id: str, upload: str, part: SentPart) -> None:
        """Remember what the object store took; only of the newest upload, older ones are never resumed."""
        self._records.part_sent(clip_id, upload, part)

    def file(self, clip_id: str) -> Path:
        """Where a finished clip's ZIP lies."""
        return self._maker.file(clip_id)

    # --- work -----------------------------------------------------------------

    async def run(self) -> None:
        """Make what is ordered, until cancelled."""
        stop = threading.Event()
        with ThreadPoolExecutor(1, "clips", initializer=_yield_to_recording) as worker:
            try:
                while True:
                    await self._make_all(worker, stop)
                    await self._wake.wait()
            finally:
                stop.set()  # ends the thread with the minute that it copies; the next start makes the clip

    async def _make_all(self, worker: ThreadPoolExecutor, stop: threading.Event) -> None:
        self._wake.clear()
        try:
            waiting = await asyncio.to_thread(self._records.unfinished)
        except (sqlite3.Error, msgspec.DecodeError) as error:
            log.error("clips_unreadable", error=str(error))  # recording goes on without them
            return
        for clip in waiting:
            await asyncio.get_running_loop().run_in_executor(worker, self._make, clip, stop)
            async with self._made:
                self._made.notify_all()

    def _make(self, clip: Clip, stop: threading.Event) -> None:
        """Bring one clip to `done` or `failed`; nothing that goes wrong reaches the others."""
        try:
            self._save(running := replace(clip, state="running", progress=0.0))
            self._save(
                self._maker.make(running, lambda part: self._save(replace(running, progress=part)), stop)
            )
        except Cancelled:
            log.info("clip_abandoned", clip=clip.id)
        except (OSError, ValueError, av.FFmpegError, sqlite3.Error) as error:
            log.error("clip_failed", clip=clip.id, error=str(error))
            self._fail(clip, error)

    def _fail(self, clip: Clip, error: Exception) -> None:
        words = str(error) if isinstance(error, ClipRefused) else "Não foi possível fazer o recorte."
        try:
            self._save(replace(clip, state="failed", error=words))
        except (Cancelled, sqlite3.Error) as failure:
            log.error("clip_state_not_stored", clip=clip.id, error=str(failure))

    def _save(self, clip: Clip) -> None:
        """Store a clip's state. Raises Cancelled when it was deleted meanwhile."""
        if not self._records.save(clip):
            self.file(clip.id).unlink(missing_ok=True)
            raise Cancelled


def _yield_to_recording() -> None:
    """Lowers this thread's priority (Linux: nice values are per thread, setpriority(2))."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
