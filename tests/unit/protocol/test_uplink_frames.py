"""Uplink frames cross the WebSocket whole, and anything else is an InvalidFrame."""

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.uplink import (
    CHUNK_BYTES,
    MAX_FRAME_BYTES,
    MAX_MEDIA_BYTES,
    Chunk,
    FromBox,
    FromRelay,
    GetLive,
    GetMedia,
    GetPlaylist,
    Head,
    InvalidFrame,
    InvalidRange,
    Packet,
    Stop,
    Watch,
    decode_from_box,
    decode_from_relay,
    encode,
    parse_range,
)

from_relay: list[FromRelay] = [
    GetPlaylist(1),
    GetMedia(2, 1_795_532_400_250_000, 0, MAX_MEDIA_BYTES),
    GetLive(3, "sub/index.m3u8", "session=1", "bytes=0-9"),
    Watch(4, "main"),
    Stop(4),
]
from_box: list[FromBox] = [
    Head(1, 200, "application/vnd.apple.mpegurl"),
    Head(2, 404, detail="Não há gravação."),
    Chunk(1, b"\x00\xff" * 100, last=True),
    Chunk(1, b""),
    Packet(4, b"\0\0\0\1", 40_000, "h264", keyframe=True, last=False),
]
BAD_UTF8 = b"\x83\xa4type\xa4head\xa7request\x01\xa6detail\xa1\xff"


@pytest.mark.parametrize("frame", from_relay)
def test_a_request_arrives_as_it_was_sent(frame: FromRelay) -> None:
    assert decode_from_relay(encode(frame)) == frame


@pytest.mark.parametrize("frame", from_box)
def test_an_answer_arrives_as_it_was_sent(frame: FromBox) -> None:
    assert decode_from_box(encode(frame)) == frame


def test_a_full_chunk_fits_into_a_frame() -> None:
    full = b"x" * CHUNK_BYTES
    for frame in (Chunk(2**63, full), Packet(2**63, full, 2**63, "pcm_mulaw", True, True, last=False)):
        assert len(encode(frame)) <= MAX_FRAME_BYTES


@pytest.mark.parametrize("frame", from_relay)
def test_a_box_cannot_send_a_request(frame: FromRelay) -> None:
    with pytest.raises(InvalidFrame):
        decode_from_box(encode(frame))


@pytest.mark.parametrize("frame", from_box)
def test_the_relay_cannot_send_an_answer(frame: FromBox) -> None:
    with pytest.raises(InvalidFrame):
        decode_from_relay(encode(frame))


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "get-media", "request": 1, "segment": 1, "offset": -1, "length": 1},
        {"type": "get-media", "request": 1, "segment": 1, "offset": 0, "length": 0},
        {"type": "get-media", "request": 1, "segment": 1, "offset": 0, "length": MAX_MEDIA_BYTES + 1},
        {"type": "get-media", "request": 1, "segment": "../../etc/passwd", "offset": 0, "length": 1},
        {"type": "get-live", "request": 1, "file": "x" * 201},
        {"type": "watch", "request": 1, "quality": "both"},
        {"type": "delete-everything", "request": 1},
        {"request": 1},
    ],
)
def test_a_request_out_of_bounds_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidFrame):
        decode_from_relay(msgspec.msgpack.encode(fields))


@given(st.binary(max_size=100))
@example(BAD_UTF8)
@example(b"\x81\xa1x" + b"\x91" * 100_000)
def test_arbitrary_bytes_are_a_frame_or_invalid_and_never_a_crash(data: bytes) -> None:
    for decode in (decode_from_box, decode_from_relay):
        try:
            decode(data)
        except InvalidFrame as error:
            assert str(error)


@given(st.integers(0, 10**17), st.integers(1, MAX_MEDIA_BYTES))
def test_a_closed_range_becomes_offset_and_length(first: int, length: int) -> None:
    assert parse_range(f"bytes={first}-{first + length - 1}") == (first, length)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=0-",
        "bytes=-500",
        "bytes=5-4",
        "bytes=0-1,5-6",
        "items=0-1",
        "bytes=a-b",
        "bytes=0-1\n",
        "bytes=٠-١",  # Arabic digits are digits to Python, not to HTTP
        f"bytes=0-{MAX_MEDIA_BYTES}",
        f"bytes=0-{'9' * 5000}",
    ],
)
def test_a_range_that_is_open_empty_or_too_large_is_refused(header: str) -> None:
    with pytest.raises(InvalidRange):
        parse_range(header)
