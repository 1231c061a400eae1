"""The JSON shapes of the LAN API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Role = Literal["admin", "gestor", "visualizador"]


class Problem(BaseModel):
    """An error (RFC 9457); `detail` is for the person, in Portuguese."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Credentials(BaseModel):
    username: str = Field(max_length=150, examples=["vigia"])
    password: str = Field(max_length=1000, examples=["uma senha longa"])


class User(BaseModel):
    username: str
    name: str
    role: Role


class Session(BaseModel):
    user: User


class Wellness(BaseModel):
    """Whether the box does its work, and which part does not."""

    status: Literal["ok", "failing"]
    checks: dict[str, bool] = Field(
        examples=[{"recorder": True, "database": True, "disk": True, "clock_set": True}]
    )


class BoxStatus(BaseModel):
    city_name: str
    timezone: str = Field(examples=["America/Sao_Paulo"])
    node: str
    online_with_hub: bool
    disk_free_bytes: int
    disk_total_bytes: int
    outbox_depth: int = Field(description="Events that the hub has not confirmed yet")
    now: datetime


class Alarm(BaseModel):
    """What somebody should look at now."""

    text: str = Field(description="For people, in Portuguese")
    since: datetime | None = Field(
        description="When it came true last, or a camera sent its last picture; null: nobody knows"
    )


class Camera(BaseModel):
    id: str
    name: str
    state: Literal["connecting", "online", "offline"]
    fps: float
    bitrate_bps: int
    last_packet_at: datetime | None
    reason: str = Field(description="Why it is not recorded, or what is wrong while it is; for people")
    fault: Literal["camera", "disk"] = Field(
        description="Where the reason lies: with the camera and its network, or with the box's disk"
    )
    video_codec: str = Field(description="Empty until the stream was read", examples=["h264"])
    audio_codec: str = Field(description="Empty where no sound is known", examples=["aac"])
    width: int
    height: int
    gop_s: float | None = Field(description="Seconds between the last two keyframes")
    reconnects: int = Field(description="Connections after the first, since the recorder began")
    clock_drift_ms: int | None = Field(
        description="The box's clock minus the camera's since the stream began"
    )
    packets_lost: int = Field(description="RTP packets that never came, since the recorder began")


class CameraRef(BaseModel):
    id: str
    name: str


class RemovedCamera(BaseModel):
    """A camera that is gone and whose footage is not."""

    id: str
    name: str = Field(description="Its last name", examples=["Praça da Matriz"])
    footage_start: datetime
    footage_end: datetime
    kept_until: datetime = Field(
        description="When the plan lets the last of it go; what is held as evidence stays longer, "
        "and a full disk may take it sooner"
    )


class RecordedSpan(BaseModel):
    start: datetime
    end: datetime


class PlateMark(BaseModel):
    id: str
    plate: str
    at: datetime


class Timeline(BaseModel):
    spans: list[RecordedSpan]
    reads: list[PlateMark]


class Codecs(BaseModel):
    codecs: list[str] = Field(description="RFC 6381", examples=[["avc1.4d401f", "mp4a.40.2"]])


class PlateHit(BaseModel):
    """A watchlist entry that the plate was on when it was read."""

    entry: str
    kind: Literal["stolen", "wanted", "authorised"]


class PlateReadOut(BaseModel):
    id: str
    plate: str
    confidence: float | None
    captured_at: datetime
    received_at: datetime
    clock_off: bool = Field(description="The camera's clock is wrong; its time is put right by the box's")
    camera_at: datetime | None = Field(description="What the camera's clock said")
    group: str | None = Field(description="Reads of one vehicle within seconds have one group")
    group_size: int
    hits: list[PlateHit]
    camera: CameraRef
    direction: str | None
    lane: int | None
    speed_kmh: float | None
    vehicle_type: str | None
    vehicle_make: str | None
    vehicle_model: str | None
    vehicle_color: str | None
    country: str | None
    image_url: str | None


class PlateReadPage(BaseModel):
    results: list[PlateReadOut]
    next: str | None = Field(description="Pass as `before` for the next page")


class WatchEntry(BaseModel):
    """An entry of the watchlist as it was when the plate was read."""

    id: str
    kind: Literal["stolen", "wanted", "authorised"]
    reason: str


class WatchHit(BaseModel):
    """A watched plate that was read and that no guard has acknowledged yet."""

    read: PlateReadOut
    entries: list[WatchEntry]
    reads: int = Field(description="Reads of this vehicle within seconds, shown as one")


class OpenWatchHits(BaseModel):
    results: list[WatchHit] = Field(description="Newest first")
    open: int = Field(description="How many there are in all")


class SeenHits(BaseModel):
    reads: list[str] = Field(max_length=100, examples=[["0f8fad5b-d9cb-469f-a165-70867728950e"]])
