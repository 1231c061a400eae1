"""RTSP requests and answers as they travel (RFC 2326, 6 and 7), without I/O."""

from dataclasses import dataclass

from edge_agent.rtsp.errors import Malformed

#: A longer head, or a longer body, is not an answer to what we ask.
MAX_HEAD_BYTES = 16_384
MAX_BODY_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Message:
    """An answer, or what a camera asks of us (status 0, and a method). Header names are in lower case."""

    status: int
    headers: dict[str, list[str]]
    body: bytes
    method: str = ""

    def header(self, name: str) -> str:
        """The first header of this name, or an empty text."""
        return next(iter(self.headers.get(name, ())), "")

    @property
    def sequence(self) -> int:
        return _number(self.header("cseq"))


def request(method: str, uri: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {uri} RTSP/1.0", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def answer(status: int, reason: str, headers: dict[str, str]) -> bytes:
    """What a camera is told that asks something of us."""
    lines = [f"RTSP/1.0 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def parse(data: bytes) -> tuple[Message, int] | None:
    """The message that `data` begins with, and its length in bytes; None while it is not whole.

    Raises Malformed.
    """
    end = data.find(b"\r\n\r\n", 0, MAX_HEAD_BYTES)
    if end < 0:
        if len(data) >= MAX_HEAD_BYTES or not _may_be_text(data):
            raise Malformed("neither an answer nor a packet")
        return None
    status, method, headers = _head(data[:end])
    length = _content_length(headers)
    whole = end + 4 + length
    return (Message(status, headers, data[end + 4 : whole], method), whole) if len(data) >= whole else None


def _may_be_text(data: bytes) -> bool:
    """A head begins with a method (GET_PARAMETER, for one) or the protocol's name."""
    return data[:4].replace(b"_", b"").isalpha()


def _head(head: bytes) -> tuple[int, str, dict[str, list[str]]]:
    """Status, method, and headers."""
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    words = first.split(" ", 2)
    if words[0].startswith("RTSP/") and len(words) > 1 and _number(words[1]) >= 0:
        status, method = _number(words[1]), ""
    elif words[-1].startswith("RTSP/"):
        status, method = 0, words[0]
    else:
        raise Malformed("neither an answer nor a packet")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return status, method, headers


def _content_length(headers: dict[str, list[str]]) -> int:
    length = _number(headers.get("content-length", ["0"])[0])
    if not 0 <= length <= MAX_BODY_BYTES:
        raise Malformed("an answer of impossible length")
    return length


def _number(text: str) -> int:
    """-1 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
