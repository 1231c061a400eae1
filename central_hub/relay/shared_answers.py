"""Answers of a box that several viewers ask for within seconds: fetched once, and kept for a moment."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any

from protocol.uplink import Head

#: A playlist is new with each picture or group of pictures; the viewers' polls of one moment share it.
PLAYLIST_FOR_S = 0.5
#: Viewers are a few segments apart at most.
MEDIA_FOR_S = 15.0
#: Of one camera: 15 s of 8 Mbit/s.
MAX_BYTES = 16 * 1024 * 1024

Answer = tuple[Head, bytes]
Fetch = Callable[[], Coroutine[Any, Any, Answer]]


@dataclass
class _Kept:
    task: asyncio.Task[Answer]
    until_mono: float = float("inf")
    size_bytes: int = 0


class SharedAnswers:
    """Of one camera. An answer that failed is not kept."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Kept] = {}

    async def get(self, key: Hashable, keep_s: float, fetch: Fetch) -> Answer:
        """What `fetch` gives, now or for whoever asked before; raises what it raises."""
        self._forget()
        if key not in self._kept:
            kept = self._kept[key] = _Kept(asyncio.create_task(fetch()))
            kept.task.add_done_callback(lambda task: self._fetched(key, task, keep_s))
        # One viewer who goes away takes the answer from nobody else.
        return await asyncio.shield(self._kept[key].task)

    def _fetched(self, key: Hashable, task: asyncio.Task[Answer], keep_s: float) -> None:
        if task.cancelled() or task.exception() is not None:
            del self._kept[key]
            return
        kept = self._kept[key]
        kept.until_mono, kept.size_bytes = time.monotonic() + keep_s, len(task.result()[1])

    def _forget(self) -> None:
        """What is too old, and the oldest of what is too much."""
        now_mono = time.monotonic()
        total = sum(kept.size_bytes for kept in self._kept.values())
        for key, kept in list(self._kept.items()):
            if kept.until_mono < now_mono or (total > MAX_BYTES and kept.task.done()):
                total -= kept.size_bytes
                del self._kept[key]
