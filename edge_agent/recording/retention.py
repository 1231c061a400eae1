"""Deletes footage past its plan's days, and the oldest when the disk runs low.

Protecting the disk floor comes before the plan: a full disk would stop every camera.
"""

import asyncio
import shutil
from collections.abc import Callable

import structlog

from edge_agent.clock import now_us
from edge_agent.recording.domain import to_purge
from edge_agent.recording.index import RecordingIndex

log = structlog.get_logger()

SWEEP_EVERY_S = 60.0
DAY_US = 86_400_000_000


def sweep(index: RecordingIndex, retention_days: int, floor_bytes: int) -> int:
    """One pass; returns how many files were deleted."""
    missing_bytes = floor_bytes - shutil.disk_usage(index.folder).free
    keep_after_us = now_us() - retention_days * DAY_US
    victims = to_purge(index.oldest_first(), keep_after_us, missing_bytes)
    for victim in victims:
        index.purge(victim)
    early = sum(victim.end_us >= keep_after_us for victim in victims)
    if early:
        log.error("disk_floor_purged_footage", files=early, floor_bytes=floor_bytes)
    return len(victims)


async def keep_sweeping(index: RecordingIndex, retention_days: Callable[[], int], floor_bytes: int) -> None:
    """Sweep for ever; a failing pass is logged and tried again."""
    while True:
        try:
            await asyncio.to_thread(sweep, index, retention_days(), floor_bytes)
        except OSError as error:
            log.error("retention_failed", error=str(error))
        await asyncio.sleep(SWEEP_EVERY_S)
