"""Makes clips, one at a time, in the order asked for; a clip that a power cut interrupted is made anew.

A clip is one ZIP (stored, not compressed: video does not compress) under
`clips/<id>.zip`, so that a download can be resumed and copied whole. It is
written beside, synced and renamed: a ZIP that is there is complete. From the
moment it is asked for until it is deleted, its footage is held from retention.
"""

import asyncio
import hashlib
import os
import re
import shutil
import sqlite3
import threading
import unicodedata
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import av
import msgspec
import structlog
from msgspec.structs import replace

from edge_agent import __version__
from edge_agent.clock import clock_state, now_us, to_datetime
from edge_agent.config import DataFolder, Identity
from edge_agent.evidence import manifest as parts
from edge_agent.evidence.cutter import Cancelled, cut, footage_bytes, runs
from edge_agent.evidence.domain import (
    CLIP_HOLD,
    MAX_UNFINISHED,
    UNFINISHED,
    Clip,
    ClipFile,
    ClipRefused,
    ClipSpan,
    SentPart,
    State,
    check_spans,
    gaps,
)
from edge_agent.evidence.manifest import Manifest, ManifestFile, ManifestSpan
from edge_agent.recording.domain import Segment
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.protection import protect, release
from edge_agent.store import Store

log = structlog.get_logger()

#: A clip is not made when it would leave less than this: recording comes first.
ROOM_BYTES = 2 * 1024**3
#: Recording and live video come first.
NICE = 10


class NoSuchClip(Exception):
    """The clip does not exist, or not any more."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One span's footage, looked up when the clip is made."""

    span: ClipSpan
    segments: list[Segment]


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
        self._index = index
        self._folder = folder
        self._identity = identity
        self._camera_name = camera_name
        self._on_change = on_change
        self._wake = asyncio.Event()
        self._made = asyncio.Condition()

    # --- orders ---------------------------------------------------------------

    def order(
        self, requester: str, reason: str, spans: Sequence[ClipSpan], clip_id: str | None = None
    ) -> Clip:
        """Take an order; `run` makes the clip. The id of a clip that exists gives that one.

        Raises ClipRefused.
        """
        if clip_id and (known := self._find(clip_id)):
            return known
        check_spans(spans, now_us())
        if len(self._unfinished()) >= MAX_UNFINISHED:
            raise ClipRefused("Há muitos recortes na fila. Espere alguns terminarem.")
        sources = self._sources(spans)
        if not any(source.segments for source in sources):
            raise ClipRefused("Não há gravação destas câmeras nestes horários.")
        self._check_room(sources)
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
            _insert(transaction, clip)
        self._on_change(clip)
        return clip

    def wake(self) -> None:
        """Something was ordered; called on the event loop."""
        self._wake.set()

    def delete(self, clip_id: str) -> None:
        """Forget a clip, end its hold and delete its file; one being made is abandoned. Raises NoSuchClip."""
        clip = self.get(clip_id)
        self.file(clip_id).unlink(missing_ok=True)
        with self._store.transaction() as transaction:
            for hold in clip.holds:
                release(transaction, hold)
            transaction.execute("DELETE FROM clip WHERE id=?", (clip_id,))

    # --- questions ------------------------------------------------------------

    def get(self, clip_id: str) -> Clip:
        """Raises NoSuchClip."""
        if (clip := self._find(clip_id)) is None:
            raise NoSuchClip(clip_id)
        return clip

    def _find(self, clip_id: str) -> Clip | None:
        with self._store.read() as connection:
            row = connection.execute("SELECT data FROM clip WHERE id=?", (clip_id,)).fetchone()
        return _decode(row[0]) if row else None

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
        with self._store.transaction() as transaction:
            row = transaction.execute("SELECT data FROM clip WHERE id=?", (clip_id,)).fetchone()
            if row is None:
                return
            clip = _decode(row[0])
            others = (known for known in clip.sent.get(upload, ()) if known.number != part.number)
            data = msgspec.json.encode(replace(clip, sent={upload: (*others, part)}))
            transaction.execute("UPDATE clip SET data=? WHERE id=?", (data, clip_id))

    def newest(self, limit: int, before_us: int | None) -> list[Clip]:
        """Newest first; `before_us` goes on from the creation time of the last one seen."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT data FROM clip WHERE created_us < ? ORDER BY created_us DESC LIMIT ?",
                (before_us if before_us is not None else now_us() + 1, limit),
            ).fetchall()
        return [_decode(data) for (data,) in rows]

    def count_by_state(self) -> dict[State, int]:
        """How many clips are in each state, also where none is."""
        with self._store.read() as connection:
            rows = connection.execute("SELECT data FROM clip").fetchall()
        found = Counter(_decode(data).state for (data,) in rows)
        return {state: found[state] for state in get_args(State)}

    def file(self, clip_id: str) -> Path:
        """Where a finished clip's ZIP lies."""
        return self._folder.clips / f"{clip_id}.zip"

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
            waiting = await asyncio.to_thread(self._unfinished)
        except (sqlite3.Error, msgspec.DecodeError) as error:
            log.error("clips_unreadable", error=str(error))  # recording goes on without them
            return
        for clip in waiting:
            await asyncio.get_running_loop().run_in_executor(worker, self._make, clip, stop)
            async with self._made:
                self._made.notify_all()

    def _unfinished(self) -> list[Clip]:
        """In the order asked for; one that is `running` when nobody makes it was interrupted."""
        with self._store.read() as connection:
            rows = connection.execute("SELECT data FROM clip ORDER BY created_us").fetchall()
        return [clip for (data,) in rows if (clip := _decode(data)).state in UNFINISHED]

    def _make(self, clip: Clip, stop: threading.Event) -> None:
        """Bring one clip to `done` or `failed`; nothing that goes wrong reaches the others."""
        work = self._folder.clips / f"{clip.id}.part"
        try:
            self._clear(work)
            clip = self._save(replace(clip, state="running", progress=0.0))
            self._save(self._build(clip, work, stop))
        except Cancelled:
            log.info("clip_abandoned", clip=clip.id)
        except (OSError, ValueError, av.FFmpegError, sqlite3.Error) as error:
            log.error("clip_failed", clip=clip.id, error=str(error))
            self._fail(clip, error)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _fail(self, clip: Clip, error: Exception) -> None:
        words = str(error) if isinstance(error, ClipRefused) else "Não foi possível fazer o recorte."
        try:
            self._save(replace(clip, state="failed", error=words))
        except (Cancelled, sqlite3.Error) as failure:
            log.error("clip_state_not_stored", clip=clip.id, error=str(failure))

    def _build(self, clip: Clip, work: Path, stop: threading.Event) -> Clip:
        sources = self._sources(clip.spans)
        self._check_room(sources)
        total = max(1, sum(footage_bytes(source.segments) for source in sources))
        copied = 0

        def progress(size_bytes: int) -> None:
            nonlocal clip, copied
            if stop.is_set():
                raise Cancelled
            copied += size_bytes
            clip = self._save(replace(clip, progress=min(0.95, copied / total)))

        files: list[ClipFile] = []
        for source in sources:
            files += self._cut(source, work, len(files), progress)
        if not files:
            raise ClipRefused("A gravação pedida não existe mais.")
        missing = [gap for source in sources for gap in self._gaps(source.span)]
        clip = replace(clip, files=tuple(files), gaps=tuple(missing))
        self._sign(clip, sources, work)
        size_bytes, digest = self._pack(clip, work)
        return replace(clip, state="done", progress=1.0, size_bytes=size_bytes, sha256=digest)

    def _cut(
        self, source: _Source, work: Path, before: int, progress: Callable[[int], None]
    ) -> list[ClipFile]:
        """A file per run; `before` is how many files the clip has already, for their names."""
        files = []
        for number, run in enumerate(runs(source.segments), before + 1):
            start_us = max(source.span.start_us, run[0].fragments[0].start_us)
            target = work / f"{number:02}-{self._slug(source.span.camera)}-{_stamp(start_us)}.video"
            piece = cut(self._index.folder, run, source.span.start_us, source.span.end_us, target, progress)
            files.append(
                ClipFile(
                    name=piece.path.name,
                    camera=source.span.camera,
                    start_us=piece.start_us,
                    end_us=piece.end_us,
                    size_bytes=piece.path.stat().st_size,
                    sha256=_sha256(piece.path),
                )
            )
        return files

    def _sign(self, clip: Clip, sources: list[_Source], work: Path) -> None:
        statement = parts.encode(self._manifest(clip, sources))
        (work / parts.MANIFEST).write_bytes(statement)
        (work / parts.SIGNATURE).write_bytes(parts.sign(self._folder.key, statement))
        shutil.copyfile(self._folder.certificate, work / parts.CERTIFICATE)
        shutil.copyfile(self._folder.ca, work / parts.AUTHORITY)
        (work / parts.README).write_text(parts.README_TEXT, encoding="utf-8")

    def _manifest(self, clip: Clip, sources: list[_Source]) -> Manifest:
        drift_us = {
            source.span.camera: max((abs(s.drift_us) for s in source.segments), default=0)
            for source in sources
        }
        clock = clock_state()
        return Manifest(
            clip=clip.id,
            created=to_datetime(now_us()),
            requester=clip.requester,
            reason=clip.reason,
            city=self._identity.city,
            node=self._identity.node,
            software=f"gt-vision {__version__}",
            clock_synchronised=clock.synchronised,
            clock_offset_ms=clock.offset_ms,
            clock_error_ms=clock.error_ms,
            asked=[self._stated(span) for span in clip.spans],
            gaps=[self._stated(span) for span in clip.gaps],
            files=[
                ManifestFile(
                    name=file.name,
                    camera=file.camera,
                    camera_name=self._camera_name(file.camera),
                    start=to_datetime(file.start_us),
                    end=to_datetime(file.end_us),
                    size_bytes=file.size_bytes,
                    sha256=file.sha256,
                    drift_us=drift_us[file.camera],
                )
                for file in clip.files
            ],
        )

    def _pack(self, clip: Clip, work: Path) -> tuple[int, str]:
        """Put everything into one ZIP, durably; its size and SHA-256."""
        target = self.file(clip.id)
        unfinished = work / "clip.zip"
        with unfinished.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for entry in sorted(work.iterdir()):
                    if entry != unfinished:
                        archive.write(entry, entry.name)
            file.flush()
            os.fsync(file.fileno())
        digest = _sha256(unfinished)
        unfinished.replace(target)
        _sync_folder(target.parent)  # the row that says "done" must not outlive the file's name
        return target.stat().st_size, digest

    def _save(self, clip: Clip) -> Clip:
        """Store a clip's state. Raises Cancelled when it was deleted meanwhile."""
        with self._store.transaction() as transaction:
            changed = transaction.execute(
                "UPDATE clip SET data=? WHERE id=?", (msgspec.json.encode(clip), clip.id)
            ).rowcount
        if not changed:
            self.file(clip.id).unlink(missing_ok=True)
            raise Cancelled
        self._on_change(clip)
        return clip

    # --- footage --------------------------------------------------------------

    def _sources(self, spans: Sequence[ClipSpan]) -> list[_Source]:
        return [_Source(span, self._index.footage(span.camera, span.start_us, span.end_us)) for span in spans]

    def _gaps(self, span: ClipSpan) -> list[ClipSpan]:
        return gaps(span, self._index.spans(span.camera, span.start_us, span.end_us))

    def _check_room(self, sources: list[_Source]) -> None:
        """The cut files and the ZIP lie side by side for a moment. Raises ClipRefused."""
        needed = 2 * sum(footage_bytes(source.segments) for source in sources)
        if shutil.disk_usage(self._folder.root).free - needed < ROOM_BYTES:
            raise ClipRefused(
                "Não há espaço em disco para este recorte. Apague recortes antigos ou peça um menor."
            )

    def _clear(self, work: Path) -> None:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)

    def _slug(self, camera: str) -> str:
        """A camera's name as part of a file's name."""
        plain = unicodedata.normalize("NFKD", self._camera_name(camera)).encode("ascii", "ignore").decode()
        return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:40] or "camera"

    def _stated(self, span: ClipSpan) -> ManifestSpan:
        return ManifestSpan(
            camera=span.camera,
            camera_name=self._camera_name(span.camera),
            start=to_datetime(span.start_us),
            end=to_datetime(span.end_us),
        )


def _insert(transaction: sqlite3.Connection, clip: Clip) -> None:
    transaction.execute(
        "INSERT INTO clip(id, created_us, data) VALUES (?,?,?)",
        (clip.id, clip.created_us, msgspec.json.encode(clip)),
    )


def _decode(data: bytes) -> Clip:
    return msgspec.json.decode(data, type=Clip)


def _stamp(instant_us: int) -> str:
    """An instant as part of a file's name, UTC, to the millisecond."""
    return to_datetime(instant_us).strftime("%Y%m%dT%H%M%S.%f")[:-3] + "Z"


def _yield_to_recording() -> None:
    """Lowers this thread's priority (Linux: nice values are per thread, setpriority(2))."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
