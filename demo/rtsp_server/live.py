"""A live camera's encoded pictures as a stream."""

from demo.encoder import CLOCK_RATE, AccessUnit
from demo.rtsp_server.rtp import payloads
from demo.rtsp_server.stream import Stream
from demo.rtsp_server.tracks import Track


class LiveStream(Stream):
    """Used from the event loop only; an encoder's thread hands over by `call_soon_threadsafe`."""

    def __init__(self, parameter_sets: bytes) -> None:
        super().__init__([Track("h264", CLOCK_RATE, parameter_sets)])

    def publish(self, unit: AccessUnit) -> None:
        parts = payloads(self.tracks[0], unit.data)
        self.deliver(self.senders[0].burst(parts, unit.captured_mono, unit.is_keyframe))
