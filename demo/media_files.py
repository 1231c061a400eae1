"""Small media files for simulated cameras, with a moving picture and a tone."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np

from demo.clock_strip import Picture, paint_clock

TONE_HZ = 440
AUDIO_BLOCK_S = 0.02


@dataclass(frozen=True)
class Media:
    """`declared_fps` is what the parameter sets claim (H.264 only) when it is not `fps`."""

    codec: Literal["h264", "h265"] = "h264"
    audio: Literal["none", "aac", "pcmu", "pcma", "opus"] = "none"
    width: int = 320
    height: int = 180
    fps: int = 10
    gop: int = 10
    seconds: float = 4.0
    bitrate_bps: int = 200_000
    declared_fps: int | None = None
    grain: int = 0  # noise, so that the bit rate is used, as by a camera outdoors


AUDIO_ENCODERS = {"aac": "aac", "pcmu": "pcm_mulaw", "pcma": "pcm_alaw", "opus": "libopus"}
AUDIO_RATES = {"aac": 16_000, "pcmu": 8_000, "pcma": 8_000, "opus": 48_000}


def make_media(path: Path, media: Media = Media()) -> Path:
    """Write a file; its clock strip shows the media time in seconds."""
    # Neither format takes both G.711 and Opus.
    with av.open(path, "w", format="matroska" if media.audio == "opus" else "mov") as container:
        video = _video_stream(container, media)
        sound = None if media.audio == "none" else _audio_stream(container, media)
        for number in range(round(media.seconds * media.fps)):
            container.mux(video.encode(_picture(media, number)))
        container.mux(video.encode(None))
        if sound is not None:
            for block in [*_tone(media), None]:
                container.mux(sound.encode(block))
    return path


def _audio_stream(container: av.container.OutputContainer, media: Media) -> av.AudioStream:
    stream = container.add_stream(AUDIO_ENCODERS[media.audio], rate=AUDIO_RATES[media.audio])
    assert isinstance(stream, av.AudioStream)
    stream.layout = "mono"
    return stream


def _video_stream(container: av.container.OutputContainer, media: Media) -> av.VideoStream:
    library = "libx264" if media.codec == "h264" else "libx265"
    declared = media.declared_fps or media.fps
    stream = container.add_stream(library, rate=declared)
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = media.width, media.height, "yuv420p"
    stream.bit_rate = media.bitrate_bps
    stream.codec_context.time_base = Fraction(1, 90_000)
    stream.codec_context.thread_count = 1
    gop = f"keyint={media.gop}:min-keyint={media.gop}:scenecut=0"
    options: dict[str, object] = {"preset": "ultrafast", "tune": "zerolatency"}
    if media.codec == "h264":
        options |= {"x264-params": f"{gop}:force-cfr=1:nal-hrd=vbr", "maxrate": str(media.bitrate_bps)}
        options |= {"bufsize": str(media.bitrate_bps)}
    else:
        options |= {"x265-params": f"{gop}:bframes=0:log-level=none:open-gop=0"}
    stream.options = options
    return stream


def _picture(media: Media, number: int) -> av.VideoFrame:
    rgb: Picture = np.full((media.height, media.width, 3), (40, 60, 80), np.uint8)
    left = number * 4 % (media.width - 32)
    rgb[media.height // 2 :][:32, left : left + 32] = (230, 180, 40)
    if media.grain:
        noise = np.random.default_rng(number).integers(-media.grain, media.grain, rgb.shape[:2])
        rgb = np.clip(rgb + noise[..., None], 0, 255).astype(np.uint8)
    paint_clock(rgb, number / media.fps)
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
    frame.pts = round(number * 90_000 / media.fps)
    frame.time_base = Fraction(1, 90_000)
    return frame


def _tone(media: Media) -> Iterator[av.AudioFrame]:
    rate = AUDIO_RATES[media.audio]
    size = round(rate * AUDIO_BLOCK_S)
    for first in range(0, round(media.seconds * rate), size):
        wave = np.sin(2 * np.pi * TONE_HZ * np.arange(first, first + size) / rate) * 8000
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        yield frame
