"""A recorder worker: one process, one event loop, many cameras.

It takes Assignments from its pipe and sends WorkerEvents into it. None on the
pipe, or a broken pipe (the supervisor is gone), means: close the files and end.
"""

import asyncio
import contextlib
import ctypes
import gc
import queue
import signal
import threading
from multiprocessing.connection import Connection

from edge_agent import logs
from edge_agent.recording.camera import CameraRecorder
from edge_agent.recording.disk import Disk
from edge_agent.recording.events import Assignment, Watched, WorkerEvent
from edge_agent.recording.logins import RefusedLogins
from edge_agent.recording.tap import LiveTap
from edge_agent.rtsp.receiver import Receiver

_M_ARENA_MAX = -8  # mallopt(3)

#: How long cameras may take, together, to close their files when they are stopped.
STOP_TIMEOUT_S = 3.0


def run(pipe: Connection, live_pipe: Connection) -> None:
    """The worker's main function; returns when the supervisor says so or is gone."""
    _use_one_heap()
    _collect_seldom()
    logs.configure()  # a spawned process has none of its parent's configuration
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the supervisor decides, by closing the pipe
    asyncio.run(_Worker(pipe, LiveTap(live_pipe)).run())


def _use_one_heap() -> None:
    """One malloc arena for all threads: with glibc's default of one each for many of them, 40 cameras
    of 2 Mbit/s took 3.5 MB each; with one, 2.1 MB, at the same CPU."""
    with contextlib.suppress(OSError, AttributeError):  # not glibc
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _collect_seldom() -> None:
    """Samples die by reference counts. Python's search for cycles, at its default of 700 new objects,
    found none and took a tenth of a worker's CPU."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class _Worker:
    def __init__(self, pipe: Connection, tap: LiveTap) -> None:
        self._pipe = pipe
        self._tap = tap
        self._disk = Disk()
        self._receiver = Receiver()
        self._logins = RefusedLogins()
        self._cameras: dict[str, tuple[CameraRecorder, asyncio.Task[None]]] = {}
        # Where the footage of cameras that were stopped here ends: the supervisor may not know it yet.
        self._ends_us: dict[str, int] = {}
        self._reports = _Reports(pipe)
        self._orders: asyncio.Queue[Assignment | Watched | None] = asyncio.Queue()

    async def run(self) -> None:
        threading.Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True).start()
        receiving = asyncio.create_task(self._receiver.run())
        while (order := await self._orders.get()) is not None:
            if isinstance(order, Watched):
                self._tap.watched = order.cameras
                for recorder, _ in self._cameras.values():
                    recorder.review_watched()
            else:
                await self._apply(order)
        await self._stop(list(self._cameras))
        receiving.cancel()
        self._reports.close()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        order: Assignment | Watched | None
        try:
            while (order := self._pipe.recv()) is not None:
                loop.call_soon_threadsafe(self._orders.put_nowait, order)
        except (EOFError, OSError):
            pass  # the supervisor is gone
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(self._orders.put_nowait, None)

    async def _apply(self, assignment: Assignment) -> None:
        wanted = {source.id: source for source in assignment.cameras}
        await self._stop(
            [c for c, (recorder, _) in self._cameras.items() if wanted.get(c) != recorder.source]
        )
        for source in assignment.cameras:
            if source.id not in self._cameras:
                recorder = CameraRecorder(
                    source,
                    assignment.folder,
                    max(assignment.not_before_us.get(source.id, 0), self._ends_us.get(source.id, 0)),
                    self._reports.put,
                    self._disk,
                    self._receiver,
                    self._tap,
                    self._logins,
                )
                self._cameras[source.id] = recorder, asyncio.create_task(recorder.run(), name=source.id)

    async def _stop(self, cameras: list[str]) -> None:
        stopped = [self._cameras.pop(camera) for camera in cameras]
        for _, task in stopped:
            task.cancel()
        if stopped:
            await asyncio.wait([task for _, task in stopped], timeout=STOP_TIMEOUT_S)
        self._ends_us |= {recorder.source.id: recorder.end_us for recorder, _ in stopped}


class _Reports:
    """Events on their way to the supervisor, in order: a thread sends them, so that a supervisor that is
    busy keeps no camera waiting."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._waiting: queue.SimpleQueue[WorkerEvent | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._send, name="reports", daemon=True)
        self._thread.start()

    def put(self, event: WorkerEvent) -> None:
        self._waiting.put(event)

    def close(self) -> None:
        """Send what waits."""
        self._waiting.put(None)
        self._thread.join(STOP_TIMEOUT_S)

    def _send(self) -> None:
        while (event := self._waiting.get()) is not None:
            with contextlib.suppress(OSError):  # the supervisor is gone, and the worker ends
                self._pipe.send(event)
