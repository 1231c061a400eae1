"""Builders for the box's tests: short ways to say "a box with this desired state", "a file like this"."""

import base64
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from PIL import Image

from edge_agent.clock import to_us
from edge_agent.lpr.domain import VendorRead
from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.events import FragmentWritten, SegmentOpened
from edge_agent.recording.fmp4 import FragmentMaker, picture
from edge_agent.recording.index import RecordingIndex
from edge_agent.sync.outbox import Outbox
from protocol.messages import (
    DesiredCamera,
    DesiredState,
    DesiredUser,
    PlatePolicy,
    PlateRead,
    WatchlistEntry,
    decode_event,
)
from protocol.topics import Stream
from tests.unit.edge.camera_samples import CLOCK_RATE, sent

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
NOON = datetime(2025, 11, 24, 15, 0, tzinfo=UTC)
NOON_US = to_us(NOON)

FPS = 8


def make_jpeg(width: int = 8, height: int = 8, shade: int = 90) -> bytes:
    """A real JPEG of one colour."""
    file = BytesIO()
    Image.new("L", (width, height), shade).save(file, "JPEG")
    return file.getvalue()


JPEG = make_jpeg()


def make_video(file: Path, seconds: int, fps: int = FPS) -> Path:
    """A file with one keyframe a second, as a camera would send it."""
    with av.open(str(file), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps)
        codec = stream.codec_context
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = 64, 48, "yuv420p"
        codec.time_base = Fraction(1, fps)
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "g": str(fps),
            "keyint_min": str(fps),
            "sc_threshold": "0",
        }
        for number in range(seconds * fps):
            picture = np.full((48, 64, 3), number * 7 % 256, np.uint8)
            picture[number % 48] = 255 - picture[number % 48]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file


def record(source: Path, target: Path) -> tuple[int, list[tuple[int, int]]]:
    """Write a media file as the recorder does; the init section's size and each fragment's (offset, size)."""
    from_camera = sent(source)
    video, audio = from_camera.video, from_camera.audio
    init = picture(video, from_camera.pictures[0].data, audio).init_section
    maker, made = FragmentMaker(), []
    audio_base = 10 * audio.clock_rate if audio else 0
    for track, sample in from_camera.samples:
        if track is not video:
            maker.add_sound(sample)
            continue
        if sample.is_keyframe:
            made.append(maker.take(sample.time, 10 * CLOCK_RATE, audio_base))
        maker.add(sample)
    made.append(maker.take(None, 10 * CLOCK_RATE, audio_base))
    written, offset = [], len(init)
    for fragment in filter(None, made):
        written.append((offset, len(fragment)))
        offset += len(fragment)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"".join([init, *made]))
    return len(init), written


def count_frames(file: Path) -> int:
    with av.open(str(file)) as container:
        return sum(1 for _ in container.decode(video=0))


def fragments(start_us: int, count: int, init_bytes: int = 100, size_bytes: int = 10) -> tuple[Fragment, ...]:
    """`count` fragments of one second."""
    return tuple(
        Fragment(init_bytes + n * size_bytes, size_bytes, start_us + n * SECOND, SECOND) for n in range(count)
    )


def segment(
    start_us: int, seconds: int, camera: str = "cam1", run_us: int | None = None, path: str = ""
) -> Segment:
    return Segment(
        camera=camera,
        start_us=start_us,
        run_us=start_us if run_us is None else run_us,
        path=path or f"{camera}/2025-11-24/{start_us}.mp4",
        init_bytes=100,
        fragments=fragments(start_us, seconds),
    )


def write_file(index: RecordingIndex, stored: Segment, extra_bytes: int = 0) -> Path:
    """The file that a segment claims to have, with bytes whose value is their place (modulo 256)."""
    file = index.folder / stored.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(n % 256 for n in range(stored.size_bytes + extra_bytes)))
    return file


def known_paths(index: RecordingIndex) -> set[str]:
    """The files that the index knows."""
    return {row.path for camera in index.cameras() for row in index.stored(camera, 0, 2**62)}


async def open_segment(index: RecordingIndex, opened: Segment) -> None:
    """Report a segment as a worker does while it is being written."""
    await index.handle(
        SegmentOpened(opened.camera, opened.start_us, opened.run_us, opened.path, opened.init_bytes)
    )
    for fragment in opened.fragments:
        await index.handle(FragmentWritten(opened.camera, opened.start_us, fragment))


def desired_state(
    revision: int = 1,
    cameras: list[DesiredCamera] | None = None,
    users: list[DesiredUser] | None = None,
    retention_days: int = 7,
    watchlist: list[WatchlistEntry] | None = None,
    plates: PlatePolicy | None = None,
) -> DesiredState:
    return DesiredState(
        revision=revision,
        city="sao-bento",
        city_name="São Bento",
        timezone="America/Sao_Paulo",
        retention_days=retention_days,
        cameras=cameras or [],
        users=users or [],
        watchlist=watchlist or [],
        plates=plates or PlatePolicy(),
    )


def vendor_read(
    event: str = "e1",
    plate: str = "ABC1D23",
    captured_us: int | None = NOON_US,
    image: bytes | None = None,
    track: str | None = None,
    clock_text: str | None = None,
) -> VendorRead:
    return VendorRead(
        vendor="hikvision",
        event=event,
        plate=plate,
        captured_us=captured_us,
        confidence=0.9,
        image_jpeg=image,
        track=track,
        clock_text=clock_text,
    )


def queued_reads(outbox: Outbox) -> list[PlateRead]:
    """What waits for the hub, in order."""
    _, seqs = outbox.ends(Stream.LPR, 0, 1000)
    return [decode_event(event.data, PlateRead) for event in outbox.load(Stream.LPR, seqs)]


def basic(camera: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{camera}:{secret}".encode()).decode()}


def anpr_xml(
    plate: str = "ABC1D23",
    namespace: str | None = "http://www.isapi.org/ver20/XMLSchema",
    event: str = "uuid-1",
    time: str = "2025-11-24T12:00:00.250-03:00",
    anpr: str = "<line>2</line><direction>forward</direction><confidenceLevel>97</confidenceLevel>",
) -> bytes:
    xmlns = f' xmlns="{namespace}"' if namespace else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><EventNotificationAlert version="2.0"{xmlns}>'
        f"<dateTime>{time}</dateTime><eventType>ANPR</eventType><UUID>{event}</UUID>"
        f"<ANPR><licensePlate>{plate}</licensePlate>{anpr}</ANPR></EventNotificationAlert>"
    ).encode()
