"""What Prometheus reads of a box, and whether the box is well (`/metrics`, `/healthz`).

Most figures are read from the parts when somebody asks; what has no place else
(how long cameras wait for their answer) is counted here. No label says anything
of a person, a plate, or a password: a camera is its id.

Names follow https://prometheus.io/docs/practices/naming/: base units, `_total`
for counters.
"""

import hmac
import secrets
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request, Response
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from edge_agent.clock import EARLIEST_US, ClockState, clock_state, now_us, to_us
from protocol.messages import CameraHealth
from protocol.topics import Stream

if TYPE_CHECKING:
    from edge_agent.box import Box
    from edge_agent.mediamtx.server import MediaMtxStatus

#: A full box swings around its floor by design; half of it means that deleting does not keep up.
FLOOR_MARGIN = 0.5
#: /healthz writes to the disk and needs no login, so it is answered from memory for this long.
VERDICT_S = 5.0
_STATES = ("online", "offline", "connecting")


class _MeasuredStreams:
    """What the recorder measures of each stream besides its rates."""

    def __init__(self) -> None:
        labels = ["camera"]
        self._lost = CounterMetricFamily(
            "gtv_camera_packets_lost", "RTP packets that never came", labels=labels
        )
        self._reconnects = CounterMetricFamily(
            "gtv_camera_reconnects", "Connections after the first", labels=labels
        )
        self._drift = GaugeMetricFamily(
            "gtv_camera_clock_drift_seconds", "The box's clock minus the camera's", labels=labels
        )
        self._gop = GaugeMetricFamily("gtv_camera_gop_seconds", "Between two keyframes", labels=labels)

    def add(self, health: CameraHealth) -> None:
        """A figure that is not known yet is left out."""
        self._lost.add_metric([health.camera], health.packets_lost)
        self._reconnects.add_metric([health.camera], health.reconnects)
        if health.clock_drift_ms is not None:
            self._drift.add_metric([health.camera], health.clock_drift_ms / 1000)
        if health.gop_s is not None:
            self._gop.add_metric([health.camera], health.gop_s)

    @property
    def families(self) -> tuple[Metric, ...]:
        return self._lost, self._reconnects, self._drift, self._gop


class BoxMetrics(Collector):
    """The figures of one box."""

    def __init__(self, box: "Box") -> None:
        self._box = box
        self.registry = CollectorRegistry()
        self.registry.register(self)
        #: Its count is how many pushes were answered so.
        self._lpr = Histogram(
            "gtv_lpr_push_duration_seconds",
            "Time to answer a camera's plate push, by HTTP status",
            ["status"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5),
        )
        #: Up to a week: what was kept without a line waits so long.
        self._acked = Histogram(
            "gtv_outbox_ack_seconds",
            "From an event's commit on the box until the hub has confirmed it",
            ["stream"],
            registry=self.registry,
            buckets=(0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600, 3600, 86_400, 604_800),
        )
        box.outbox.on_acknowledged = self._note_acknowledged
        ProcessCollector(registry=self.registry)

    def exposition(self) -> bytes:
        """The text format 0.0.4."""
        return generate_latest(self.registry)

    async def time_push(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Middleware of the LPR port."""
        began_mono = time.monotonic()
        response = await call_next(request)
        self._lpr.labels(str(response.status_code)).observe(time.monotonic() - began_mono)
        return response

    def _note_acknowledged(self, stream: Stream, waited_s: Sequence[float]) -> None:
        for one_s in waited_s:
            self._acked.labels(stream).observe(one_s)

    def collect(self) -> Iterable[Metric]:
        yield from self._cameras()
        yield from self._disk()
        yield from self._hub()
        yield from self._clock(clock_state())
        yield _gauge("gtv_event_consoles", "Consoles that listen to events", self._box.events.listening)
        yield _gauge("gtv_live_viewers", "Live views open now", self._box.live.watching)
        yield _gauge(
            "gtv_playback_sessions", "Recordings played by WebRTC now", self._box.playback.sessions()
        )
        yield self._clips()
        yield _gauge(
            "gtv_lpr_quarantine_pushes", "Refused pushes kept for inspection", self._rows("quarantine")
        )
        if self._box.media is not None:
            yield from self._media(self._box.media.status())
        if self._box.recorder is not None:
            yield _counter(
                "gtv_recorder_restarts",
                "Recorder workers that died and were replaced",
                self._box.recorder.restarts,
            )

    def _media(self, status: "MediaMtxStatus") -> Iterable[Metric]:
        yield _gauge("gtv_mediamtx_up", "1 while MediaMTX answers", status.ready)
        yield _counter("gtv_mediamtx_starts", "Starts of MediaMTX by this agent", status.starts)
        yield _gauge(
            "gtv_mediamtx_records_through", "1 while the recorder reads it", status.recording_through
        )
        yield _gauge("gtv_mediamtx_paths", "Paths that it pulls or serves", status.paths_configured)
        yield _gauge("gtv_mediamtx_paths_available", "Paths that give video", status.paths_available)
        yield _gauge("gtv_mediamtx_readers", "Readers of all paths, the recorder too", status.readers)
        yield _gauge("gtv_mediamtx_path_inbound_bytes", "Received by living paths", status.inbound_bytes)
        yield _gauge("gtv_mediamtx_path_outbound_bytes", "Sent by living paths", status.outbound_bytes)

    def _cameras(self) -> Iterable[Metric]:
        desired = self._box.desired.current
        healths = [self._box.health.of(camera.id) for camera in (desired.cameras if desired else [])]
        by_state = GaugeMetricFamily("gtv_cameras", "Cameras by state", labels=["state"])
        for state in _STATES:
            by_state.add_metric([state], sum(health.state == state for health in healths))
        up = GaugeMetricFamily("gtv_camera_up", "1 while a camera's packets arrive", labels=["camera"])
        fps = GaugeMetricFamily("gtv_camera_frames_per_second", "Frames a second", labels=["camera"])
        rate = GaugeMetricFamily("gtv_camera_bits_per_second", "Received bits a second", labels=["camera"])
        age = GaugeMetricFamily(
            "gtv_camera_last_packet_age_seconds", "Since the last packet", labels=["camera"]
        )
        measured = _MeasuredStreams()
        recorded = CounterMetricFamily(
            "gtv_camera_recorded_bytes", "Footage written to disk since the start", labels=["camera"]
        )
        for camera, size_bytes in list(self._box.index.recorded_bytes.items()):
            recorded.add_metric([camera], size_bytes)
        for health in healths:
            up.add_metric([health.camera], health.state == "online")
            fps.add_metric([health.camera], health.fps)
            rate.add_metric([health.camera], health.bitrate_bps)
            if health.last_packet_at is not None:
                age.add_metric([health.camera], max(0, now_us() - to_us(health.last_packet_at)) / 1e6)
            measured.add(health)
        return by_state, up, fps, rate, age, recorded, *measured.families

    def _disk(self) -> Iterable[Metric]:
        free, total = self._box.disk()
        yield _gauge("gtv_disk_free_bytes", "Free on the disk of the recordings", free)
        yield _gauge("gtv_disk_total_bytes", "Size of the disk of the recordings", total)
        yield _gauge("gtv_disk_floor_bytes", "What retention keeps free", self._box.disk_floor_bytes)
        desired = self._box.desired.current
        cameras = desired.cameras if desired else []
        bytes_per_s = sum(self._box.health.of(camera.id).bitrate_bps for camera in cameras) / 8
        if bytes_per_s > 0:
            left_s = max(0, free - self._box.disk_floor_bytes) / bytes_per_s
            yield _gauge("gtv_disk_left_seconds", "Until the floor is reached at the present rate", left_s)

    def _hub(self) -> Iterable[Metric]:
        yield _gauge("gtv_hub_connected", "1 while the broker is there", self._box.online_with_hub)
        yield from self._outbox()
        yield _gauge(
            "gtv_desired_revision", "Revision of the desired state in force", self._box.desired.revision
        )

    def _outbox(self) -> Iterable[Metric]:
        depth = GaugeMetricFamily(
            "gtv_outbox_events", "Events that the hub has not confirmed", labels=["stream"]
        )
        age = GaugeMetricFamily(
            "gtv_outbox_oldest_event_age_seconds", "How long the oldest of them has waited", labels=["stream"]
        )
        for stream, waiting in self._box.outbox.waiting().items():
            depth.add_metric([stream], waiting.events)
            if waiting.since_us is not None:
                age.add_metric([stream], max(0, now_us() - waiting.since_us) / 1e6)
        return depth, age

    def _clips(self) -> Metric:
        by_state = GaugeMetricFamily("gtv_clips", "Clips by state", labels=["state"])
        for state, count in self._box.clips.count_by_state().items():
            by_state.add_metric([state], count)
        return by_state

    def _clock(self, clock: ClockState) -> Iterable[Metric]:
        if clock.synchronised is not None:
            yield _gauge(
                "gtv_clock_synchronised", "1 while a time service keeps the clock", clock.synchronised
            )
        if clock.error_ms is not None:
            yield _gauge(
                "gtv_clock_error_seconds", "Largest error the time service admits", clock.error_ms / 1e3
            )

    def _rows(self, table: str) -> int:
        with self._box.store.read() as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 (a constant)
        return int(count)


class Wellness:
    """Is the box doing its work? Asked by watchdogs, which have no login."""

    def __init__(self, box: "Box", monotonic: Callable[[], float] = time.monotonic) -> None:
        self._box = box
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._asked_mono = float("-inf")
        self._verdict: dict[str, bool] = {}

    def checks(self) -> dict[str, bool]:
        """By name; all true: well."""
        with self._lock:
            if self._monotonic() - self._asked_mono > VERDICT_S:
                self._verdict = self._check()
                self._asked_mono = self._monotonic()
            return self._verdict

    def _check(self) -> dict[str, bool]:
        return {
            "recorder": self._box.recorder is None or self._box.recorder.all_alive,
            "database": self._can_write(),
            "disk": self._box.disk()[0] >= self._box.disk_floor_bytes * FLOOR_MARGIN,
            # Only whether it was ever set. Whether the network keeps it is an alarm and a metric: a box
            # without internet is well, and a watchdog that restarts it sets no clock.
            "clock_set": now_us() >= EARLIEST_US,
        }

    def _can_write(self) -> bool:
        try:
            self._box.settings.set("last-health-check", str(now_us()).encode())
        except (sqlite3.Error, OSError):
            return False
        return True


def load_or_make_token(file: Path) -> str:
    """The bearer token that a Prometheus elsewhere shows to read the figures. Raises OSError."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32) + "\n")
    return file.read_text().strip()


def may_read(address: str | None, authorization: str, token: str) -> bool:
    """Somebody on the box itself, or with the token."""
    scheme, _, given = authorization.partition(" ")
    known = scheme.lower() == "bearer" and bool(token) and hmac.compare_digest(given.encode(), token.encode())
    return known or address in ("127.0.0.1", "::1")


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=float(value))


def _counter(name: str, text: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(name, text, value=float(value))
