"""Owns the recorder workers: shards cameras over processes, restarts what dies.

A worker that crashes takes only its own cameras with it; what it had open is
closed in the index from the fragments it reported, and a successor goes on.
"""

import asyncio
import contextlib
import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

import structlog

from edge_agent.recording import worker
from edge_agent.recording.events import Assignment, CameraSource, Watched, WorkerEvent
from passthrough.packets import LivePacket

log = structlog.get_logger()

#: A crashed worker is replaced after this pause, so that a crash loop leaves the CPU to the others.
RESTART_PAUSE_S = 1.0
#: How long a worker may take to close its files: a little more than one camera's own limit.
STOP_TIMEOUT_S = 6.0


class Listener(Protocol):
    """Who keeps what the workers report (recording.index)."""

    def handle(self, event: WorkerEvent) -> Awaitable[None]: ...

    def close_abandoned(self, cameras: list[str]) -> Awaitable[None]: ...

    def ends_us(self, cameras: list[str]) -> Awaitable[dict[str, int]]: ...


def shard(cameras: list[CameraSource], workers: int) -> list[list[CameraSource]]:
    """Cameras by worker: a camera stays on its worker while the number of workers stays."""
    shards: list[list[CameraSource]] = [[] for _ in range(workers)]
    for camera in cameras:
        shards[worker_of(camera.id, workers)].append(camera)
    return shards


def worker_of(camera: str, workers: int) -> int:
    return sum(camera.encode()) % workers


OnPacket = Callable[[LivePacket], None]


class Watch:
    """Somebody's interest in a camera's packets, until `close()`."""

    def __init__(self, supervisor: "Supervisor", camera: str, on_packet: OnPacket) -> None:
        self._supervisor = supervisor
        self.camera = camera
        self.on_packet = on_packet
        supervisor._watch_changed(self, begins=True)

    def close(self) -> None:
        """Idempotent."""
        self._supervisor._watch_changed(self, begins=False)


class Supervisor:
    """Runs `workers` recorder processes until cancelled."""

    def __init__(self, folder: Path, listener: Listener, workers: int | None = None) -> None:
        self._folder = folder
        self._listener = listener
        self._count = workers or min(os.cpu_count() or 1, 8)
        self._wanted: list[list[CameraSource]] = [[] for _ in range(self._count)]
        self._alive: set[int] = set()
        #: Workers that died and were replaced.
        self.restarts = 0
        self._changed = [asyncio.Event() for _ in range(self._count)]
        self._watches: dict[str, list[Watch]] = {}
        self._processes: dict[int, _WorkerProcess] = {}

    def assign(self, cameras: list[CameraSource]) -> None:
        """Record exactly these cameras from now on."""
        for number, shard_cameras in enumerate(shard(cameras, self._count)):
            if shard_cameras != self._wanted[number]:
                self._wanted[number] = shard_cameras
                self._changed[number].set()

    def watch(self, camera: str, on_packet: OnPacket) -> "Watch":
        """Give every packet of a camera to `on_packet`, in the event loop, until the watch is closed.

        A packet that the box has no time for is left out, with what follows up to the next keyframe.
        """
        return Watch(self, camera, on_packet)

    def _watch_changed(self, watch: "Watch", begins: bool) -> None:
        watches = self._watches.setdefault(watch.camera, [])
        if begins:
            watches.append(watch)
        elif watch in watches:
            watches.remove(watch)
        if not watches:
            del self._watches[watch.camera]
        self._tell_watched(worker_of(watch.camera, self._count))

    def _tell_watched(self, number: int) -> None:
        process = self._processes.get(number)
        if process is not None:
            watched = frozenset(c for c in self._watches if worker_of(c, self._count) == number)
            with contextlib.suppress(OSError):  # it died: its successor is told
                process.pipe.send(Watched(watched))

    def _fan_out(self, packet: LivePacket) -> None:
        for watch in tuple(self._watches.get(packet.camera, ())):
            watch.on_packet(packet)

    @property
    def all_alive(self) -> bool:
        """Every worker that has cameras runs; one that is being replaced counts as dead."""
        return all(number in self._alive for number, cameras in enumerate(self._wanted) if cameras)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self._count):
                group.create_task(self._keep_alive(number))

    async def _keep_alive(self, number: int) -> None:
        while True:
            if not self._wanted[number]:
                await self._changed[number].wait()
            await self._run_worker(number)
            await asyncio.sleep(RESTART_PAUSE_S)

    async def _run_worker(self, number: int) -> None:
        """One worker's life, until it dies or we are cancelled (then it closes its files first)."""
        process = _WorkerProcess(f"recorder-{number}", self._fan_out)
        self._processes[number] = process
        self._tell_watched(number)
        assigned: set[str] = set()
        consuming = asyncio.create_task(self._consume(process))
        assigning = asyncio.create_task(self._assign_on_change(number, process.pipe, assigned))
        self._alive.add(number)
        try:
            await asyncio.shield(consuming)
            log.error("recorder_worker_died", worker=number)
            self.restarts += 1
        except asyncio.CancelledError:
            process.ask_to_stop()
            await asyncio.wait([consuming], timeout=STOP_TIMEOUT_S)
            raise
        finally:
            self._alive.discard(number)
            assigning.cancel()
            del self._processes[number]
            process.end()
            await self._tell(self._listener.close_abandoned(sorted(assigned)))

    async def _consume(self, process: "_WorkerProcess") -> None:
        while (event := await process.events.get()) is not None:
            await self._tell(self._listener.handle(event))

    async def _tell(self, told: Awaitable[None]) -> None:
        """A full disk or a failing database must not stop the recorders: what was not stored is
        on disk, and is repaired at the next start."""
        try:
            await told
        except (OSError, sqlite3.Error) as error:
            log.error("recorder_report_not_stored", error=str(error))

    async def _ends_us(self, cameras: list[str]) -> dict[str, int]:
        """With a damaged database it is not known where footage ends; recording goes on all the same."""
        try:
            return await self._listener.ends_us(cameras)
        except (OSError, sqlite3.Error) as error:
            log.error("end_of_footage_unknown", error=str(error))
            return {}

    async def _assign_on_change(self, number: int, pipe: Connection, assigned: set[str]) -> None:
        while True:
            self._changed[number].clear()
            cameras = self._wanted[number]
            assigned.update(camera.id for camera in cameras)
            ends_us = await self._ends_us([camera.id for camera in cameras])
            try:
                pipe.send(Assignment(tuple(cameras), self._folder, ends_us))
            except OSError:
                return  # the worker died; _run_worker sees it too
            await self._changed[number].wait()


class _WorkerProcess:
    """A worker process and the threads that read its pipes.

    Its reports go into `events` (None: it has ended), live packets to `fan_out`: they have a
    pipe of their own, so that neither waits for the other.
    """

    def __init__(self, name: str, fan_out: OnPacket) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._live, live_end = context.Pipe(duplex=False)
        self._fan_out = fan_out
        self.events: asyncio.Queue[WorkerEvent | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._process = context.Process(target=worker.run, args=(theirs, live_end), name=name, daemon=True)
        self._process.start()
        theirs.close()
        live_end.close()
        threading.Thread(target=self._read_live, name=f"{name}-live", daemon=True).start()
        threading.Thread(target=self._read, name=f"{name}-reader", daemon=True).start()

    def ask_to_stop(self) -> None:
        try:
            self.pipe.send(None)
        except OSError:
            return  # it is gone already

    def end(self) -> None:
        """Make sure that the process is gone."""
        if self._process.is_alive():
            self._process.join(timeout=0.5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.pipe.close()

    def _read(self) -> None:
        while True:
            try:
                event: WorkerEvent | None = self.pipe.recv()
            except (EOFError, OSError):
                event = None
            try:
                self._loop.call_soon_threadsafe(self.events.put_nowait, event)
            except RuntimeError:
                return  # the loop is closed: nobody is listening any more
            if event is None:
                return

    def _read_live(self) -> None:
        try:
            while True:
                packet: LivePacket = self._live.recv()
                self._loop.call_soon_threadsafe(self._fan_out, packet)
        except (EOFError, OSError, RuntimeError):
            self._live.close()  # the worker has ended, or the loop is closed
