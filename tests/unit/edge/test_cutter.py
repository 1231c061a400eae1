"""Footage with sound, and H.265, is cut as it is: same codecs, exact span."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from edge_agent.evidence.cutter import cut
from edge_agent.recording.domain import Fragment, Segment
from tests.unit.edge.builders import FPS, NOON_US, SECOND

SECONDS = 6
RATE = 8000


def record(target: Path, video_codec: str, audio_codec: str) -> Segment:
    """A recording file, as one fragment, with sound that begins before the first picture is shown."""
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "use_editlist": "0"}
    with av.open(
        str(target), "w", format="mov" if "pcm" in audio_codec else "mp4", options=options
    ) as output:
        video = output.add_stream(video_codec, rate=FPS)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.options = {
            "g": str(FPS),
            "preset": "ultrafast",
            "x265-params": f"keyint={FPS}:bframes=0:log-level=none",
        }
        rate = 48_000 if audio_codec == "libopus" else RATE
        audio = output.add_stream(audio_codec, rate=rate)
        audio.layout = "mono"
        for second in range(SECONDS):
            sound = av.AudioFrame.from_ndarray(np.zeros((1, rate), np.int16), format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = rate, second * rate, Fraction(1, rate)
            resampler = av.AudioResampler(audio.format, "mono", rate, 960)
            for frame in resampler.resample(sound):
                output.mux(audio.encode(frame))
            for number in range(second * FPS, (second + 1) * FPS):
                picture = np.full((48, 64, 3), number * 4, np.uint8)
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts = number
                output.mux(video.encode(frame))
        output.mux(video.encode(None))
        output.mux(audio.encode(None))
    whole = Fragment(0, target.stat().st_size, NOON_US, SECONDS * SECOND)
    return Segment("cam1", NOON_US, NOON_US, target.name, 0, (whole,))


@pytest.mark.parametrize(
    ("video_codec", "audio_codec", "suffix", "names"),
    [
        ("libx264", "aac", ".mp4", ("h264", "aac")),
        ("libx264", "pcm_alaw", ".mov", ("h264", "pcm_alaw")),
        ("libx265", "pcm_mulaw", ".mov", ("hevc", "pcm_mulaw")),
        ("libx265", "libopus", ".mp4", ("hevc", "opus")),
    ],
)
def test_sound_and_picture_are_kept_as_they_are(
    tmp_path: Path, video_codec: str, audio_codec: str, suffix: str, names: tuple[str, str]
) -> None:
    segment = record(tmp_path / "recorded.mp4", video_codec, audio_codec)
    start_us, end_us = NOON_US + 1_500_000, NOON_US + 4_250_000
    piece = cut(tmp_path, [segment], start_us, end_us, tmp_path / "clip.video", lambda _bytes: None)
    assert piece.path.suffix == suffix
    assert (piece.start_us, piece.end_us) == (start_us, end_us)
    with av.open(str(piece.path)) as clip:
        picture, sound = clip.streams.video[0], clip.streams.audio[0]
        assert (picture.codec_context.name, sound.codec_context.name) == names
        shown = [frame.time for frame in clip.decode(picture)]
    assert shown[0] == pytest.approx(0, abs=1 / FPS)
    assert len(shown) == pytest.approx(2.75 * FPS, abs=1)
    with av.open(str(piece.path)) as clip:
        heard_s = sum(frame.samples / frame.sample_rate for frame in clip.decode(audio=0))
    assert heard_s == pytest.approx(2.75, abs=0.2)
