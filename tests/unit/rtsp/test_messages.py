"""RTSP's text is understood wherever it is cut, and what is no RTSP is said to be none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.rtsp.errors import Malformed
from edge_agent.rtsp.messages import MAX_BODY_BYTES, MAX_HEAD_BYTES, Message, parse, request

BODY = b"v=0\r\n\r\nm=video 0 RTP/AVP 96\r\n"
ANSWER = (
    b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Base: rtsp://cam/1/\r\n"
    b'WWW-Authenticate: Digest realm="a"\r\nwww-authenticate: Basic realm="b"\r\n'
    b"Content-Length: %d\r\n\r\n" % len(BODY)
) + BODY


def parsed(data: bytes) -> tuple[Message, int]:
    found = parse(data)
    assert found is not None
    return found


def test_an_answer_is_read_to_its_end_and_no_further() -> None:
    message, length = parsed(ANSWER + b"$\0\0\4next")
    assert length == len(ANSWER)
    assert (message.status, message.sequence, message.body) == (200, 3, BODY)
    assert message.header("content-base") == "rtsp://cam/1/"
    assert message.headers["www-authenticate"] == ['Digest realm="a"', 'Basic realm="b"']
    assert message.header("session") == ""


@pytest.mark.parametrize("at", range(4, len(ANSWER)))
def test_an_answer_that_is_cut_is_waited_for(at: int) -> None:
    assert parse(ANSWER[:at]) is None


@pytest.mark.parametrize("method", ["GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE", "OPTIONS"])
def test_what_a_camera_asks_is_told_from_an_answer(method: str) -> None:
    asked = request(method, "rtsp://box/", {"CSeq": "9"})
    message, length = parsed(asked)
    assert (message.status, length) == (0, len(asked))
    assert parse(asked[:-3]) is None, "and it is waited for"


@pytest.mark.parametrize("sequence", ["", "x", "-1", "9" * 5000, "٣"])
def test_an_answer_without_a_number_that_is_one_has_none(sequence: str) -> None:
    message, _ = parsed(f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n\r\n".encode())
    assert message.sequence == -1
    assert parsed(b"RTSP/1.0 404 Not Found\r\n\r\n")[0].sequence == -1


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "-1", "1e3", "9" * 5000, "0x10", ""])
def test_a_length_that_cannot_be_is_an_error(length: str) -> None:
    with pytest.raises(Malformed):
        parse(f"RTSP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())


@pytest.mark.parametrize(
    "garbage",
    [
        b"\0\1\2\3",
        b"HTTP",
        b"RTSP/1.0 ok\r\n\r\n",
        b"RTSP/1.0 %s x\r\n\r\n" % (b"2" * 5000),
        b"hello\r\n\r\n",
        b"\xff" * 50,
    ],
    ids=["binary", "http", "no status", "giant status", "words", "high"],
)
def test_garbage_is_an_error(garbage: bytes) -> None:
    with pytest.raises(Malformed):
        while True:
            if parse(garbage) is not None:
                pytest.fail("understood")
            garbage += b"more of it\r\n\r\n"


def test_a_head_that_does_not_end_is_an_error() -> None:
    with pytest.raises(Malformed):
        parse(b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * MAX_HEAD_BYTES)
    with pytest.raises(Malformed):
        parse(b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * MAX_HEAD_BYTES + b"\r\n")


@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_message_a_part_of_one_or_an_error(data: bytes) -> None:
    for prefix in (b"", b"RTSP/1.0 200 OK\r\n"):
        try:
            found = parse(prefix + data)
        except Malformed:
            continue
        if found is not None:
            assert 0 < found[1] <= len(prefix + data)
