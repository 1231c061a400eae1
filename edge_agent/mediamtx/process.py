"""MediaMTX as the agent's child: started, really ready, restarted when it dies, ended with the agent.

It dies with the agent also by kill -9: the kernel signals it (`setpriv --pdeathsig`,
util-linux). Its log is forwarded as structured log lines, without credentials.
"""

import asyncio
import contextlib
import json
import logging
import os
import random
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from edge_agent.recording.domain import backoff_s, redact_url

log = structlog.get_logger()

READY_WITHIN_S = 15.0
POLL_S = 0.1
STOP_WITHIN_S = 5.0
#: One that ran for this long was well: its next restart is quick again.
WELL_AFTER_S = 60.0
_LOG_LINE_BYTES = 64 * 1024


class MediaMtxProcess:
    """Keeps one MediaMTX alive while `run()` is not cancelled."""

    def __init__(
        self,
        binary: Path,
        config: Path,
        answers: Callable[[], Awaitable[bool]],
        on_log: Callable[[str], None],
        on_ready: Callable[[], None],
    ) -> None:
        """`answers` asks its API; `on_log` gets each message of its log, as it is (it may hold addresses)."""
        self._argv = [*_die_with_agent(), str(binary), str(config)]
        self._folder = config.parent
        self._answers = answers
        self._on_log = on_log
        self._on_ready = on_ready
        self._rng = random.Random()  # noqa: S311 - jitter, not a secret
        #: Set while its API answers.
        self.ready = asyncio.Event()
        self.ready_since_mono = 0.0
        self.starts = 0
        self.pid: int | None = None

    async def run(self) -> None:
        failures = 0
        while True:
            started_mono = time.monotonic()
            try:
                await self._live_once()
            except OSError as error:
                log.error("mediamtx_not_started", error=str(error))
            failures = 0 if time.monotonic() - started_mono > WELL_AFTER_S else failures + 1
            await asyncio.sleep(backoff_s(failures - 1, self._rng))

    async def _live_once(self) -> None:
        # MTX_* variables would override the configuration; nothing else is needed.
        environment = {key: os.environ[key] for key in ("PATH", "TZ") if key in os.environ}
        child = await asyncio.create_subprocess_exec(
            *self._argv,
            cwd=self._folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LOG_LINE_BYTES,
            start_new_session=True,  # Ctrl-C at the terminal is the agent's business
        )
        self.starts += 1
        self.pid = child.pid
        watching = asyncio.create_task(self._watch_readiness(child))
        try:
            if child.stdout is not None:
                await self._forward_log(child.stdout)
            log.error("mediamtx_died", exit_code=await child.wait())
        finally:
            watching.cancel()
            self.ready.clear()
            self.pid = None
            await asyncio.shield(_end(child))

    async def _watch_readiness(self, child: asyncio.subprocess.Process) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not await self._answers():
            if time.monotonic() > deadline:
                log.error("mediamtx_not_ready", within_s=READY_WITHIN_S)
                child.kill()
                return
            await asyncio.sleep(POLL_S)
        self.ready_since_mono = time.monotonic()
        self._on_ready()
        self.ready.set()
        log.info("mediamtx_ready", pid=child.pid)

    async def _forward_log(self, output: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await output.readline()
            except ValueError:
                continue  # longer than _LOG_LINE_BYTES: dropped
            if not line:
                return
            level, message = read_log_line(line)
            self._on_log(message)
            log.log(level, "mediamtx", message=redact_url(message))


def read_log_line(line: bytes) -> tuple[int, str]:
    """Level (as of `logging`) and message of a line of the structured log; anything else is a warning."""

    try:
        entry = json.loads(line)
        level, message = str(entry["level"]), str(entry["message"])
    except (ValueError, KeyError, TypeError):
        return logging.WARNING, line.decode(errors="replace").strip()
    return {"ERR": logging.ERROR, "WAR": logging.WARNING}.get(level, logging.INFO), message


def find_binary(choice: str, data_dir: Path) -> Path | None:
    """`auto`: what was installed, then PATH, else none; `off`: none; else a path.

    Raises FileNotFoundError.
    """
    if choice == "off":
        return None
    if choice != "auto":
        binary = Path(choice)
        if not os.access(binary, os.X_OK) or binary.is_dir():
            raise FileNotFoundError(f"Não há um programa executável em {binary}.")
        return binary.absolute()
    installed = data_dir / "bin" / "mediamtx"
    if os.access(installed, os.X_OK):
        return installed.absolute()
    found = shutil.which("mediamtx")
    return Path(found) if found else None


def _die_with_agent() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


async def _end(child: asyncio.subprocess.Process) -> None:
    """Returns when the child has ended."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), STOP_WITHIN_S)
    except TimeoutError:
        child.kill()
        await child.wait()
