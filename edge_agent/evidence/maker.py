"""Makes one clip: looks its footage up, cuts it, signs what came of it, packs all into one ZIP.

The ZIP (stored, not compressed: video does not compress) is written beside, synced and
renamed: a ZIP that is there is complete.
"""

import hashlib
import os
import re
import shutil
import threading
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from edge_agent import __version__
from edge_agent.clock import clock_state, now_us, to_datetime
from edge_agent.config import DataFolder, Identity
from edge_agent.evidence import manifest as parts
from edge_agent.evidence.cutter import Cancelled, Piece, Progress, SourceBytes, cut, footage_bytes, runs
from edge_agent.evidence.domain import Clip, ClipFile, ClipRefused, ClipSpan, gaps
from edge_agent.evidence.manifest import Manifest, ManifestFile, ManifestSource, ManifestSpan
from edge_agent.recording.domain import Segment, Span
from edge_agent.recording.index import RecordingIndex

#: A clip is not made when it would leave less than this: recording comes first.
ROOM_BYTES = 2 * 1024**3
#: What copying is of the whole work; the rest is hashing and packing.
COPIED_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Source:
    """One span's footage, as it was when it was looked up."""

    span: ClipSpan
    segments: list[Segment]


_Made = tuple[ClipFile, Piece]


class ClipMaker:
    """Turns footage into signed ZIPs."""

    def __init__(
        self,
        index: RecordingIndex,
        folder: DataFolder,
        identity: Identity,
        camera_name: Callable[[str], str],
    ) -> None:
        self._index = index
        self._folder = folder
        self._identity = identity
        self._camera_name = camera_name

    def sources(self, spans: Sequence[ClipSpan]) -> list[Source]:
        """The footage there is."""
        return [Source(span, self._index.footage(span.camera, span.start_us, span.end_us)) for span in spans]

    def check_room(self, sources: Sequence[Source]) -> None:
        """Raises ClipRefused: the cut files and the ZIP, side by side for a moment, would not fit."""
        needed = 2 * sum(footage_bytes(source.segments) for source in sources)
        if shutil.disk_usage(self._folder.root).free - needed < ROOM_BYTES:
            raise ClipRefused(
                "Não há espaço em disco para este recorte. Apague recortes antigos ou peça um menor."
            )

    def file(self, clip_id: str) -> Path:
        """Where a finished clip's ZIP lies."""
        return self._folder.clips / f"{clip_id}.zip"

    def make(self, clip: Clip, progress: Callable[[float], None], stop: threading.Event) -> Clip:
        """The clip, done; `progress` gets parts of 1.

        Raises Cancelled after `stop`, or from `progress`; ClipRefused, OSError, ValueError, av.FFmpegError.
        """
        work = self._folder.clips / f"{clip.id}.part"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            return self._make(clip, work, progress, stop)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _make(self, clip: Clip, work: Path, progress: Callable[[float], None], stop: threading.Event) -> Clip:
        sources = self.sources(clip.spans)
        self.check_room(sources)
        total = max(1, sum(footage_bytes(source.segments) for source in sources))
        copied = 0

        def copying(size_bytes: int) -> None:
            nonlocal copied
            if stop.is_set():
                raise Cancelled
            copied += size_bytes
            progress(min(COPIED_SHARE, copied / total))

        made: list[_Made] = []
        missing: list[ClipSpan] = []
        for source in sources:
            cut_from_it = self._cut(source, work, len(made), copying)
            made += cut_from_it
            missing += _gaps(source.span, cut_from_it)
        if not made:
            raise ClipRefused("A gravação pedida não existe mais.")
        clip = replace(clip, files=tuple(file for file, _ in made), gaps=tuple(missing))
        self._sign(clip, made, work)
        size_bytes, digest = self._pack(clip, work)
        return replace(clip, state="done", progress=1.0, size_bytes=size_bytes, sha256=digest)

    def _cut(self, source: Source, work: Path, before: int, copying: Progress) -> list[_Made]:
        """A file per run; `before` is how many files the clip has already, for their names."""
        made = []
        for number, run in enumerate(runs(source.segments), before + 1):
            start_us = max(source.span.start_us, run[0].fragments[0].start_us)
            target = work / f"{number:02}-{self._slug(source.span.camera)}-{_stamp(start_us)}.video"
            piece = cut(self._index.folder, run, source.span.start_us, source.span.end_us, target, copying)
            file = ClipFile(
                name=piece.path.name,
                camera=source.span.camera,
                start_us=piece.start_us,
                end_us=piece.end_us,
                size_bytes=piece.path.stat().st_size,
                sha256=_sha256(piece.path),
            )
            made.append((file, piece))
        return made

    def _sign(self, clip: Clip, made: list[_Made], work: Path) -> None:
        statement = parts.encode(self._manifest(clip, made))
        (work / parts.MANIFEST).write_bytes(statement)
        (work / parts.SIGNATURE).write_bytes(parts.sign(self._folder.key, statement))
        shutil.copyfile(self._folder.certificate, work / parts.CERTIFICATE)
        shutil.copyfile(self._folder.ca, work / parts.AUTHORITY)
        (work / parts.README).write_text(parts.README_TEXT, encoding="utf-8")

    def _manifest(self, clip: Clip, made: list[_Made]) -> Manifest:
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
            files=[self._stated_file(file, piece) for file, piece in made],
            readme_sha256=hashlib.sha256(parts.README_TEXT.encode()).hexdigest(),
        )

    def _stated_file(self, file: ClipFile, piece: Piece) -> ManifestFile:
        return ManifestFile(
            name=file.name,
            camera=file.camera,
            camera_name=self._camera_name(file.camera),
            start=to_datetime(file.start_us),
            end=to_datetime(file.end_us),
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            drift_us=max(abs(source.segment.drift_us) for source in piece.sources),
            sources=[_stated_source(source) for source in piece.sources],
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


def _gaps(span: ClipSpan, made: list[_Made]) -> list[ClipSpan]:
    """By what the files show, not by the index, which guesses how long the last picture of a run lasts
    (with B-pictures too long): no instant may be in neither a file nor a gap."""
    return gaps(span, [Span(file.start_us, file.end_us) for file, _ in made])


def _stated_source(source: SourceBytes) -> ManifestSource:
    segment = source.segment
    return ManifestSource(
        path=segment.path,
        start=to_datetime(segment.fragments[0].start_us),
        end=to_datetime(segment.end_us),
        init_bytes=segment.init_bytes,
        offset=source.offset,
        size_bytes=source.size_bytes,
        sha256=source.sha256,
        drift_us=segment.drift_us,
        clock_synchronised=segment.clock_synchronised,
        clock_error_ms=segment.clock_error_ms,
    )


def _stamp(instant_us: int) -> str:
    """An instant as part of a file's name, UTC, to the millisecond."""
    return to_datetime(instant_us).strftime("%Y%m%dT%H%M%S.%f")[:-3] + "Z"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
