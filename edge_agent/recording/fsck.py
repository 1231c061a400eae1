"""Checks that index and disk say the same: the sentences of recording.index, recording.coverage and repair.

- every row has its file, of the recorded size, made of the boxes that the row names;
- every file has its row, unless a recorder is writing it;
- files of one camera do not overlap in time;
- coverage is the union of the rows;
- nothing lies aside that could not be read.

By boxes only, unless `deep`: then every recorded picture group is demuxed and its
keyframe decoded. Changes nothing; `repair(everything=True)` mends what can be mended.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av

from edge_agent.recording.boxes import holds
from edge_agent.recording.domain import Segment, StoredSegment
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import WRITING_S, cameras, files_of
from edge_agent.recording.retention import UNREADABLE
from edge_agent.store import MAX_INTEGER

Kind = Literal["missing", "unindexed", "size", "structure", "picture", "overlap", "coverage", "unreadable"]

_TEXTS: dict[Kind, str] = {
    "missing": "o índice tem esta gravação, mas o arquivo não está no disco",
    "unindexed": "o arquivo está no disco, mas não no índice",
    "size": "o arquivo não tem o tamanho que foi gravado",
    "structure": "o conteúdo do arquivo não é o que o índice diz",
    "picture": "o vídeo do arquivo não pode ser decodificado",
    "overlap": "a gravação começa antes do fim da anterior",
    "coverage": "a linha do tempo não é a das gravações",
    "unreadable": "arquivo que não pôde ser lido, guardado à parte",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is relative to the recordings folder; empty where it is the index itself."""

    kind: Kind
    path: str = ""

    def __str__(self) -> str:
        return f"{self.path or 'índice'}: {_TEXTS[self.kind]}"


def check(index: RecordingIndex, deep: bool = False) -> Iterator[Problem]:
    """Every problem found, camera by camera. Raises OSError, sqlite3.Error."""
    for camera in cameras(index):
        yield from _check_camera(index, camera, deep)
    if index.coverage_differs():
        yield Problem("coverage")
    for file in sorted((index.folder / UNREADABLE).glob("*")):
        yield Problem("unreadable", f"{UNREADABLE}/{file.name}")


def _check_camera(index: RecordingIndex, camera: str, deep: bool) -> Iterator[Problem]:
    files = files_of(index, camera, 0)
    rows = index.stored(camera, 0, MAX_INTEGER)
    for path in sorted(files.keys() - {row.path for row in rows}):
        if time.time() - (index.folder / path).stat().st_mtime > WRITING_S:
            yield Problem("unindexed", path)
    previous_end_us = 0
    for row in rows:
        if row.start_us < previous_end_us:
            yield Problem("overlap", row.path)
        previous_end_us = row.end_us
        if kind := _problem_of(index, row, files.get(row.path), deep):
            yield Problem(kind, row.path)


def _problem_of(index: RecordingIndex, row: StoredSegment, size_bytes: int | None, deep: bool) -> Kind | None:
    if size_bytes is None:
        return "missing"
    if size_bytes != row.size_bytes:
        return "size"
    segment = index.segment(row.camera, row.start_us)
    file = index.folder / row.path
    if segment is None or not holds(file, segment):
        return "structure"
    return "picture" if deep and not _decodes(file, segment) else None


def _decodes(file: Path, segment: Segment) -> bool:
    """Whether every packet can be demuxed and every fragment begins with a picture."""
    try:
        with av.open(str(file)) as container:
            video = container.streams.video[0]
            video.codec_context.skip_frame = "NONKEY"
            return sum(1 for _ in container.decode(video)) >= len(segment.fragments)
    except (av.FFmpegError, IndexError):
        return False
