"""One watched stream and its viewers: a packet comes once and is given to each.

The current group of pictures is kept, so that a viewer who joins sees a frame
at once. A viewer who does not keep up loses what waits for him, up to the next
keyframe; he never holds up the others.
"""

import asyncio
from collections.abc import Callable
from fractions import Fraction
from typing import Protocol

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av.packet import Packet

from passthrough.errors import CodecNotOffered, LiveUnavailable
from passthrough.packets import LivePacket, PacketQueue, QueueEnded

#: Longer than the group of pictures of a camera that is set up sensibly, with its start.
KEYFRAME_WITHIN_S = 8.0
NO_PICTURES = "Esta câmera não está enviando imagens agora."
#: A group of pictures longer than this (20 s of 4 Mbit/s) is not kept: viewers wait for the next.
MAX_GOP_BYTES = 10_000_000
#: Frames after a keyframe that show whether a stream has B-frames: its pts go back then.
FRAMES_TO_KNOW = 3
#: Media time that jumps by more is a new connection to the camera, and continues from the last frame.
MAX_STEP_US = 3_000_000
#: RTP time between the frames of the burst that a viewer begins with: they are shown as fast as decoded.
BURST_STEP_US = 1_000
_MICROSECONDS = Fraction(1, 1_000_000)


class Closable(Protocol):
    def close(self) -> None: ...


class Broadcast:
    """The viewers of one stream. `watch` starts the packets, and returns what ends them."""

    def __init__(self, watch: Callable[[Callable[[LivePacket], None]], Closable]) -> None:
        #: Each is given every packet that comes.
        self.takers: set[Callable[[LivePacket], None]] = set()
        self.gop: list[LivePacket] = []
        self.video_codec = self.audio_codec = ""
        self.reordered = False
        self._gop_bytes = 0
        self._known = asyncio.Event()
        self._watch = watch(self.receive)

    def close(self) -> None:
        self._watch.close()

    async def known(self, within_s: float) -> None:
        """Wait until it is known what the stream is. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            await self._known.wait()

    async def require_h264(self) -> None:
        """Wait for a stream that WebRTC carries as it is. Raises LiveUnavailable, CodecNotOffered."""
        try:
            await self.known(KEYFRAME_WITHIN_S)
        except TimeoutError:
            raise LiveUnavailable(NO_PICTURES) from None
        if self.video_codec != "h264":
            raise CodecNotOffered(
                "Esta câmera envia H.265, que o navegador não recebe por WebRTC. O vídeo segue por HLS, "
                "se o navegador tiver H.265; senão, configure a câmera para H.264."
            )
        if self.reordered:
            raise CodecNotOffered(
                "Esta câmera envia quadros B, que o WebRTC não leva. O vídeo segue por HLS; para o atraso "
                "menor, desligue os quadros B (B-frames) na câmera."
            )

    def receive(self, packet: LivePacket) -> None:
        if packet.audio:
            self.audio_codec = packet.codec
        else:
            self._keep(packet)
        for take in tuple(self.takers):
            take(packet)

    def _keep(self, packet: LivePacket) -> None:
        if packet.is_keyframe:
            self.video_codec = packet.codec
            self.gop, self._gop_bytes = [], 0
        elif not self.gop:
            return
        elif packet.pts_us < self.gop[-1].pts_us:
            self.reordered = True
        self._gop_bytes += len(packet.data)
        self.gop = [*self.gop, packet] if self._gop_bytes <= MAX_GOP_BYTES else []
        if len(self.gop) >= FRAMES_TO_KNOW:
            self._known.set()


class PacketTrack(MediaStreamTrack):
    """Gives encoded packets to an RTCRtpSender, which packs them without transcoding."""

    def __init__(self, broadcast: Broadcast, audio: bool) -> None:
        self.kind = "audio" if audio else "video"
        super().__init__()
        self.audio = audio
        self._broadcast = broadcast
        #: Each with its RTP time in microseconds; None: not connected yet.
        self._packets: PacketQueue[tuple[LivePacket, int]] | None = None
        self._clock = _RtpClock()

    def push(self, packet: LivePacket) -> None:
        """Take a packet, or leave it out when the viewer does not keep up."""
        if self._packets is not None and packet.audio == self.audio:
            self._packets.put((packet, self._clock.at(packet.pts_us)), packet.is_keyframe)

    async def recv(self) -> Packet:  # type: ignore[type-arg]
        if self._packets is None:
            self._packets = self._begun()
        try:
            packet, at_us = await self._packets.next()
        except QueueEnded:
            raise MediaStreamError from None
        encoded = Packet(packet.data)
        encoded.pts = at_us
        encoded.time_base = _MICROSECONDS
        return encoded

    def _begun(self) -> PacketQueue[tuple[LivePacket, int]]:
        """Start at the latest keyframe: its group comes as a burst, timed so that nothing of it waits."""
        packets: PacketQueue[tuple[LivePacket, int]] = PacketQueue()
        if self.audio:
            return packets
        gop = self._broadcast.gop
        newest_us = self._clock.at(gop[-1].pts_us) if gop else 0
        first_us = newest_us - (len(gop) - 1) * BURST_STEP_US
        packets.begin([(packet, first_us + n * BURST_STEP_US) for n, packet in enumerate(gop)])
        return packets

    def stop(self) -> None:
        super().stop()
        if self._packets is not None:
            self._packets.end()


class _RtpClock:
    """A camera's media time as one that never jumps, from a little above zero."""

    _START_US = 10_000_000  # above the burst's length: RTP time before it must not be negative

    def __init__(self) -> None:
        self._last_us: int | None = None
        self._offset_us = 0

    def at(self, pts_us: int) -> int:
        if self._last_us is None:
            self._offset_us = self._START_US - pts_us
        elif abs(pts_us + self._offset_us - self._last_us) > MAX_STEP_US:
            self._offset_us = self._last_us + 40_000 - pts_us
        self._last_us = pts_us + self._offset_us
        return self._last_us
