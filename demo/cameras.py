"""Simulated cameras: live H.264 over RTSP with a clock in the picture, and plate events pushed over HTTP.

    python -m demo.cameras --rtsp-port 8554 --lpr-url http://127.0.0.1:8081/lpr/hikvision --cameras C.json

One with `"sound": true` has a microphone, one with `"vendor": "intelbras"` pushes as that make does.
Each has a sub stream of half its size:
rtsp://127.0.0.1:8554/cam1 and rtsp://127.0.0.1:8554/cam1/sub.
In tests: `with SimulatedCameras(specs) as cameras: av.open(cameras.url("cam1"), ...)`.
"""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import httpx
import msgspec
import structlog
import typer

from demo import tollgate_event
from demo.encoder import AccessUnit
from demo.live_camera import CameraSpec, Lens, LiveCamera
from demo.plate_push import PlateEvent, PlatePusher
from demo.ports import LOOPBACK, free_port, require_free_port
from demo.process import EngineError, Startable
from demo.rtsp_server.live import LiveStream
from demo.rtsp_server.server import RtspServer
from demo.rtsp_server.stream import Stream
from demo.sound import SoundFrame

__all__ = ["CameraSpec", "Lens", "SimulatedCameras", "read_specs"]

log = structlog.get_logger()

PARENT_CHECK_S = 1.0


class SimulatedCameras(Startable):
    """All cameras of one process: a thread with an event loop for the network, a thread per camera."""

    def __init__(
        self, specs: Sequence[CameraSpec], rtsp_port: int | None = None, lpr_url: str | None = None
    ) -> None:
        self.rtsp_port = rtsp_port or free_port()
        self._specs = specs
        self._lpr_url = lpr_url
        self._loop: asyncio.AbstractEventLoop | None = None
        self._network: threading.Thread | None = None
        self._server: RtspServer | None = None
        self._cameras: list[LiveCamera] = []
        self._pushing: list[asyncio.Task[None]] = []

    def url(self, path: str) -> str:
        return f"rtsp://{LOOPBACK}:{self.rtsp_port}/{path}"

    def start(self) -> None:
        """Returns when every camera can be opened."""
        require_free_port(self.rtsp_port, "the cameras' RTSP server")
        self._loop = asyncio.new_event_loop()
        self._network = threading.Thread(target=self._loop.run_forever, name="camera-network", daemon=True)
        self._network.start()
        try:
            asyncio.run_coroutine_threadsafe(self._open(self._loop), self._loop).result()
        except OSError as error:
            self.stop()
            raise EngineError(f"the cameras' RTSP server could not start: {error}") from error
        for camera in self._cameras:
            camera.start()

    def stop(self) -> None:
        """Returns when all threads have ended. Idempotent."""
        loop, network = self._loop, self._network
        if loop is None or network is None:
            return
        for camera in self._cameras:
            camera.stop()
        asyncio.run_coroutine_threadsafe(self._close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        network.join()
        loop.close()
        self._loop = self._network = None
        self._cameras, self._pushing = [], []

    async def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        streams: dict[str, Stream] = {}
        for index, spec in enumerate(self._specs):
            streams[spec.path], streams[f"{spec.path}/sub"] = self._open_camera(spec, index, loop)
        self._server = RtspServer(streams, self.rtsp_port)
        await self._server.start()

    def _open_camera(
        self, spec: CameraSpec, index: int, loop: asyncio.AbstractEventLoop
    ) -> tuple[LiveStream, LiveStream]:
        """Its main and its sub stream."""
        pusher = _pusher(spec, self._lpr_url) if self._lpr_url else None
        if pusher is not None:
            self._pushing.append(loop.create_task(pusher.run()))

        def to_main(unit: AccessUnit | SoundFrame) -> None:
            loop.call_soon_threadsafe(main.publish, unit)

        def to_sub(unit: AccessUnit | SoundFrame) -> None:
            loop.call_soon_threadsafe(sub.publish, unit)

        def push(event: PlateEvent) -> None:
            if pusher is not None:
                loop.call_soon_threadsafe(pusher.offer, event)

        camera = LiveCamera(spec, index, to_main, to_sub, push)
        sound = camera.sound.track if camera.sound else None
        main = LiveStream(camera.main.parameter_sets, sound)
        sub = LiveStream(camera.sub.parameter_sets, sound)
        self._cameras.append(camera)
        return main, sub

    async def _close(self) -> None:
        for task in self._pushing:
            task.cancel()
        await asyncio.gather(*self._pushing, return_exceptions=True)
        if self._server is not None:
            await self._server.close()


def _pusher(spec: CameraSpec, lpr_url: str) -> PlatePusher:
    """Hikvision's sends its password with each event; Intelbras' knows one address, and asks for Digest."""
    if spec.vendor == "hikvision":
        return PlatePusher(lpr_url, spec.camera_id, httpx.BasicAuth(spec.camera_id, spec.lpr_secret))
    url = httpx.URL(lpr_url).copy_with(path=tollgate_event.PATH)
    return PlatePusher(str(url), spec.camera_id, httpx.DigestAuth(spec.camera_id, spec.lpr_secret))


def read_specs(file: Path) -> list[CameraSpec]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[CameraSpec])
    except (OSError, msgspec.MsgspecError) as error:
        raise EngineError(f"the list of cameras {file} can't be read: {error}") from error


def main(
    rtsp_port: Annotated[int, typer.Option(help="Port to serve rtsp://127.0.0.1:PORT/<path> on.")],
    cameras: Annotated[Path, typer.Option(help="JSON file with the list of cameras.")],
    lpr_url: Annotated[str | None, typer.Option(help="Where plate events are pushed to.")] = None,
) -> None:
    """Run the simulated cameras until told to stop, or until the process that started them is gone."""
    _log_as_json()
    started_by = os.getppid()
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    with contextlib.ExitStack() as stack:
        try:
            specs = read_specs(cameras)
            stack.enter_context(SimulatedCameras(specs, rtsp_port, lpr_url))
        except EngineError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        log.info("cameras_ready", rtsp_port=rtsp_port, cameras=[spec.path for spec in specs])
        while not stopping.wait(PARENT_CHECK_S) and os.getppid() == started_by:
            pass


def _log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    typer.run(main)
