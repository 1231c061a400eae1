"""What a camera encodes arrives as the same bytes at the same times, however its packets are made."""

import struct
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.media_files import Media, make_media
from demo.rtsp_server.looped import LoopedFile
from demo.rtsp_server.rtp import RtpSender
from edge_agent.recording import nal
from edge_agent.rtsp import payloads
from edge_agent.rtsp.errors import Malformed
from edge_agent.rtsp.payloads import payloads_of
from edge_agent.rtsp.rtp import RtpTrack
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format
from tests.unit.edge.camera_samples import sent

VIDEO: list[Literal["h264", "h265"]] = ["h264", "h265"]
SOUND: list[Literal["aac", "pcmu", "pcma", "opus"]] = ["aac", "pcmu", "pcma", "opus"]
CHANNEL = 4


class Made(NamedTuple):
    """A file's packets as a camera sends them, and the samples that they were made of."""

    format: Format
    packets: list[bytes]
    samples: list[Sample]


class Sink:
    """A track's receiving end."""

    def __init__(self, format_: Format) -> None:
        self.samples: list[Sample] = []
        self.track = RtpTrack(format_.payload_type, payloads_of(format_, self.samples.append))

    def take(self, packets: Sequence[bytes]) -> "Sink":
        for packet in packets:
            self.track.take(memoryview(packet), 0, len(packet))
        return self

    def take_interleaved(self, data: bytes) -> "Sink":
        view, at = memoryview(data), 0
        while at < len(data):
            following = self.track.take_run(view, at, len(data))
            assert following > at, "a whole packet was left"
            at = following
        return self


def interleaved(packets: Sequence[bytes], channel: int = CHANNEL) -> bytes:
    return b"".join(struct.pack(">BBH", 0x24, channel, len(packet)) + packet for packet in packets)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Made]:
    """By codec."""
    folder, done = tmp_path_factory.mktemp("encoded"), {}

    def make(codec: str) -> Made:
        if codec not in done:
            done[codec] = _made(folder / codec, codec)
        return done[codec]

    return make


def _made(file: Path, codec: str) -> Made:
    media = Media(seconds=2, grain=40, bitrate_bps=1_000_000)
    if codec in VIDEO:
        media = Media(codec, seconds=2, grain=40, bitrate_bps=1_000_000)  # type: ignore[arg-type]
    else:
        media = Media(audio=codec, seconds=2)  # type: ignore[arg-type]
    make_media(file, media)
    looped, read = LoopedFile(file), sent(file)
    index = next(n for n, track in enumerate(looped.tracks) if track.is_video == (codec in VIDEO))
    sender, packets = RtpSender(index, looped.tracks[index]), []
    for sample in looped.samples:
        if sample.track == index:
            packets += sender.burst(sample.payloads, sample.media_s, sample.begins).packets
    format_ = read.video if codec in VIDEO else read.audio
    assert format_ is not None
    payload_type = packets[0][1] & 0x7F
    format_ = Format(format_.codec, payload_type, format_.clock_rate, "", format_.config, format_.channels)
    return Made(format_, packets, [sample for track, sample in read.samples if track.codec == format_.codec])


def data_of(samples: Sequence[Sample]) -> list[bytes]:
    return [sample.data for sample in samples]


def times_of(samples: Sequence[Sample], clock_rate: int) -> list[float]:
    return [float(Fraction(sample.time - samples[0].time, clock_rate)) for sample in samples]


# --- whole files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", VIDEO)
def test_pictures_arrive_byte_for_byte_at_their_times(made: Callable[[str], Made], codec: str) -> None:
    format_, packets, samples = made(codec)
    sink = Sink(format_).take(packets)
    assert data_of(sink.samples) == data_of(samples)
    assert times_of(sink.samples, 90_000) == pytest.approx(times_of(samples, 90_000), abs=1e-4)
    assert [s.is_keyframe for s in sink.samples] == [s.is_keyframe for s in samples]
    assert sink.track.lost == 0
    assert len(packets) > 2 * len(samples), "large pictures were fragmented"


@pytest.mark.parametrize("codec", SOUND)
def test_sound_arrives_byte_for_byte_at_its_times(made: Callable[[str], Made], codec: str) -> None:
    format_, packets, samples = made(codec)
    sink = Sink(format_).take(packets)
    if codec in ("pcmu", "pcma"):  # cut into packets of its own length
        assert b"".join(data_of(sink.samples)) == b"".join(data_of(samples))
    else:
        assert data_of(sink.samples) == data_of(samples)
        expected = times_of(samples, format_.clock_rate)
        assert times_of(sink.samples, format_.clock_rate) == pytest.approx(expected, abs=1e-3)
    steps = {b.time - a.time for a, b in zip(sink.samples, sink.samples[1:], strict=False)}
    assert min(steps) > 0
    assert sink.track.lost == 0


@pytest.mark.parametrize("codec", [*VIDEO, *SOUND])
def test_interleaved_runs_give_what_single_packets_give(made: Callable[[str], Made], codec: str) -> None:
    format_, packets, _ = made(codec)
    single, run = Sink(format_).take(packets), Sink(format_).take_interleaved(interleaved(packets))
    assert run.samples == single.samples


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drop=st.sets(st.integers(1, 60), max_size=12))
@pytest.mark.parametrize("codec", VIDEO)
def test_lost_packets_cost_their_nal_unit_and_are_counted(
    made: Callable[[str], Made], codec: str, drop: set[int]
) -> None:
    format_, packets, samples = made(codec)
    last = max(drop, default=0)
    kept = [packet for number, packet in enumerate(packets) if number not in drop]
    sink = Sink(format_).take(kept)
    assert sink.track.lost == len(drop)
    whole = data_of(samples)
    units = {unit for sample in samples for unit in nal.units(sample.data)}
    for sample in sink.samples:
        assert set(nal.units(sample.data)) <= units, "no NAL unit has a hole"
    later = [s for s in sink.samples if s.time > _time_of(packets, last)]
    assert later, "the file goes on behind what was lost"
    for sample in later:  # before the first there may be the parameter sets of a keyframe that was lost
        assert any(sample.data.endswith(data) for data in whole), "later pictures are whole"


def _time_of(packets: Sequence[bytes], number: int) -> int:
    first, at = (int.from_bytes(packets[n][4:8]) for n in (0, number))
    return at - first


# --- what cameras do otherwise ---------------------------------------------------------------------


SPS, PPS, AUD = b"\x67\x42sps", b"\x68pps", b"\x09\x10"
IDR1, IDR2 = b"\x65\x88first", b"\x65\x11second"  # the first slice begins with macroblock 0
P1, P2 = b"\x41\x9afirst", b"\x41\x1asecond"
H264 = Format("h264", 96, 90_000, "")


class Camera:
    """Packets of one track, made by hand."""

    def __init__(self, format_: Format, sequence: int = 0, ssrc: int = 7) -> None:
        self.sink = Sink(format_)
        self.sequence, self.ssrc = sequence, ssrc
        self._type = format_.payload_type

    def send(self, time: int, *parts: bytes, marker: bool = False, kind: int | None = None) -> "Camera":
        """Payloads of one time, in packets of their own; the last with the marker if wanted."""
        for number, payload in enumerate(parts, 1):
            mark = 0x80 if marker and number == len(parts) else 0
            of = self._type if kind is None else kind
            head = struct.pack(
                ">BBHII", 0x80, mark | of, self.sequence & 0xFFFF, time & 0xFFFFFFFF, self.ssrc
            )
            self.sequence += 1
            self.sink.take([head + payload])
        return self

    @property
    def samples(self) -> list[Sample]:
        return self.sink.samples

    def units(self) -> list[list[bytes]]:
        return [list(nal.units(sample.data)) for sample in self.samples]


def fragments(unit: bytes, size: int = 3) -> list[bytes]:
    """As FU-A (RFC 6184, 5.8)."""
    pieces = [unit[1:][at : at + size] for at in range(0, len(unit) - 1, size)]
    last = len(pieces) - 1
    flags = [(0x80 if n == 0 else 0) | (0x40 if n == last else 0) for n in range(len(pieces))]
    return [
        bytes((unit[0] & 0xE0 | 28, flag | unit[0] & 0x1F)) + piece
        for flag, piece in zip(flags, pieces, strict=True)
    ]


def test_a_marker_on_each_nal_unit_splits_no_picture() -> None:
    camera = Camera(H264)
    for unit in (SPS, PPS, IDR1, IDR2):
        camera.send(0, unit, marker=True)
    for unit in (P1, P2):
        camera.send(3000, unit, marker=True)
    camera.send(6000, P1, marker=True)
    assert camera.units() == [[SPS, PPS, IDR1, IDR2], [P1, P2]]


def test_a_marker_that_begins_to_lie_later_splits_one_picture_and_no_more() -> None:
    camera = Camera(H264).send(0, SPS, PPS, IDR1, marker=True).send(3000, P1, marker=True)
    camera.send(6000, P1, marker=True).send(6000, P2, marker=True)
    camera.send(9000, P1, marker=True).send(9000, P2, marker=True).send(12000, P1)
    assert camera.units() == [[SPS, PPS, IDR1], [P1], [P1], [P2], [P1, P2]]


def test_pictures_without_any_marker_end_when_the_time_changes() -> None:
    camera = Camera(H264).send(0, SPS, PPS, IDR1, IDR2).send(3000, P1, P2).send(6000, P1)
    assert camera.units() == [[SPS, PPS, IDR1, IDR2], [P1, P2]]


def test_two_pictures_of_one_time_stay_two() -> None:
    for marker in (True, False):
        camera = Camera(H264).send(0, SPS, PPS, IDR1, marker=marker).send(3000, P1, marker=marker)
        camera.send(3000, P1, marker=marker).send(6000, P1, marker=marker).send(9000, P1, marker=marker)
        assert [s.time for s in camera.samples][:4] == [0, 3000, 3000, 6000]


def test_parameter_sets_of_a_time_of_their_own_go_with_the_next_picture() -> None:
    camera = Camera(H264).send(0, SPS, PPS, marker=True).send(100, IDR1, marker=True).send(3100, P1)
    assert camera.units() == [[SPS, PPS, IDR1]]
    assert camera.samples[0].time == 100


def test_a_given_picture_is_given_at_its_marker_once_markers_are_known_to_be_right() -> None:
    camera = Camera(H264).send(0, IDR1, marker=True)
    assert camera.samples == []
    assert len(camera.send(3000, P1, marker=True).samples) == 2


def test_aggregated_nal_units_are_taken_apart() -> None:
    def stap(*units: bytes) -> bytes:
        return b"\x78" + b"".join(len(unit).to_bytes(2) + unit for unit in units)

    camera = Camera(H264).send(0, stap(SPS, PPS, IDR1), marker=True).send(3000, P1)
    assert camera.units() == [[SPS, PPS, IDR1]]
    assert camera.samples[0].is_keyframe
    torn = Camera(H264).send(0, stap(SPS, PPS)[:-1], IDR1, marker=True).send(3000, stap(), P1).send(6000, P1)
    assert torn.units() == [[SPS, IDR1], [P1]], "what is cut off is left out"


def test_h265_aggregation_packets_are_taken_apart() -> None:
    vps, sps, pps, idr = (
        bytes((kind << 1, 1)) + b"\x80" + name
        for kind, name in [(32, b"vps"), (33, b"sps"), (34, b"pps"), (19, b"idr")]
    )
    packet = bytes((48 << 1, 1)) + b"".join(len(u).to_bytes(2) + u for u in (vps, sps, pps, idr))
    camera = Camera(Format("h265", 96, 90_000, "")).send(0, packet, marker=True).send(3000, idr)
    assert camera.units() == [[vps, sps, pps, idr]]
    assert camera.samples[0].is_keyframe


RECOVERY = b"\x06\x06\x01\xc4\x80"


@pytest.mark.parametrize("sei", [RECOVERY, b"\x06\x01\x02ab\x06\x01\xc4\x80"], ids=["alone", "second"])
def test_an_intra_picture_with_a_recovery_point_is_a_keyframe(sei: bytes) -> None:
    camera = Camera(H264).send(0, sei, P1, marker=True).send(3000, P1, marker=True).send(6000, P1)
    assert [sample.is_keyframe for sample in camera.samples] == [True, False]


def test_a_keyframe_of_which_only_parameter_sets_arrived_is_no_picture() -> None:
    camera = Camera(H264).send(0, IDR1, marker=True).send(3000, P1, marker=True)
    first, *rest = fragments(IDR1)
    camera.send(6000, SPS, PPS, first)
    camera.sequence += 1  # lost
    camera.send(6000, *rest[1:], marker=True).send(9000, P1, marker=True)
    assert [sample.is_keyframe for sample in camera.samples] == [True, False, False]
    assert [sample.time for sample in camera.samples] == [0, 3000, 9000]
    assert camera.units()[-1] == [SPS, PPS, P1], "the sets are kept for what follows"


def test_a_recovery_point_whose_picture_was_lost_makes_no_keyframe_of_the_next() -> None:
    camera = Camera(H264).send(0, IDR1, marker=True).send(3000, RECOVERY)
    camera.sequence += 1  # the picture
    camera.send(6000, P1, marker=True).send(9000, P1, marker=True)
    assert [sample.is_keyframe for sample in camera.samples] == [True, False, False]


def test_aac_units_in_one_packet_are_given_one_by_one() -> None:
    aac = Format("aac", 97, 16_000, "", (b"\x14\x08",))
    units = [b"one", b"second", b"3"]
    headers = b"".join((len(unit) << 3).to_bytes(2) for unit in units)
    camera = Camera(aac).send(5000, struct.pack(">H", 8 * len(headers)) + headers + b"".join(units))
    assert data_of(camera.samples) == units
    assert [sample.time for sample in camera.samples] == [0, 1024, 2048]


def test_an_aac_unit_in_several_packets_is_put_together_and_left_out_when_one_is_lost() -> None:
    aac = Format("aac", 97, 16_000, "", (b"\x14\x08",))
    head = struct.pack(">HH", 16, 10 << 3)
    camera = Camera(aac).send(0, head + b"0123", head + b"456789")
    camera.send(1024, head + b"abcd")
    camera.sequence += 1
    camera.send(2048, head + b"0123", head + b"456789")
    assert data_of(camera.samples) == [b"0123456789"] * 2
    assert [sample.time for sample in camera.samples] == [0, 2048]


@pytest.mark.parametrize("bits", [(0, 3), (13, 3), (16, 16), (1, 0)])
@given(payload=st.binary(min_size=1, max_size=600))
def test_aac_of_any_bytes_gives_no_empty_piece(bits: tuple[int, int], payload: bytes) -> None:
    aac = Format("aac", 97, 16_000, "", (), 1, *bits)
    for sample in Camera(aac).send(0, payload, payload).samples:
        assert sample.data


# --- hostile bytes -----------------------------------------------------------------------------------


FORMATS = [
    Format("h264", 96, 90_000, ""),
    Format("h265", 96, 90_000, ""),
    Format("aac", 96, 16_000, ""),
    Format("pcm_alaw", 96, 8_000, ""),
]
PACKETS = st.lists(
    st.tuples(st.integers(0, 255), st.sampled_from([96, 224, 8]), st.integers(0, 5), st.binary(max_size=40)),
    max_size=30,
)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda f: f.codec)
@given(raw=PACKETS)
def test_packets_of_any_bytes_are_taken_or_left(
    format_: Format, raw: list[tuple[int, int, int, bytes]]
) -> None:
    packets = [
        struct.pack(">BBHII", first, second, number, time, 1) + payload
        for number, (first, second, time, payload) in enumerate(raw)
    ]
    given_ = Sink(format_).take(packets)
    for sample in given_.samples:
        assert sample.data
        assert len(sample.data) <= 8 * sum(map(len, packets))
    # The same inside the RTSP connection, behind one another in one buffer.
    assert Sink(format_).take_interleaved(interleaved(packets)).samples == given_.samples


def _endless(unit_head: bytes) -> Iterator[bytes]:
    yield unit_head
    while True:
        yield b"\x7c\x05" + bytes(1400)


@pytest.mark.parametrize(
    "parts", [_endless(b"\x7c\x85\x88"), iter(lambda: SPS + bytes(1400), None)], ids=["fragment", "sets"]
)
def test_a_picture_that_never_ends_is_an_error_and_not_the_end_of_memory(parts: Iterator[bytes]) -> None:
    camera = Camera(H264)
    with pytest.raises(Malformed, match="does not end"):
        for part in parts:
            camera.send(0, part)
            camera.sink.track.check()
    assert camera.sequence * 1400 < payloads.MAX_PICTURE_BYTES * 1.1


def test_a_large_keyframe_is_no_error() -> None:
    camera = Camera(H264)
    for part in fragments(b"\x65\x88" + bytes(4_000_000), size=1400):
        camera.send(0, part)
        camera.sink.track.check()
    camera.send(3000, P1)
    assert len(camera.samples[0].data) > 4_000_000
