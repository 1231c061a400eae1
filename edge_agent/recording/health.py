"""How each camera is, as its recorder sees it; changes of state go to the hub."""

from collections.abc import Callable

from msgspec.structs import replace

from edge_agent.clock import now_us, to_datetime
from edge_agent.recording.events import Measured, StateChanged
from edge_agent.store import Store
from edge_agent.sync import outbox
from protocol.messages import CameraHealth, CameraState, CameraStatus
from protocol.topics import Stream


class HealthBoard:
    """The last known health of every camera."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cameras: dict[str, CameraHealth] = {}
        self._told: dict[str, CameraState] = {}
        self._on_change: list[Callable[[CameraHealth], None]] = []

    def on_change(self, tell: Callable[[CameraHealth], None]) -> None:
        """Call `tell` with a camera's health whenever its state or the reason for it changes."""
        self._on_change.append(tell)

    def of(self, camera: str) -> CameraHealth:
        return self._cameras.get(camera) or CameraHealth(camera=camera, state="connecting")

    def handle(self, event: StateChanged | Measured) -> None:
        """Keep what a recorder says. A StateChanged writes to the database."""
        last = self.of(event.camera)
        if isinstance(event, Measured):
            self._keep(last, _measured(event))
            return
        if event.state == "connecting" and last.state == "offline":
            return  # a retry of a dead camera is no news, and its reason is worth keeping
        now = replace(last, state=event.state, reason=event.reason, fps=0.0, bitrate_bps=0)
        self._keep(last, now)
        self._tell_hub(event)

    def _keep(self, last: CameraHealth, now: CameraHealth) -> None:
        self._cameras[now.camera] = now
        if (now.state, now.reason) != (last.state, last.reason):
            for tell in self._on_change:
                tell(now)

    def _tell_hub(self, event: StateChanged) -> None:
        """Once per change, not once per retry."""
        if event.state == "connecting" or self._told.get(event.camera) == event.state:
            return
        status = CameraStatus(
            camera=event.camera, state=event.state, at=to_datetime(now_us()), reason=event.reason
        )
        with self._store.transaction() as transaction:
            outbox.append(transaction, Stream.CAMERA_STATUS, status)
        self._told[event.camera] = (
            event.state
        )  # only now: a full disk takes no event, and the next retry tells


def _measured(event: Measured) -> CameraHealth:
    return CameraHealth(
        camera=event.camera,
        state="online",
        fps=round(event.fps, 1),
        bitrate_bps=event.bitrate_bps,
        last_packet_at=to_datetime(event.last_packet_us),
        reason=event.warning,
        gop_s=event.gop_s,
        reconnects=event.reconnects,
        clock_drift_ms=event.clock_drift_ms,
        packets_lost=event.packets_lost,
        video_codec=event.video_codec,
        audio_codec=event.audio_codec,
        width=event.width,
        height=event.height,
    )
