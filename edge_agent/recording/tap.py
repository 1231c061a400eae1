"""Copies the samples of watched cameras out of a recorder worker, for live viewers.

Recording never waits for a viewer: samples go through a bounded queue and a
pipe of their own, and where the queue is full a camera's samples are left out
up to its next keyframe.
"""

import queue
import threading
from multiprocessing.connection import Connection

from edge_agent.recording import nal
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format
from passthrough.packets import LivePacket

#: A few seconds of a few dozen watched cameras; at about 10 kB a packet, 10 MB.
MAX_WAITING = 1000


def live_packet(camera: str, announced: Format, sample: Sample) -> LivePacket:
    """A sample as viewers get it."""
    pts_us = sample.time * 1_000_000 // announced.clock_rate
    if not announced.is_video:
        return LivePacket(camera, sample.data, pts_us, False, announced.codec, audio=True)
    data = sample.data
    if sample.is_keyframe:  # a decoder may begin here (RFC 6184, 8.4)
        data = nal.completed(announced.codec, announced.config, data)
    return LivePacket(camera, nal.annex_b(data), pts_us, sample.is_keyframe, announced.codec)


class LiveTap:
    """One worker's copies; `watched` is replaced whole."""

    def __init__(self, pipe: Connection) -> None:
        self.watched: frozenset[str] = frozenset()
        self._pipe = pipe
        self._behind: set[str] = set()
        self._waiting: queue.Queue[LivePacket] = queue.Queue(MAX_WAITING)
        threading.Thread(target=self._send, name="live-tap", daemon=True).start()

    def offer(self, camera: str, announced: Format, sample: Sample) -> None:
        """Copy a sample if anybody watches; never waits."""
        if camera not in self.watched:
            return
        if camera in self._behind and not sample.is_keyframe:
            return
        try:
            self._waiting.put_nowait(live_packet(camera, announced, sample))
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
