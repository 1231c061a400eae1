"""RTP packets are taken in order, counted when missing, and timed without end."""

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.rtsp.payloads import payloads_of
from edge_agent.rtsp.rtp import REORDER, Reorder, RtpTrack, receiver_report
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format

PCMA = Format("pcm_alaw", 8, 8_000, "")


def packet(
    sequence: int,
    time: int = 0,
    payload: bytes = b"sound",
    *,
    kind: int = 8,
    ssrc: int = 5,
    first: int = 0x80,
    extra: bytes = b"",
) -> bytes:
    head = struct.pack(">BBHII", first, kind, sequence & 0xFFFF, time & 0xFFFFFFFF, ssrc)
    return head + extra + payload


class Heard:
    """A track and what it gave."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.track = RtpTrack(8, payloads_of(PCMA, self.samples.append))

    def take(self, *packets: bytes) -> "Heard":
        for data in packets:
            self.track.take(memoryview(data), 0, len(data))
        return self

    @property
    def payloads(self) -> list[bytes]:
        return [sample.data for sample in self.samples]


def test_padding_extension_and_contributing_sources_are_no_payload() -> None:
    extension = struct.pack(">HH", 0xBEDE, 2) + bytes(8)
    heard = Heard().take(
        packet(0, payload=b"padded\0\0\3", first=0xA0),
        packet(1, payload=b"extended", first=0x90, extra=extension),
        packet(2, payload=b"mixed", first=0x82, extra=bytes(8)),
        packet(3, payload=b"all\0\2", first=0xB1, extra=bytes(4) + extension),
    )
    assert heard.payloads == [b"padded", b"extended", b"mixed", b"all"]
    assert heard.track.lost == 0


def test_what_has_no_payload_keeps_its_number() -> None:
    """Some cameras keep a path open with empty packets, or send comfort noise between words."""
    heard = Heard().take(
        packet(0),
        packet(1, payload=b""),
        packet(2, payload=b"\0\0\3", first=0xA0),
        packet(3, kind=13),
        packet(4),
    )
    assert len(heard.payloads) == 2
    assert heard.track.lost == 0


def test_what_is_not_this_track_is_left_out() -> None:
    heard = Heard().take(packet(0), packet(900, kind=96, ssrc=6), packet(1, first=0x40), b"short", packet(1))
    assert len(heard.payloads) == 2
    assert heard.track.lost == 0


@given(start=st.integers(0, 65535), gaps=st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_missing_packets_are_counted_over_the_wrap_of_the_number(start: int, gaps: list[int]) -> None:
    heard = Heard().take(packet(start))
    numbers = itertools.accumulate((gap + 1 for gap in gaps), initial=start)
    heard.take(*(packet(number) for number in list(numbers)[1:]))
    assert heard.track.lost == sum(gaps)
    assert len(heard.payloads) == 1 + len(gaps)


def test_a_camera_that_numbers_anew_has_lost_nothing() -> None:
    heard = Heard().take(
        packet(60_000), packet(60_001), packet(20), packet(21), packet(700, ssrc=9), packet(701, ssrc=9)
    )
    assert heard.track.lost == 0
    assert len(heard.payloads) == 6


@given(
    start=st.integers(0, 2**32 - 1),
    steps=st.lists(st.integers(-(2**20), 2**30), min_size=1, max_size=50),
)
def test_time_goes_on_over_the_wrap_of_32_bits(start: int, steps: list[int]) -> None:
    times = list(itertools.accumulate(steps, initial=0))
    heard = Heard().take(*(packet(n, start + time) for n, time in enumerate(times)))
    assert [sample.time for sample in heard.samples] == times


@given(order=st.permutations(range(REORDER)), start=st.integers(0, 65535), twice=st.sets(st.integers(0, 30)))
def test_packets_that_overtook_each_other_come_in_order_once(
    order: list[int], start: int, twice: set[int]
) -> None:
    reorder = Reorder(8)
    came = list(reorder.put(packet(start - 1)))
    for number in order:
        for _ in range(1 + (number in twice)):
            came += reorder.put(packet(start + number))
    assert [int.from_bytes(data[2:4]) for data in came] == [
        number & 0xFFFF for number in range(start - 1, start + REORDER)
    ]


@given(lost=st.sets(st.integers(1, 150), max_size=60))
def test_lost_datagrams_hold_up_what_follows_for_a_moment_only(lost: set[int]) -> None:
    reorder = Reorder(8)
    came = [data for number in range(300) if number not in lost for data in reorder.put(packet(number))]
    assert [int.from_bytes(data[2:4]) for data in came] == [n for n in range(300) if n not in lost]


def test_a_camera_that_begins_anew_by_udp_is_heard_at_once() -> None:
    reorder = Reorder(8)
    assert len(list(reorder.put(packet(1000)))) == 1
    assert list(reorder.put(packet(999))) == [], "too late"
    assert len(list(reorder.put(packet(500, ssrc=6)))) == 1
    assert len(list(reorder.put(packet(501, ssrc=6)))) == 1


@given(data=st.lists(st.binary(max_size=30), max_size=80))
def test_datagrams_of_any_bytes_are_given_once_or_left(data: list[bytes]) -> None:
    reorder, came = Reorder(8), []
    for raw in data:
        came += reorder.put(raw)
    assert len(came) <= len(data)
    assert all(raw in data for raw in came)


def test_a_stranger_on_our_port_does_not_confuse_the_order() -> None:
    reorder = Reorder(8)
    strangers = [b"\0\1\0\0" + bytes(20), packet(30_000, kind=96, ssrc=66), b"\x80\xc8" + bytes(26)]
    came = [
        data for one in [packet(1), *strangers, packet(2), *strangers, packet(3)] for data in reorder.put(one)
    ]
    assert [int.from_bytes(data[2:4]) for data in came] == [1, 2, 3]


def test_a_packet_that_came_twice_inside_the_connection_is_taken_once() -> None:
    heard = Heard().take(packet(0), packet(1), packet(1), packet(0), packet(2))
    assert len(heard.payloads) == 3
    assert heard.track.lost == 0


def test_the_report_is_well_formed_rtcp() -> None:
    data, at, kinds = receiver_report(0x01020304), 0, []
    while at < len(data):
        version, kind, words, ssrc = struct.unpack_from(">BBHI", data, at)
        assert (version >> 6, ssrc) == (2, 0x01020304)
        kinds.append(kind)
        at += 4 * (words + 1)
    assert at == len(data)
    assert kinds == [201, 202]


@pytest.mark.parametrize("length", range(16))
def test_a_frame_shorter_than_a_header_is_left_out(length: int) -> None:
    heard = Heard()
    frames = b"".join(
        struct.pack(">BBH", 0x24, 0, len(data)) + data for data in (packet(0), bytes(length), packet(1))
    )
    at = 0
    while at < len(frames):
        at = heard.track.take_run(memoryview(frames), at, len(frames))
    assert len(heard.payloads) == 2
