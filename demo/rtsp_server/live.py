"""A live camera's encoded pictures, and sound where it has a microphone, as a stream."""

import time

from demo.encoder import CLOCK_RATE, AccessUnit
from demo.rtsp_server.rtp import payloads
from demo.rtsp_server.stream import Stream
from demo.rtsp_server.tracks import Track
from demo.sound import SoundFrame

VIDEO, SOUND = 0, 1


class LiveStream(Stream):
    """Used from the event loop only; an encoder's thread hands over by `call_soon_threadsafe`."""

    def __init__(self, parameter_sets: bytes, sound: Track | None = None) -> None:
        super().__init__([Track("h264", CLOCK_RATE, parameter_sets), *([sound] if sound else [])])

    def publish(self, unit: AccessUnit | SoundFrame) -> None:
        if isinstance(unit, SoundFrame):
            self._send(SOUND, unit.data, unit.captured_mono, begins=True)
        else:
            self._send(VIDEO, unit.data, unit.captured_mono, unit.is_keyframe)

    def _send(self, track: int, data: bytes, captured_mono: float, begins: bool) -> None:
        parts = payloads(self.tracks[track], data)
        burst = self.senders[track].burst(parts, captured_mono, begins)
        self.deliver(burst, late_s=time.monotonic() - captured_mono)
