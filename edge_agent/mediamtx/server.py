"""One box's MediaMTX, its parts put together: what the agent starts and asks."""

import asyncio
import re
import secrets
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import FastAPI

from edge_agent.console.auth import Authenticator, LoginFailed, TooManyAttempts
from edge_agent.listening import Port
from edge_agent.mediamtx import config
from edge_agent.mediamtx.auth import Gate, create_hook
from edge_agent.mediamtx.client import Client, MediaMtxError, PathState
from edge_agent.mediamtx.domain import (
    LOGIN_REFUSED,
    RESTARTING,
    SILENT,
    RecordingRoute,
    address_of,
    path_of,
    source_reason,
)
from edge_agent.mediamtx.engine import MediaMtxEngine
from edge_agent.mediamtx.process import MediaMtxProcess
from edge_agent.mediamtx.reconcile import Reconciler
from edge_agent.recording.events import CameraSource, Measured, StateChanged, WorkerEvent
from edge_agent.recording.supervisor import Listener
from edge_agent.sync.desired import DesiredStateKeeper
from protocol.messages import DesiredCamera

_ROUTE_CHECK_S = 1.0
#: A camera that has given nothing this long after MediaMTX's start is offline.
_REACH_WITHIN_S = 10.0
#: MediaMTX's log of a camera that it cannot pull.
_SOURCE_ERROR = re.compile(r"\[path (?P<path>[^\]]+)\] \[RTSP source\] (?P<error>.+)")
#: Told once a second at most (internal/counterdumper of MediaMTX 1.20).
_PACKETS_LOST = re.compile(r"(\d+) RTP packets? lost")


@dataclass(frozen=True, slots=True)
class MediaMtxStatus:
    """For /metrics and the status page. Bytes since the path's start."""

    ready: bool
    starts: int
    recording_through: bool
    paths_configured: int
    paths_available: int
    readers: int
    inbound_bytes: int
    outbound_bytes: int


class MediaServer:
    """A MediaMTX with its hook and its paths, until `run()` is cancelled."""

    def __init__(
        self,
        binary: Path,
        folder: Path,
        desired: DesiredStateKeeper,
        authenticator: Authenticator,
        ports: config.Ports,
    ) -> None:
        #: Called when the recorder's addresses (`source`) are others from now on.
        self.on_route_change: Callable[[], None] = lambda: None
        self.ports = ports
        self.credential = config.Credential()
        self._desired = desired
        self._source_errors: dict[str, str] = {}
        self._packets_lost: Counter[str] = Counter()
        self.hook_listener = socket.create_server((config.LOOPBACK, 0))
        secret = secrets.token_urlsafe(32)
        self.hook: FastAPI = create_hook(
            Gate(self.credential, _verifier(authenticator), self._stored_hash), secret
        )
        hook_url = f"http://{config.LOOPBACK}:{self.hook_listener.getsockname()[1]}/{secret}"
        file = config.write(folder, config.configuration(ports, hook_url))
        self.client = Client(ports.api, self.credential)
        self.process = MediaMtxProcess(binary, file, self._answers, self._read_log, self._started)
        self.reconciler = Reconciler(self.client, self._cameras, self.process.ready)
        self.engine = MediaMtxEngine(ports, self.credential, self.path, self.viewers)
        self._route = RecordingRoute(time.monotonic())
        desired.on_change(lambda _desired: self.reconciler.wake())

    async def run(self) -> None:
        """The hook is served by the caller, before this."""
        try:
            async with self.client, asyncio.TaskGroup() as group:
                group.create_task(self.process.run())
                group.create_task(self.reconciler.run())
                group.create_task(self._watch_route())
        finally:
            await self.engine.close()

    def source(self, camera: DesiredCamera) -> CameraSource:
        """Where the recorder reads a camera: here, or at the camera while MediaMTX has been away for long."""
        if not self._route.through_mediamtx:
            return CameraSource(camera.id, camera.rtsp_url, camera.transport)
        return CameraSource(camera.id, self._address(camera.id), through_mediamtx=True)

    def sub_url(self, camera: DesiredCamera) -> str:
        """As `source`, for the second stream; empty where the camera has none."""
        if not self._route.through_mediamtx or not camera.sub_rtsp_url:
            return camera.sub_rtsp_url
        return self._address(path_of(camera.id, "sub"))

    def _address(self, path: str) -> str:
        access = f"{self.credential.user}:{self.credential.password}"
        return f"rtsp://{access}@{config.LOOPBACK}:{self.ports.rtsp}/{path}"

    def explain(self, lost: StateChanged) -> StateChanged:
        """Why the recorder really gets nothing: through MediaMTX it sees only MediaMTX's answer.

        Where MediaMTX has the camera's stream, the recorder's own reason counts: the stream is no good.
        While MediaMTX starts, and until it has had time to reach the camera, nothing is known
        of the camera: it is connecting, not offline.
        """
        if not self._route.through_mediamtx:
            return lost
        if self.reconciler.rests(address_of(lost.camera, self._cameras())):
            return StateChanged(lost.camera, "offline", LOGIN_REFUSED)
        path = self.path(lost.camera)
        if path is not None and path.available:
            return lost
        if error := self._source_errors.get(lost.camera):
            return StateChanged(lost.camera, "offline", error)
        if not self.process.ready.is_set():
            return StateChanged(lost.camera, "connecting", RESTARTING)
        if time.monotonic() - self.process.ready_since_mono < _REACH_WITHIN_S:
            return StateChanged(lost.camera, "connecting", "")
        return StateChanged(lost.camera, "offline", SILENT)

    def measured(self, seen: Measured) -> Measured:
        """With what a camera's network lost before MediaMTX: the recorder sees only what comes after."""
        return replace(seen, packets_lost=seen.packets_lost + self._packets_lost[seen.camera])

    def path(self, name: str) -> PathState | None:
        """How a path was at the last look; None when it is not there or MediaMTX is away."""
        return self.reconciler.states.get(name) if self.process.ready.is_set() else None

    def viewers(self) -> int:
        """WebRTC readers at the last look."""
        states = self.reconciler.states.values()
        return sum(reader.type == "webRTCSession" for state in states for reader in state.readers)

    def status(self) -> MediaMtxStatus:
        states = list(self.reconciler.states.values())
        return MediaMtxStatus(
            ready=self.process.ready.is_set(),
            starts=self.process.starts,
            recording_through=self._route.through_mediamtx,
            paths_configured=len(states),
            paths_available=sum(state.available for state in states),
            readers=sum(len(state.readers) for state in states),
            inbound_bytes=sum(state.inbound_bytes for state in states),
            outbound_bytes=sum(state.outbound_bytes for state in states),
        )

    async def _watch_route(self) -> None:
        while True:
            if self._route.observe(self.process.ready.is_set(), time.monotonic()):
                self.on_route_change()
            await asyncio.sleep(_ROUTE_CHECK_S)

    def _started(self) -> None:
        """A new MediaMTX knows no path."""
        self._source_errors.clear()
        self.reconciler.states = {}
        self.reconciler.wake()

    async def _answers(self) -> bool:
        try:
            await self.client.info()
        except MediaMtxError:
            return False
        return True

    def _read_log(self, message: str) -> None:
        found = _SOURCE_ERROR.match(message)
        if not found or not address_of(found["path"], self._cameras()):
            return
        if lost := _PACKETS_LOST.fullmatch(found["error"]):
            self._packets_lost[found["path"]] += int(lost[1])
        # The last reason counts until there is video: a source that starts anew has not arrived yet.
        elif not found["error"].startswith(("started", "stopped")):
            reason = self._source_errors[found["path"]] = source_reason(found["error"])
            if reason == LOGIN_REFUSED:
                self.reconciler.login_refused(found["path"])

    def _cameras(self) -> list[DesiredCamera]:
        return self._desired.current.cameras if self._desired.current else []

    def _stored_hash(self, name: str) -> str:
        users = self._desired.current.users if self._desired.current else []
        return next((user.password_hash for user in users if user.username == name), "")


class TruthfulListener:
    """What the recorder reports, with what MediaMTX alone knows: why a camera is offline, what was lost."""

    def __init__(self, inner: Listener, media: MediaServer) -> None:
        self._inner = inner
        self._media = media

    async def handle(self, event: WorkerEvent) -> None:
        if isinstance(event, StateChanged) and event.state == "offline":
            event = self._media.explain(event)
        elif isinstance(event, Measured):
            event = self._media.measured(event)
        await self._inner.handle(event)

    async def close_abandoned(self, cameras: list[str]) -> None:
        await self._inner.close_abandoned(cameras)

    async def ends_us(self, cameras: list[str]) -> dict[str, int]:
        return await self._inner.ends_us(cameras)


@dataclass(frozen=True, slots=True)
class MediaChoice:
    """What `gtv edge run` was told about MediaMTX: `binary` None is the embedded engine."""

    binary: Path | None = None
    webrtc_udp: int = config.WEBRTC_UDP_PORT
    lan_rtsp_port: int | None = None
    local_only: bool = False

    @property
    def lan_ports(self) -> list[Port]:
        """What MediaMTX opens to the LAN."""
        rtsp = [Port("RTSP", "tcp", self.lan_rtsp_port)] if self.lan_rtsp_port else []
        return [Port("vídeo ao vivo", "udp", self.webrtc_udp), *rtsp]


EMBEDDED = MediaChoice()


def _verifier(authenticator: Authenticator) -> Callable[[str, str], bool]:
    def verify(user: str, password: str) -> bool:
        try:
            authenticator.log_in(user, password)
        except (LoginFailed, TooManyAttempts):
            return False
        return True

    return verify
