"""G.711 recordings play in browsers: as Opus, in the bytes that the playlist names, without audible seams."""

import io
from pathlib import Path

import av
import numpy as np
import pytest

from demo.media_files import TONE_HZ, Media, make_media
from edge_agent.clock import to_datetime
from edge_agent.playback import browser_sound, init_section, services
from edge_agent.playback.services import BadRange, Period
from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.index import RecordingIndex
from tests.unit.edge.builders import NOON_US, SECOND, record

SECONDS = 6
PERIOD = Period("cam1", NOON_US, NOON_US + SECONDS * SECOND)


@pytest.fixture(params=["pcmu", "pcma"])
def telephone(request: pytest.FixtureRequest, tmp_path: Path, index: RecordingIndex) -> Segment:
    media = Media(audio=request.param, seconds=SECONDS, width=64, height=48)
    path = f"cam1/{to_datetime(NOON_US):%Y-%m-%d}/{NOON_US}.mp4"
    init_bytes, written = record(make_media(tmp_path / "camera.mov", media), index.folder / path)
    fragments = tuple(
        Fragment(offset, size, NOON_US + number * SECOND, SECOND)
        for number, (offset, size) in enumerate(written)
    )
    segment = Segment("cam1", NOON_US, NOON_US, path, init_bytes, fragments)
    index.store_segment(segment)
    return segment


def served(index: RecordingIndex, segment: Segment) -> list[bytes]:
    """What a player gets for the ranges of the playlist."""
    ranges = [(0, segment.init_bytes), *((f.offset, f.size_bytes) for f in segment.fragments)]
    return [services.read_for_player(index, "cam1", NOON_US, *place) for place in ranges]


@pytest.mark.req("S7.3")
def test_a_browser_gets_opus_in_exactly_the_bytes_of_the_playlist(
    index: RecordingIndex, telephone: Segment
) -> None:
    init, *fragments = served(index, telephone)
    assert len(init) == telephone.init_bytes
    assert [len(data) for data in fragments] == [f.size_bytes for f in telephone.fragments]
    assert init_section.codecs(init)[1] == "opus"
    assert services.codecs_of(index, PERIOD)[1] == "opus"
    assert browser_sound.of(init) is None


def test_the_tone_is_heard_through_all_fragments_without_a_seam(
    index: RecordingIndex, telephone: Segment
) -> None:
    with av.open(io.BytesIO(b"".join(served(index, telephone)))) as container:
        frames = list(container.decode(audio=0))
    heard = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    assert len(heard) / 48_000 == pytest.approx(SECONDS, abs=0.1)
    times = [float(frame.pts * frame.time_base) for frame in frames if frame.time_base]
    assert np.allclose(np.diff(times), 0.02, atol=1e-6), "packets lie on one grid over all fragments"
    middle = heard[48_000 // 2 : -48_000 // 2]
    windows = middle[: len(middle) // 4800 * 4800].reshape(-1, 4800)
    spectra = np.abs(np.fft.rfft(windows * np.hanning(4800)))
    loudest = spectra[:, 5:].argmax(axis=1) + 5
    assert np.all(np.abs(loudest * 10 - TONE_HZ) <= 10), "the same tone in every tenth of a second"
    tone = spectra[np.arange(len(spectra)), loudest]
    assert tone.min() > 0.5 * np.median(tone), "no hole at a seam"


def test_the_pictures_are_untouched(index: RecordingIndex, telephone: Segment) -> None:
    def pictures(data: bytes) -> list[bytes]:
        with av.open(io.BytesIO(data)) as container:
            return [bytes(packet) for packet in container.demux(video=0)]

    recorded = (index.folder / telephone.path).read_bytes()
    assert pictures(b"".join(served(index, telephone))) == pictures(recorded)


def test_the_recording_itself_is_given_as_it_is(index: RecordingIndex, telephone: Segment) -> None:
    recorded = (index.folder / telephone.path).read_bytes()
    assert services.read_media(index, "cam1", NOON_US, 0, len(recorded)) == recorded


def test_another_range_than_the_playlists_is_refused(index: RecordingIndex, telephone: Segment) -> None:
    first = telephone.fragments[0]
    with pytest.raises(BadRange):
        services.read_for_player(index, "cam1", NOON_US, first.offset + 1, first.size_bytes)


def test_a_gap_in_the_sound_is_silence(index: RecordingIndex, telephone: Segment) -> None:
    sound = browser_sound.of(services.read_media(index, "cam1", NOON_US, 0, telephone.init_bytes))
    assert sound is not None
    pieces = list(browser_sound._filled(b"abcd", 0, (5, 2, 2, 2), sound))
    assert pieces == [b"ab" + browser_sound._SILENCE[sound.codec] * 3, b"cd"]


def test_a_recording_without_sound_or_with_aac_passes_as_it_is(index: RecordingIndex, tmp_path: Path) -> None:
    for number, audio in enumerate(("none", "aac")):
        start_us = NOON_US + number * 60 * SECOND
        path = f"cam1/2025-11-24/{start_us}.mp4"
        media = Media(audio=audio, seconds=2, width=64, height=48)  # type: ignore[arg-type]
        init_bytes, written = record(make_media(tmp_path / f"{audio}.mov", media), index.folder / path)
        fragments = tuple(
            Fragment(o, size, start_us + n * SECOND, SECOND) for n, (o, size) in enumerate(written)
        )
        index.store_segment(Segment("cam1", start_us, start_us, path, init_bytes, fragments))
        whole = (index.folder / path).read_bytes()
        assert services.read_for_player(index, "cam1", start_us, 3, 100) == whole[3:103]
