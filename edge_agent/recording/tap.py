"""Copies the packets of watched cameras out of a recorder worker, for live viewers.

Recording never waits for a viewer: packets go through a bounded queue and a
pipe of their own, and where the queue is full a camera's packets are left out
up to its next keyframe.
"""

import queue
import threading
from multiprocessing.connection import Connection

from av.packet import Packet

from edge_agent.recording.events import LivePacket

#: A few seconds of a few dozen watched cameras; at about 10 kB a packet, 10 MB.
MAX_WAITING = 1000
_NAMES = {"hevc": "h265"}


def live_packet(camera: str, packet: Packet) -> LivePacket:  # type: ignore[type-arg]
    """A demuxed packet that has a time, as viewers get it."""
    codec = packet.stream.codec_context
    data = bytes(packet)
    audio = packet.stream.type == "audio"
    if packet.is_keyframe and not audio and codec.extradata and codec.extradata not in data:
        data = codec.extradata + data  # a decoder may begin here (RFC 6184, 8.4)
    pts_us = int((packet.pts or 0) * (packet.time_base or 0) * 1_000_000)
    name = _NAMES.get(codec.name, codec.name)
    return LivePacket(camera, data, pts_us, packet.is_keyframe, name, audio)


class LiveTap:
    """One worker's copies; `watched` is replaced whole, from another thread."""

    def __init__(self, pipe: Connection) -> None:
        self.watched: frozenset[str] = frozenset()
        self._pipe = pipe
        self._behind: set[str] = set()
        self._waiting: queue.Queue[LivePacket] = queue.Queue(MAX_WAITING)
        threading.Thread(target=self._send, name="live-tap", daemon=True).start()

    def offer(self, camera: str, packet: Packet) -> None:  # type: ignore[type-arg]
        """Copy a packet if anybody watches; never waits."""
        if camera not in self.watched:
            return
        video = packet.stream.type == "video"
        if camera in self._behind and not (video and packet.is_keyframe):
            return
        try:
            self._waiting.put_nowait(live_packet(camera, packet))
            self._behind.discard(camera)
        except queue.Full:
            self._behind.add(camera)

    def _send(self) -> None:
        while True:
            packet = self._waiting.get()
            try:
                self._pipe.send(packet)
            except OSError:
                return  # the supervisor is gone, and the worker ends
