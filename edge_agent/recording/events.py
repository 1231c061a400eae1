"""What a recorder worker tells the supervisor, and what it is told.

Plain dataclasses: they travel over a multiprocessing pipe.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from edge_agent.recording.domain import Fragment
from protocol.messages import CameraState

Transport = Literal["auto", "tcp", "udp"]


@dataclass(frozen=True, slots=True)
class CameraSource:
    """A camera to record. `rtsp_url` carries its password: never log it.

    `transport`: as protocol.messages.DesiredCamera says. `through_mediamtx`: the address is of the box's own
    MediaMTX, which locks nobody out and may refuse a login while it starts.
    """

    id: str
    rtsp_url: str
    transport: Transport = "auto"
    through_mediamtx: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """The cameras one worker records, whole: what is not in it is stopped.

    `not_before_us` is, per camera, the end of its footage on disk.
    """

    cameras: tuple[CameraSource, ...]
    folder: Path
    not_before_us: dict[str, int]


@dataclass(frozen=True, slots=True)
class SegmentOpened:
    camera: str
    start_us: int
    run_us: int
    path: str  # relative to the recordings folder
    init_bytes: int


@dataclass(frozen=True, slots=True)
class FragmentWritten:
    camera: str
    start_us: int  # of the segment
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class SegmentClosed:
    camera: str
    start_us: int
    drift_us: int


@dataclass(frozen=True, slots=True)
class StateChanged:
    camera: str
    state: CameraState
    reason: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A few seconds of a camera's stream; the fields are those of protocol.messages.CameraHealth.

    `warning`, for people, is what is wrong although the camera is recorded.
    """

    camera: str
    fps: float
    bitrate_bps: int
    last_packet_us: int
    gop_s: float | None = None
    reconnects: int = 0
    clock_drift_ms: int | None = None
    packets_lost: int = 0
    video_codec: str = ""
    audio_codec: str = ""
    width: int = 0
    height: int = 0
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """The cameras of one worker whose packets are wanted live, whole."""

    cameras: frozenset[str]


WorkerEvent = SegmentOpened | FragmentWritten | SegmentClosed | StateChanged | Measured
