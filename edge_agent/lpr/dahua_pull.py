"""Pulls plates from Dahua and Intelbras cameras that cannot push: their event stream, for ever.

Source: Dahua HTTP API, "Subscribe to event message": `eventManager.cgi?action=attach` with
Digest answers a multipart/x-mixed-replace whose parts are events; `heartbeat` makes a dead
connection known. What the camera saw while it was not connected it does not tell.
"""

import asyncio
import itertools
import random
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import httpx
import structlog

from edge_agent.lpr.domain import MalformedPush, NoPlate, PlateMissing, VendorRead
from edge_agent.lpr.intake import Intake
from edge_agent.lpr.push import Push
from edge_agent.lpr.vendors import dahua_stream
from edge_agent.recording.domain import backoff_s
from protocol.messages import DesiredState

log = structlog.get_logger()

HEARTBEAT_S = 5
#: Three heartbeats missed: the connection is dead.
_SILENCE_S = 3 * HEARTBEAT_S + 1
_CONNECT_TIMEOUT_S = 10.0
#: A part of the stream; events are some 2 kB, with pictures it would be another address.
MAX_PART_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one pull depends on; another value means another connection."""

    camera: str
    rtsp_url: str
    http_port: int
    timezone: str


class Pulls:
    """One connection per camera that is to be pulled, as the desired state says."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._wanted: set[_Wanted] = set()
        self._changed = asyncio.Event()

    def assign(self, desired: DesiredState) -> None:
        self._wanted = {
            _Wanted(camera.id, camera.rtsp_url, camera.lpr.http_port, desired.timezone)
            for camera in desired.cameras
            if camera.lpr.pull == "dahua"
        }
        self._changed.set()

    async def run(self) -> None:
        """Until it is cancelled; its connections end with it."""
        running: dict[_Wanted, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                await self._changed.wait()
                self._changed.clear()
                for gone in running.keys() - self._wanted:
                    running.pop(gone).cancel()
                for new in self._wanted - running.keys():
                    running[new] = group.create_task(self._pull(new))

    async def _pull(self, wanted: _Wanted) -> None:
        rng = random.Random()  # noqa: S311 - jitter, not a secret
        failures = 0
        while True:
            try:
                async for part in parts_of(wanted.rtsp_url, wanted.http_port):
                    failures = 0
                    await self._take(wanted, part)
                log.warning("plate_stream_ended", camera=wanted.camera)
            except (httpx.HTTPError, httpx.InvalidURL, PartTooLarge, ValueError) as error:
                # The exception's text may hold the camera's address with its password.
                log.warning("plate_stream_failed", camera=wanted.camera, error=type(error).__name__)
            await asyncio.sleep(backoff_s(failures, rng))
            failures += 1

    async def _take(self, wanted: _Wanted, part: bytes) -> None:
        """Nobody repeats a part, so a failing disk is waited for: better late than lost."""
        try:
            reads = dahua_stream.parse(Push(part, zone=ZoneInfo(wanted.timezone)))
        except (PlateMissing, MalformedPush) as error:
            log.warning("lpr_push_refused", camera=wanted.camera, reason=str(error))
            await asyncio.to_thread(
                self._intake.reads.quarantine, wanted.camera, dahua_stream.VENDOR, str(error), part
            )
            return
        except NoPlate:
            return
        for _ in itertools.count():
            if await self._is_kept(wanted.camera, reads):
                break
            await asyncio.sleep(1)

    async def _is_kept(self, camera: str, reads: list[VendorRead]) -> bool:
        try:
            await self._intake.keep(camera, reads)
        except (OSError, sqlite3.Error):
            return False
        return True


class PartTooLarge(Exception):
    """A part of the stream is no event."""


async def parts_of(rtsp_url: str, http_port: int) -> AsyncIterator[bytes]:
    """The bodies of a camera's event stream. Raises httpx.HTTPError, PartTooLarge."""
    camera = urlsplit(rtsp_url)
    codes = ",".join(dahua_stream.CODES)
    host = f"[{camera.hostname}]" if ":" in (camera.hostname or "") else camera.hostname
    url = f"http://{host}:{http_port}/cgi-bin/eventManager.cgi?action=attach&codes=[{codes}]&heartbeat={HEARTBEAT_S}"
    auth = httpx.DigestAuth(unquote(camera.username or ""), unquote(camera.password or ""))
    timeout = httpx.Timeout(_CONNECT_TIMEOUT_S, read=_SILENCE_S)
    async with (
        httpx.AsyncClient(auth=auth, timeout=timeout, trust_env=False) as client,
        client.stream("GET", url) as response,
    ):
        response.raise_for_status()
        splitter = Splitter(_boundary(response.headers.get("content-type", "")))
        async for data in response.aiter_bytes():
            for part in splitter.feed(data):
                yield part


def _boundary(content_type: str) -> bytes:
    given = content_type.partition("boundary=")[2].strip().strip('"')
    return b"--" + (given.removeprefix("--") or "myboundary").encode("latin-1")


class Splitter:
    """Cuts the stream into the bodies of its parts.

    A part with Content-Length ends there. Firmwares that send none, or zero, end a part with the
    next boundary: such a part is given when that comes, with the next heartbeat at the latest.
    """

    def __init__(self, boundary: bytes) -> None:
        self._boundary = boundary
        self._buffer = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The parts that are whole now. Raises PartTooLarge."""
        self._buffer += data
        whole = []
        while (part := self._next()) is not None:
            if part.strip():
                whole.append(part.strip())
        if len(self._buffer) > MAX_PART_BYTES:
            raise PartTooLarge
        return whole

    def _next(self) -> bytes | None:
        start = self._buffer.find(self._boundary)
        if start < 0:
            return None
        head_end, gap = _end_of_head(self._buffer, start + len(self._boundary))
        if head_end < 0:
            return None
        body = head_end + gap
        length = _content_length(self._buffer[start:head_end])
        end = body + length if length else self._buffer.find(self._boundary, body)
        if end < 0 or end > len(self._buffer):
            return None
        part, self._buffer = self._buffer[body:end], self._buffer[end:]
        return part


def _end_of_head(buffer: bytes, start: int) -> tuple[int, int]:
    """Where the empty line after the headers begins, and its length; some firmwares write bare LF."""
    found = [(buffer.find(mark, start), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    return min((one for one in found if one[0] >= 0), default=(-1, 0))


def _content_length(head: bytes) -> int:
    for line in head.splitlines():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0
