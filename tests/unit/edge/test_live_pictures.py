"""Variants of one playlist hold pictures alone: the sound is taken out without moving a byte."""

import io
from pathlib import Path

import av
import pytest

from demo.media_files import Media, make_media
from edge_agent.live.pictures import pictures_only
from tests.unit.edge.builders import record


@pytest.mark.req("S5.1")
@pytest.mark.parametrize("audio", ["aac", "pcma"])
def test_the_pictures_are_all_there_and_the_sound_is_not(tmp_path: Path, audio: str) -> None:
    media = Media(audio=audio, seconds=3, width=64, height=48)
    source, file = make_media(tmp_path / "camera.mov", media), tmp_path / "recorded.mp4"
    init_bytes, fragments = record(source, file)
    recorded = file.read_bytes()
    ranges = [(0, init_bytes), *fragments]
    silent = b"".join(pictures_only(recorded[at : at + size]) for at, size in ranges)
    assert len(silent) == len(recorded)
    with av.open(io.BytesIO(recorded)) as before, av.open(io.BytesIO(silent)) as after:
        assert (len(before.streams.audio), len(after.streams.audio)) == (1, 0)
        shown = [[bytes(packet) for packet in file.demux(video=0) if packet.size] for file in (before, after)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == media.fps * media.seconds
