"""Repair (recording.repair) in two steps: a box records soon after its power is back, whatever it holds.

- Before recorders start, `repair_newest` looks at what was written in the last minutes before the box
  ended, and, in a new database, at each camera's newest file: where its footage ends is then known.
- `repair_rest` looks at all else, back to the last complete repair, newest day first, while the box
  records. Until it is through, footage that has no row is not shown; when it fails, or the box ends
  before, the next start begins there again.

What recorders write must not be repaired, and what was written just before the start must be, soon: in
a new database it is all that the last minutes have. So the first step also notes which files are there
before recorders begin. Any other file without a row that is too fresh to be judged is looked at again
when it is not, and only then is the repair complete.

So every file is compared with its row at the first complete repair after it was written. The
mark between the two steps (`settled-us`, noted every minute by recording.index) only says which
files come first.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import structlog

from edge_agent.clock import now_us, to_us
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import (
    WRITING_S,
    Repaired,
    cameras,
    files_of,
    folders,
    repair_camera,
    start_of,
    unrepaired_since_us,
)
from edge_agent.recording.retention import DAY_US
from edge_agent.store import MAX_INTEGER

log = structlog.get_logger()

#: What was written in the last minutes may be torn, or not on disk at all: Linux writes within 30 s
#: what a program does not sync, and the mark is up to a minute old.
MARGIN_US = 10 * 60_000_000


@dataclass(frozen=True, slots=True)
class Rest:
    """What a start left for later: files that began from `since_us` until, camera by camera, an instant.

    `found_before`: in a new database those of them from the minutes before that instant, which were there
    before recorders.
    """

    began_us: int
    since_us: int
    until_us: dict[str, int]
    found_before: frozenset[str]


_Period = tuple[str, int, int]  # a camera's files that began from one instant to another


def repair_newest(index: RecordingIndex) -> tuple[Repaired, Rest]:
    """What must be right before recorders start. Raises OSError, sqlite3.Error."""
    began_us, done = now_us(), Repaired()
    index.ensure_coverage()
    settled_us = index.noted_us("settled-us")
    until_us: dict[str, int] = {}
    found_before: set[str] = set()
    for camera in cameras(index):
        until_us[camera] = settled_us - MARGIN_US if settled_us else _newest_us(index, camera)
        repair_camera(index, camera, until_us[camera], MAX_INTEGER, done)
        if not settled_us:  # else what is left is older than the margin, and nothing of it is fresh
            since_us = max(0, until_us[camera] - MARGIN_US)
            found_before |= files_of(index, camera, since_us, until_us[camera]).keys()
    return done, Rest(began_us, unrepaired_since_us(index), until_us, frozenset(found_before))


async def repair_rest(
    index: RecordingIndex, rest: Rest, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> Repaired:
    """What `repair_newest` left. What goes wrong is logged, and looked at again after the next start.

    `pause` waits for seconds, until what was too fresh is to be looked at again.
    """
    done, failed = Repaired(), False
    periods = _periods(await asyncio.to_thread(_oldest_us, index, rest), rest)
    while True:
        put_off: list[_Period] = []
        for period in periods:
            try:
                if not await asyncio.to_thread(repair_camera, index, *period, done, rest.found_before):
                    put_off.append(period)
            except (OSError, sqlite3.Error) as error:
                log.error("repair_failed", camera=period[0], error=str(error))
                failed = True
        if not put_off:
            break
        await pause(WRITING_S)
        periods = iter(put_off)
    if not failed:
        with contextlib.suppress(sqlite3.Error):
            await asyncio.to_thread(index.note, "repaired-us", rest.began_us)
    log.info("repair_complete", failed=failed, **asdict(done))
    return done


def _periods(oldest_us: int, rest: Rest) -> Iterator[_Period]:
    """Day by day, newest first, camera by camera."""
    for first_us, end_us in _days_back(oldest_us, rest):
        for camera, until_us in rest.until_us.items():
            if first_us < min(end_us, until_us):
                yield camera, first_us, min(end_us, until_us)


def _days_back(oldest_us: int, rest: Rest) -> Iterator[tuple[int, int]]:
    end_us = max(rest.until_us.values(), default=0)
    while end_us > oldest_us:
        first_us = _day_us(end_us - 1)
        yield first_us, end_us
        end_us = first_us


def _oldest_us(index: RecordingIndex, rest: Rest) -> int:
    """Where the rest begins: no earlier than the first footage in the index or on disk."""
    days = [day.name for camera in rest.until_us for day in folders(index.folder / camera)]
    known_us = [index.oldest_us(), *(_start_of_day_us(day) for day in days)]
    return max(rest.since_us, min((at for at in known_us if at is not None), default=MAX_INTEGER))


def _newest_us(index: RecordingIndex, camera: str) -> int:
    """When a camera's newest file on disk begins; from the next day on where there is none to look at."""
    for day in reversed(folders(index.folder / camera)):
        starts = [start_us for file in day.glob("*.mp4") if (start_us := start_of(file.name)) is not None]
        if starts:
            return max(starts)
    return _day_us(now_us()) + DAY_US


def _day_us(at_us: int) -> int:
    return at_us - at_us % DAY_US


def _start_of_day_us(name: str) -> int | None:
    """None for a folder that is not called after a day."""
    try:
        return to_us(datetime.strptime(name, "%Y-%m-%d").replace(tzinfo=UTC))
    except ValueError:
        return None
