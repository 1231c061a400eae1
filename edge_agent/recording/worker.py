"""A recorder worker: one process, many cameras, one thread each.

It takes Assignments from its pipe and sends WorkerEvents into it. None on the
pipe, or a broken pipe (the supervisor is gone), means: close the files and end.
"""

import contextlib
import ctypes
import signal
import threading
import time
from multiprocessing.connection import Connection

from edge_agent import logs
from edge_agent.recording.camera import CameraRecorder
from edge_agent.recording.disk import Disk
from edge_agent.recording.events import Assignment, Watched, WorkerEvent
from edge_agent.recording.session import Report
from edge_agent.recording.tap import LiveTap

_M_ARENA_MAX = -8  # mallopt(3)

#: How long cameras may take, together, to close their files when they are stopped.
STOP_TIMEOUT_S = 3.0


def run(pipe: Connection, live_pipe: Connection) -> None:
    """The worker's main function; returns when the supervisor says so or is gone."""
    _use_one_heap()
    logs.configure()  # a spawned process has none of its parent's configuration
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the supervisor decides, by closing the pipe
    sending = threading.Lock()
    recorders: dict[str, CameraRecorder] = {}
    tap = LiveTap(live_pipe)
    disk = Disk()

    def report(event: WorkerEvent) -> None:
        with sending, contextlib.suppress(OSError):  # a broken pipe ends the loop below
            pipe.send(event)

    try:
        order: Assignment | Watched | None
        while (order := pipe.recv()) is not None:
            if isinstance(order, Watched):
                tap.watched = order.cameras
            else:
                _apply(order, recorders, report, tap, disk)
    except (EOFError, OSError):
        pass  # the supervisor is gone
    _stop(list(recorders.values()))


def _use_one_heap() -> None:
    """One malloc arena for all threads: with glibc's default of one each for many of them, 40 cameras
    of 2 Mbit/s took 3.5 MB each; with one, 2.1 MB, at the same CPU."""
    with contextlib.suppress(OSError, AttributeError):  # not glibc
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _apply(
    assignment: Assignment, recorders: dict[str, CameraRecorder], report: Report, tap: LiveTap, disk: Disk
) -> None:
    wanted = {source.id: source for source in assignment.cameras}
    gone = [r for r in recorders.values() if wanted.get(r.source.id) != r.source]
    _stop(gone)
    for recorder in gone:
        del recorders[recorder.source.id]
    for source in assignment.cameras:
        if source.id not in recorders:
            not_before_us = assignment.not_before_us.get(source.id, 0)
            recorders[source.id] = CameraRecorder(source, assignment.folder, not_before_us, report, disk, tap)
            recorders[source.id].start()


def _stop(recorders: list[CameraRecorder]) -> None:
    for recorder in recorders:
        recorder.stop()
    deadline_mono = time.monotonic() + STOP_TIMEOUT_S
    for recorder in recorders:
        recorder.join(max(0.0, deadline_mono - time.monotonic()))
