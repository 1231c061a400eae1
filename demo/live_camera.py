"""One simulated camera: a thread that takes pictures of its street in real time and encodes them."""

import threading
import time
import zlib
from collections.abc import Callable
from typing import Literal

import av
import msgspec
import structlog

from demo import anpr_event, tollgate_event
from demo.anpr_event import Device
from demo.clock_strip import Picture
from demo.encoder import FPS, AccessUnit, H264Encoder
from demo.plate_push import PlateEvent
from demo.scene import HEIGHT, WIDTH, Scene
from demo.sound import SoundFrame, StreetSound
from demo.traffic import Passage, Traffic

log = structlog.get_logger()

SUB_WIDTH, SUB_HEIGHT = WIDTH // 2, HEIGHT // 2  # the clock strip can still be read
SUB_BITRATE_BPS = 100_000


class Lens(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which street the camera looks at."""

    look: int = 0


class CameraSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: str
    name: str
    camera_id: str
    lpr_secret: str
    lens: Lens | None = None
    sound: bool = False
    vendor: Literal["hikvision", "intelbras"] = "hikvision"


_MakeEvent = Callable[[Device, Passage, Picture, float, int], PlateEvent]
_EVENTS: dict[str, _MakeEvent] = {"hikvision": anpr_event.make_event, "intelbras": tollgate_event.make_event}


class LiveCamera(threading.Thread):
    """Calls `on_main` and `on_sub` for each encoded picture (and, with a microphone, each piece of sound),
    and `on_plate` for each plate read, from its own thread."""

    def __init__(
        self,
        spec: CameraSpec,
        index: int,
        on_main: Callable[[AccessUnit | SoundFrame], None],
        on_sub: Callable[[AccessUnit | SoundFrame], None],
        on_plate: Callable[[PlateEvent], None],
    ) -> None:
        super().__init__(name=f"camera-{spec.path}", daemon=True)
        self._on_main, self._on_sub = on_main, on_sub
        self._on_plate = on_plate
        self._spec = spec
        self._place = index
        self._stopping = threading.Event()
        self._phase_s = index / (4 * FPS)  # cameras take turns instead of all drawing at the same instant
        self._scene = Scene(spec.name, spec.lens.look if spec.lens else index)
        self._seed = zlib.crc32(spec.path.encode())
        # 192.0.2.0/24 is reserved for examples; 02 as first byte marks a MAC address no maker uses.
        self._device = Device(spec.name, f"192.0.2.{10 + index % 240}", f"02:47:54:56:00:{index % 256:02x}")
        self.main = H264Encoder(WIDTH, HEIGHT)
        self.sub = H264Encoder(SUB_WIDTH, SUB_HEIGHT, SUB_BITRATE_BPS)
        self.sound = StreetSound() if spec.sound else None
        self._reported: Passage | None = None
        self._reports = 0

    def stop(self) -> None:
        """Ends the thread; returns when it has ended."""
        self._stopping.set()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        traffic = Traffic(self._seed, time.time(), self._place)
        due_mono = time.monotonic() + self._phase_s
        while not self._stopping.wait(max(0.0, due_mono - time.monotonic())):
            self._take_picture(traffic)
            # A late picture shifts the ones after it: no burst to catch up, as with a real sensor.
            due_mono = max(due_mono + 1 / FPS, time.monotonic())

    def _take_picture(self, traffic: Traffic) -> None:
        now_utc, now_mono = time.time(), time.monotonic()
        passage = traffic.at(now_utc)
        rgb = self._scene.render(now_utc, passage)
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        for encoder, hand_over in ((self.main, self._on_main), (self.sub, self._on_sub)):
            for unit in encoder.encode(frame, now_mono):
                hand_over(unit)
        for frame_of_sound in self.sound.until(now_utc, now_mono) if self.sound else ():
            self._on_main(frame_of_sound)
            self._on_sub(frame_of_sound)
        if passage.trigger_utc <= now_utc and passage is not self._reported:
            self._reported = passage
            self._reports += 1
            make_event = _EVENTS[self._spec.vendor]
            self._on_plate(make_event(self._device, passage, rgb, now_utc, self._reports))
