"""WebRTC sessions that send encoded packets as they are (aiortc), over the sender's own addresses.

A browser hides its own address in an mDNS name; it is the one the offer came
from, so no name is looked up and no STUN server is asked.
"""

import asyncio
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpCodecCapability,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidStateError, OperationError

from passthrough.broadcast import Broadcast, PacketTrack
from passthrough.errors import CodecNotOffered, OfferUnreadable

log = structlog.get_logger()

SDP = "application/sdp"
#: A browser's offer for one video and one audio is about 6 kB.
MAX_OFFER_BYTES = 64 * 1024
#: A browser on the LAN connects within a second; this long after the answer it is not coming.
CONNECT_WITHIN_S = 20.0
_MDNS_NAME = re.compile(r"[0-9a-fA-F-]+\.local\b")
_AUDIO_MIME = {"opus": "audio/opus", "pcm_mulaw": "audio/PCMU", "pcm_alaw": "audio/PCMA"}


@dataclass(frozen=True, slots=True)
class WhepAnswer:
    """The answer to a WHEP offer (draft-ietf-wish-whep)."""

    resource_id: str
    sdp: str


def resolve_browser(sdp: str, address: str) -> str:
    """The offer with the sender's address in place of its mDNS names."""
    return _MDNS_NAME.sub(address, sdp)


class PeerSession:
    """One viewer's connection; `on_end` is called once, when it is over for any reason."""

    def __init__(
        self, tracks: Sequence[MediaStreamTrack], audio_codec: str, on_end: Callable[[], None]
    ) -> None:
        self.id = secrets.token_urlsafe(16)
        self.tracks = tracks
        self.connected = asyncio.Event()
        self._on_end = on_end
        self._audio_codec = audio_codec
        self._ended = False
        self._closing: asyncio.Task[None] | None = None
        self._giving_up: asyncio.TimerHandle | None = None
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("connectionstatechange", self._changed)

    async def answer(self, sdp: str) -> WhepAnswer:
        """Raises CodecNotOffered, OfferUnreadable."""
        try:
            for track in self.tracks:
                transceiver = self.connection.addTransceiver(track, direction="sendonly")
                transceiver.setCodecPreferences(_codecs(track.kind, self._audio_codec))
            await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
            await self.connection.setLocalDescription(await self.connection.createAnswer())
        except OperationError:
            await self.close()
            raise CodecNotOffered(
                "Este navegador não recebe H.264 por WebRTC; o vídeo segue por HLS."
            ) from None
        except (ValueError, InvalidStateError, IndexError, KeyError, AttributeError, AssertionError) as error:
            await self.close()
            raise OfferUnreadable from error
        loop = asyncio.get_running_loop()
        self._giving_up = loop.call_later(CONNECT_WITHIN_S, self._unless_connected)
        return WhepAnswer(self.id, self.connection.localDescription.sdp)

    async def close(self) -> None:
        """Idempotent."""
        if self._ended:
            return
        self._ended = True
        if self._giving_up is not None:
            self._giving_up.cancel()
        self._on_end()
        for track in self.tracks:
            track.stop()
        await self.connection.close()

    def _changed(self) -> None:
        if self.connection.connectionState == "connected":
            self.connected.set()
        if self.connection.connectionState in ("failed", "closed"):
            self.close_soon()

    def _unless_connected(self) -> None:
        if self.connection.connectionState != "connected":
            log.info("live_viewer_never_connected", session=self.id[:6])
            self.close_soon()

    def close_soon(self) -> None:
        """For who cannot wait until it is closed."""
        self._closing = asyncio.get_running_loop().create_task(self.close())


def carries_sound(codec: str) -> bool:
    """Whether WebRTC takes sound of this kind as it is."""
    return codec in _AUDIO_MIME


def viewer_of(broadcast: Broadcast, sdp: str, on_end: Callable[[], None]) -> PeerSession:
    """A session that shows a broadcast, with its sound where WebRTC carries it and the offer wants it."""
    audio = carries_sound(broadcast.audio_codec) and "m=audio" in sdp
    tracks = [PacketTrack(broadcast, audio=False), *([PacketTrack(broadcast, audio=True)] if audio else [])]
    takers = {track.push for track in tracks}

    def ended() -> None:
        broadcast.takers -= takers
        on_end()

    peer = PeerSession(tracks, broadcast.audio_codec, ended)
    broadcast.takers |= takers
    return peer


def _codecs(kind: str, audio_codec: str) -> list[RTCRtpCodecCapability]:
    """What may be sent as it is: H.264 in packetization mode 1, or the camera's own audio codec."""
    wanted = "video/H264" if kind == "video" else _AUDIO_MIME[audio_codec]
    return [c for c in RTCRtpSender.getCapabilities(kind).codecs if c.mimeType == wanted or c.name == "rtx"]
