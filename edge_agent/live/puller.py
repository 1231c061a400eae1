"""Pulls a camera's second stream while somebody watches it; the recorder does not read it."""

import asyncio
import threading
from collections.abc import Callable

import av
import structlog

from edge_agent.recording.domain import redact_url
from edge_agent.recording.events import LivePacket
from edge_agent.recording.tap import live_packet

log = structlog.get_logger()

TIMEOUT_S = 10.0
RETRY_S = 2.0
_OPTIONS = {"rtsp_transport": "tcp", "fpsprobesize": "0"}


class StreamPuller:
    """A thread that reads `url` and gives its packets to `on_packet` in the event loop, until closed."""

    def __init__(self, camera: str, url: str, on_packet: Callable[[LivePacket], None]) -> None:
        self._camera = camera
        self._url = url
        self._on_packet = on_packet
        self._loop = asyncio.get_running_loop()
        self._stopping = threading.Event()
        threading.Thread(target=self._run, name=f"sub-{camera}", daemon=True).start()

    def close(self) -> None:
        """The thread ends at the next packet or time-out; nothing is given any more."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._pull()
            except (av.FFmpegError, OSError) as error:
                log.warning("sub_stream_failed", camera=self._camera, error=redact_url(str(error)))
            except RuntimeError:
                return  # the event loop is closed
            self._stopping.wait(RETRY_S)

    def _pull(self) -> None:
        with av.open(self._url, options=_OPTIONS, timeout=(TIMEOUT_S, TIMEOUT_S)) as stream:
            wanted = [*stream.streams.video[:1], *stream.streams.audio[:1]]
            for packet in stream.demux(wanted):
                if self._stopping.is_set():
                    return
                if packet.pts is not None:
                    self._loop.call_soon_threadsafe(self._give, live_packet(self._camera, packet))

    def _give(self, packet: LivePacket) -> None:
        if not self._stopping.is_set():
            self._on_packet(packet)
