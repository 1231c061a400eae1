"""How long a timeline and a seek take over an index as large as a real one.

A month of a minute a file is 43,200 rows a camera. All of 1,000 cameras would be 43 million rows, some
35 GB: `full` cameras get their whole month file by file, the others their merged spans alone (one a day),
which is what the timeline reads. A seek is the index's part of it: the file and the fragment.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec import msgpack

from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.session import segment_path
from edge_agent.store import Store

MINUTE_US, DAY_US = 60_000_000, 86_400_000_000
FRAGMENT_US, FRAGMENT_BYTES, INIT_BYTES = 2_000_000, 500_000, 800
DAYS = 30
START_US = 1_767_225_600_000_000  # 2026-01-01
GAP_US = 10_000_000  # one interruption a day
QUERIES = 500


@dataclass(frozen=True)
class IndexFigures:
    cameras: int
    full: int
    rows: int
    filled_s: float
    size_bytes: int
    timeline_ms: tuple[float, float]  # p50, p95
    seek_ms: tuple[float, float]


def measure(folder: Path, cameras: int, full: int) -> IndexFigures:
    store = Store(folder / "edge.db")
    began = time.perf_counter()
    for number in range(full):
        fill_month(store, f"cam{number}", a_minute(), START_US)
    with store.transaction() as transaction:
        transaction.executemany(
            "INSERT INTO coverage(camera, start_us, end_us) VALUES (?,?,?)",
            (row for number in range(cameras) for row in _days(f"cam{number}")),
        )
    filled_s = time.perf_counter() - began
    index = RecordingIndex(store, folder, HealthBoard(store))
    rng = random.Random(4)  # noqa: S311 - the same questions in every run

    def timeline() -> None:
        assert len(index.spans(f"cam{rng.randrange(cameras)}", START_US, START_US + DAYS * DAY_US)) == DAYS

    def seek() -> None:
        at_us = START_US + rng.randrange(DAYS) * DAY_US + rng.randrange(DAY_US - MINUTE_US)
        assert index.footage(f"cam{rng.randrange(full)}", at_us, at_us + 1)

    figures = _times_ms(timeline), _times_ms(seek)
    store.close()
    size = sum(file.stat().st_size for file in folder.glob("edge.db*"))
    return IndexFigures(cameras, full, full * DAYS * 1440, filled_s, size, *figures)


def a_minute() -> Segment:
    """A file of 30 fragments of two seconds."""
    places = range(MINUTE_US // FRAGMENT_US)
    fragments = (
        Fragment(INIT_BYTES + n * FRAGMENT_BYTES, FRAGMENT_BYTES, n * FRAGMENT_US, FRAGMENT_US)
        for n in places
    )
    return Segment("", 0, 0, "", INIT_BYTES, tuple(fragments))


def fill_month(store: Store, camera: str, minute: Segment, begin_us: int) -> None:
    """Rows as if a camera had made this file in each minute of a month."""
    packed = msgpack.encode(
        [(f.offset, f.size_bytes, f.start_us - minute.start_us, f.duration_us) for f in minute.fragments]
    )
    with store.transaction() as transaction:
        transaction.executemany(
            "INSERT INTO segment(camera, start_us, run_us, drift_us, path, init_bytes, fragments, end_us,"
            " size_bytes) VALUES (?,?,?,0,?,?,?,?,?)",
            (
                (
                    camera,
                    start_us,
                    begin_us,
                    segment_path(camera, start_us),
                    minute.init_bytes,
                    packed,
                    start_us + MINUTE_US,
                    minute.size_bytes,
                )
                for start_us in range(begin_us, begin_us + DAYS * DAY_US, MINUTE_US)
            ),
        )


def _days(camera: str) -> Iterator[tuple[object, ...]]:
    for start_us in range(START_US, START_US + DAYS * DAY_US, DAY_US):
        yield camera, start_us, start_us + DAY_US - GAP_US


def _times_ms(ask: Callable[[], None]) -> tuple[float, float]:
    times = []
    for _ in range(QUERIES):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)]
