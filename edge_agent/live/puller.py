"""Pulls a camera's second stream while somebody watches it; the recorder does not read it."""

import asyncio
import time
from collections.abc import Callable

import structlog

from edge_agent.recording.domain import redact_url
from edge_agent.recording.logins import RefusedLogins
from edge_agent.recording.tap import live_packet
from edge_agent.rtsp.connection import Connection
from edge_agent.rtsp.errors import LoginRefused, NoAnswer, RtspError
from edge_agent.rtsp.receiver import Receiver
from edge_agent.rtsp.samples import OnSample, Sample
from edge_agent.rtsp.sdp import Format
from passthrough.packets import LivePacket

log = structlog.get_logger()

SILENCE_S = 10.0
RETRY_S = 2.0


class StreamPuller:
    """A task that reads `url` and gives its packets to `on_packet`, until closed."""

    def __init__(
        self, camera: str, url: str, on_packet: Callable[[LivePacket], None], logins: RefusedLogins
    ) -> None:
        self._camera = camera
        self._url = url
        self._on_packet = on_packet
        self._logins = logins
        self._receiver = Receiver()
        self._packets = 0
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"sub-{camera}")

    def close(self) -> None:
        """Nothing is given any more."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            while rest_s := self._logins.rests_s(self._url, time.monotonic()):  # noqa: ASYNC110 - time passing
                await asyncio.sleep(rest_s)
            try:
                await self._pull()
            except (RtspError, OSError) as error:
                if isinstance(error, LoginRefused):
                    self._logins.refused(self._url, time.monotonic())
                log.warning("sub_stream_failed", camera=self._camera, error=redact_url(str(error)))
            await asyncio.sleep(RETRY_S)

    async def _pull(self) -> None:
        connection = Connection(self._url, "tcp", self._receiver)
        try:
            description = await connection.open()
            tracks = [track for track in (description.video, description.audio) if track is not None]
            await connection.set_up({track: self._taker(track) for track in tracks})
            await connection.play()
            self._logins.forget(self._url)
            before = -1
            while before != self._packets:
                before = self._packets
                done, _ = await asyncio.wait([connection.ended], timeout=SILENCE_S)
                if done:
                    await connection.ended
            raise NoAnswer("the second stream is silent")
        finally:
            connection.close()

    def _taker(self, track: Format) -> OnSample:
        def take(sample: Sample) -> None:
            self._packets += 1
            self._on_packet(live_packet(self._camera, track, sample))

        return take
