"""The disk side of a recorder worker: files are written and synced in threads of their own.

A camera's thread only reads its camera and queues whole fragments here, so that a slow
`fdatasync` never keeps packets waiting in the camera's socket, where they would be lost.
The queue is bounded: a disk that stays slower than its cameras is reported, not hidden.

Invariant: `then` of an append runs after its bytes are synced to disk. What a failed
append left behind is cut off again, so that a file ends with a whole fragment.
"""

import asyncio
import contextlib
import itertools
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

#: Waiting bytes of one camera; 30 s of 2 Mbit/s.
MAX_WAITING_BYTES = 8 << 20
#: Concurrent fdatasyncs share one commit of the file system's journal.
THREADS = 4
DRAIN_TIMEOUT_S = 2.0


class DiskFailure(OSError):
    """The disk refused to take footage; the cause is the OSError of the system."""


class DiskTooSlow(DiskFailure):
    """More than MAX_WAITING_BYTES of one camera wait for the disk."""


class Disk:
    """The writing threads of a worker process; they live as long as it."""

    def __init__(self, threads: int = THREADS) -> None:
        self._queues: list[queue.SimpleQueue[_Job]] = [queue.SimpleQueue() for _ in range(threads)]
        self._next = itertools.cycle(self._queues)
        for number, jobs in enumerate(self._queues):
            threading.Thread(target=_work, args=(jobs,), name=f"disk-{number}", daemon=True).start()

    def lane(self, max_waiting_bytes: int = MAX_WAITING_BYTES) -> "Lane":
        return Lane(next(self._next), max_waiting_bytes)


class Lane:
    """One connection's way to the disk: jobs run in order, and none after one that failed."""

    def __init__(self, jobs: "queue.SimpleQueue[_Job]", max_waiting_bytes: int) -> None:
        self._jobs = jobs
        self._max_waiting_bytes = max_waiting_bytes
        self._lock = threading.Lock()
        self._largest_bytes = 0
        self.waiting_bytes = 0
        self.failure: OSError | None = None

    @property
    def is_slow(self) -> bool:
        return self.waiting_bytes > self._max_waiting_bytes // 2

    def put(self, job: Callable[[], None], size_bytes: int = 0) -> None:
        """Have a job done. Raises DiskFailure."""
        if self.failure is not None:
            raise DiskFailure(self.failure.errno, os.strerror(self.failure.errno or 0)) from self.failure
        with self._lock:
            self._largest_bytes = max(self._largest_bytes, size_bytes)
            # A camera of large groups of pictures may have two of them waiting.
            limit_bytes = max(self._max_waiting_bytes, 2 * self._largest_bytes)
            if self.waiting_bytes + size_bytes > limit_bytes:
                raise DiskTooSlow(f"disk too slow: {self.waiting_bytes} bytes wait")
            self.waiting_bytes += size_bytes
        self._jobs.put((self, job, size_bytes))

    async def drain(self, timeout_s: float = DRAIN_TIMEOUT_S) -> bool:
        """Wait until all that was put is done; False when the disk takes longer.

        No thread waits: there are fewer of them than cameras that may be stopped at once.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(done.set_result, None)

        self._jobs.put((None, tell, 0))
        finished, _ = await asyncio.wait([done], timeout=timeout_s)
        return bool(finished)

    def run(self, job: Callable[[], None], size_bytes: int) -> None:
        if self.failure is None:
            try:
                job()
            except OSError as error:
                self.failure = error
        with self._lock:
            self.waiting_bytes -= size_bytes


_Job = tuple[Lane | None, Callable[[], None], int]


def _work(jobs: "queue.SimpleQueue[_Job]") -> None:
    while True:
        lane, job, size_bytes = jobs.get()
        if lane is None:
            job()
        else:
            lane.run(job, size_bytes)


class RecordingFile:
    """A file that grows by whole fragments. Every method may raise OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self.size_bytes = 0

    def create(self, init_section: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("xb", buffering=0)
        try:
            _write_whole(self._file, init_section)
        except OSError:
            self.close()
            self._path.unlink()
            raise
        self.size_bytes = len(init_section)

    def append(self, fragment: bytes) -> None:
        """Write and sync; raises OSError with the file as it was."""
        assert self._file is not None, "not created"
        try:
            _write_whole(self._file, fragment)
            os.fdatasync(self._file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(self._file.seek(self.size_bytes))
            raise
        self.size_bytes += len(fragment)

    def close(self) -> None:
        """Idempotent."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def is_open(self) -> bool:
        return self._file is not None


def _write_whole(file: IO[bytes], data: bytes) -> None:
    """An unbuffered write may take less than all: on a disk that fills, for one."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
