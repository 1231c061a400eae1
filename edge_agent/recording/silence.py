"""Pieces of silence, which stand where a camera announces sound and sends none.

A browser shows no picture of which it lacks the sound: a camera whose microphone is off would play as
nothing at all, and a player would leap over each second in which the sound is missing.
"""

from typing import NamedTuple

import av
from av.audio.codeccontext import AudioCodecContext

from edge_agent.rtsp.sdp import Format

_AAC_SAMPLES = 1024
#: 20 ms: a table of contents and an empty frame (RFC 6716, 3.1 and 4.1), for one channel and for two.
_OPUS, _OPUS_TICKS = {1: b"\xf8\xff\xfe", 2: b"\xfc\xff\xfe"}, 960
#: ITU-T G.711: the smallest level.
_G711 = {"pcm_alaw": b"\xd5", "pcm_mulaw": b"\xff"}


class Silence(NamedTuple):
    """One piece, and how long it lasts, in ticks of the sound's clock."""

    piece: bytes
    ticks: int


def silence(audio: Format) -> Silence | None:
    """As the track of a camera's sound can hold it; None for a kind of AAC that is not encoded here."""
    if audio.codec == "opus":
        return Silence(_OPUS[min(audio.channels, 2)], _OPUS_TICKS * audio.clock_rate // 48_000)
    if audio.codec == "aac":
        piece = _aac(audio)
        return Silence(piece, _AAC_SAMPLES) if piece else None
    ticks = audio.clock_rate // 50
    return Silence(_G711[audio.codec] * ticks * audio.channels, ticks)


def _aac(audio: Format) -> bytes:
    try:
        encoder = av.CodecContext.create("aac", "w")
        assert isinstance(encoder, AudioCodecContext)
        encoder.sample_rate, encoder.format = audio.clock_rate, "fltp"
        encoder.layout = {1: "mono", 2: "stereo"}[audio.channels]
        encoder.open()
        made = [packet for number in range(3) for packet in encoder.encode(_quiet(encoder, number))]
        return bytes(made[1])  # the first names the encoder
    except (av.FFmpegError, KeyError, IndexError):
        return b""


def _quiet(encoder: AudioCodecContext, number: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="fltp", layout=encoder.layout.name, samples=_AAC_SAMPLES)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate, frame.pts = encoder.sample_rate, number * _AAC_SAMPLES
    return frame
