"""A child process with one owner: started, really ready, ended; never outlives the process that started it.

Three facts hold for every `OwnedProcess`:
- `start()` returns only when the child answers its readiness question, or raises `EngineError` and
  leaves nothing running;
- the child has its own session, so Ctrl-C in the terminal reaches its owner alone, which ends it in order;
- the kernel signals the child when its owner dies (PR_SET_PDEATHSIG, set by util-linux' `setpriv`), even
  by kill -9.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

POLL_INTERVAL_S = 0.03
LOG_LINES_IN_ERROR = 3


class EngineError(Exception):
    """An engine can't do its work; the message is one line for the person at the terminal."""


class MissingProgram(EngineError):
    """A program is not installed; the message names the command that installs it."""


class Startable(ABC):
    """Something that `with` starts and stops."""

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def stop(self) -> None: ...

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class OwnedProcess(Startable):
    """One child process with a log file; `ready` is asked until it says yes."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        ready: Callable[[], bool] = lambda: True,
        ready_within_s: float = 30.0,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_within_s: float = 10.0,
        privileges: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.log = log
        self._argv = [str(argument) for argument in argv]
        self._cwd = cwd
        self._env = env
        self._ready = ready
        self._ready_within_s = ready_within_s
        self._stop_signal = stop_signal
        self._stop_within_s = stop_within_s
        self._privileges = privileges
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    @property
    def running(self) -> bool:
        return self.pid is not None

    def start(self) -> None:
        if self.running:
            raise EngineError(f"{self.name} is already running (process {self.pid})")
        self.stop()  # reaps a child that ended by itself
        self._launch()
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def run(self, within_s: float) -> int:
        """Run to the end, as a program that does one job; the exit code."""
        self._launch()
        assert self._child is not None
        try:
            return self._child.wait(within_s)
        except subprocess.TimeoutExpired:
            raise EngineError(
                f"{self.name} took longer than {within_s:g} s: {self.last_log_lines()}"
            ) from None
        finally:
            self.stop()

    def stop(self) -> None:
        """End the child and everything in its session's group; returns when it has ended. Idempotent."""
        child, keeper = self._child, self._keeper
        if child is None or keeper is None:
            return
        if child.poll() is None:
            child.send_signal(self._stop_signal)
        keeper.join(self._stop_within_s)
        with contextlib.suppress(ProcessLookupError):  # also ends grandchildren left behind
            os.killpg(child.pid, signal.SIGKILL)
        keeper.join()
        self._child = self._keeper = None

    @property
    def ending(self) -> str:
        """How the child ended, in words."""
        code = self._child.poll() if self._child is not None else None
        if code is None:
            return "not ended"
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def last_log_lines(self) -> str:
        """The end of the log on one line, for messages."""
        if not self.log.exists():
            return "(no log)"
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return " | ".join(line.strip() for line in lines[-LOG_LINES_IN_ERROR:]) or "(empty log)"

    def _launch(self) -> None:
        # The kernel sends the death signal when the *thread* that forked ends, so a thread that lives
        # exactly as long as the child does the forking: callers may start engines from any thread.
        launched: list[subprocess.Popen[bytes] | OSError] = []
        launch_done = threading.Event()

        def keep() -> None:
            try:
                launched.append(self._spawn())
            except OSError as error:
                launched.append(error)
                return
            finally:
                launch_done.set()
            launched[0].wait()  # type: ignore[union-attr]

        self._keeper = threading.Thread(target=keep, name=f"keeper-{self.name}", daemon=True)
        self._keeper.start()
        launch_done.wait()
        if isinstance(launched[0], OSError):
            self._keeper = None
            raise EngineError(f"{self.name} could not be started: {launched[0]}")
        self._child = launched[0]

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        die_with_owner = ["setpriv", "--pdeathsig", self._stop_signal.name.removeprefix("SIG")]
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [*die_with_owner, *self._privileges, "--", *self._argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._cwd,
                env=dict(self._env) if self._env is not None else None,
                start_new_session=True,
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self._ready_within_s
        while not self._ready():
            if not self.running:
                raise EngineError(f"{self.name} ended while starting: {self.last_log_lines()}")
            if time.monotonic() > deadline:
                waited = f"{self._ready_within_s:g} s"
                raise EngineError(f"{self.name} was not ready after {waited}: {self.last_log_lines()}")
            time.sleep(POLL_INTERVAL_S)
        if not self.running:  # something else answered in the child's place
            raise EngineError(f"{self.name} ended while starting: {self.last_log_lines()}")
