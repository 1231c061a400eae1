"""H.265 is recorded, played and cut under the name that Apple's players take."""

import io
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.media_files import Media, make_media
from edge_agent.clock import to_datetime
from edge_agent.evidence.cutter import cut
from edge_agent.playback import init_section, services
from edge_agent.playback.services import Period
from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.sample_entry import as_hvc1
from tests.unit.edge.builders import NOON_US, SECOND, record

pytestmark = pytest.mark.req("S4.1")
SECONDS = 4
PERIOD = Period("cam1", NOON_US, NOON_US + SECONDS * SECOND)


@pytest.fixture(scope="module", params=["none", "pcma"])
def camera(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    media = Media("h265", request.param, seconds=SECONDS, width=64, height=48)
    return make_media(tmp_path_factory.mktemp("media") / "camera.mov", media)


@pytest.fixture
def recorded(camera: Path, index: RecordingIndex) -> Segment:
    path = f"cam1/{to_datetime(NOON_US):%Y-%m-%d}/{NOON_US}.mp4"
    init_bytes, written = record(camera, index.folder / path)
    fragments = tuple(
        Fragment(offset, size, NOON_US + number * SECOND, SECOND)
        for number, (offset, size) in enumerate(written)
    )
    segment = Segment("cam1", NOON_US, NOON_US, path, init_bytes, fragments)
    index.store_segment(segment)
    return segment


def init_of(index: RecordingIndex, segment: Segment) -> bytes:
    return (index.folder / segment.path).read_bytes()[: segment.init_bytes]


def as_it_was(init: bytes) -> bytes:
    """As libavformat writes `hev1`: no array of parameter sets is complete."""
    head, name, entry = init.partition(b"hvc1")
    assert name, "there is H.265 in it"
    record = entry.index(b"hvcC") + 4 + 22
    rest = entry[record:]
    for kind in (32, 33, 34):
        rest = rest.replace(bytes((kind | 0x80, 0, 1)), bytes((kind, 0, 1)), 1)
    return head + b"hev1" + entry[:record] + rest


def age(index: RecordingIndex, segment: Segment) -> bytes:
    """Make a recording one of the time when files said `hev1`; its section then."""
    file = index.folder / segment.path
    old = as_it_was(init_of(index, segment))
    file.write_bytes(old + file.read_bytes()[segment.init_bytes :])
    return old


def served(index: RecordingIndex, segment: Segment) -> bytes:
    """What a player gets for the ranges of the playlist."""
    ranges = [(0, segment.init_bytes), *((f.offset, f.size_bytes) for f in segment.fragments)]
    return b"".join(services.read_for_player(index, "cam1", NOON_US, *place) for place in ranges)


def pictures(data: bytes) -> int:
    with av.open(io.BytesIO(data)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_recording_says_hvc1_and_has_its_parameter_sets_in_the_sample_entry(
    index: RecordingIndex, recorded: Segment
) -> None:
    init = init_of(index, recorded)
    assert init_section.video_codec(init).startswith("hvc1.1.")
    arrays = init[init.index(b"hvcC") + 4 + 22 :]
    assert arrays[0] == 3 and arrays[1] == 0x80 | 32, "VPS, SPS and PPS, and no others come"
    assert pictures((index.folder / recorded.path).read_bytes()) == SECONDS * 10


def test_an_old_recording_is_played_as_hvc1_and_told_so(index: RecordingIndex, recorded: Segment) -> None:
    new = init_of(index, recorded)
    old = age(index, recorded)
    assert init_section.video_codec(old).startswith("hev1.1.")
    assert as_hvc1(old) == new, "what the recorder writes today"
    assert services.codecs_of(index, PERIOD)[0].startswith("hvc1.1.")
    whole = served(index, recorded)
    assert init_section.video_codec(whole[: recorded.init_bytes]).startswith("hvc1.1.")
    assert len(whole) == recorded.size_bytes and pictures(whole) == SECONDS * 10


@pytest.mark.parametrize("is_old", [False, True])
def test_a_clip_says_hvc1_whatever_its_recording_said(
    index: RecordingIndex, recorded: Segment, tmp_path: Path, is_old: bool
) -> None:
    if is_old:
        age(index, recorded)
    piece = cut(
        index.folder, [recorded], NOON_US, PERIOD.end_us, tmp_path / "clip.video", lambda _bytes: None
    )
    data = piece.path.read_bytes()
    assert b"hvc1" in data and b"hev1" not in data
    assert pictures(data) == SECONDS * 10


def test_a_section_without_all_parameter_sets_stays_as_it_is(
    index: RecordingIndex, recorded: Segment
) -> None:
    old = as_it_was(init_of(index, recorded))
    without_pps = old.replace(bytes((34, 0, 1)), bytes((39, 0, 1)), 1)
    assert as_hvc1(without_pps) == without_pps


@given(cut_at=st.integers(0, 2000))
def test_what_is_no_such_section_stays_as_it_is(cut_at: int) -> None:
    section = (
        b"\0" * 20 + b"stsd" + bytes(12) + b"hev1" + bytes(90) + b"hvcC" + bytes(22) + b"\3\x20\0\1\0\xff"
    )
    assert as_hvc1(section[:cut_at]) == section[:cut_at]
