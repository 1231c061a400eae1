"""Is a picture what it says it is? Checked before it is kept: it may be shown in court, and in browsers."""

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from edge_agent.lpr.domain import MalformedPush

#: 8K and a bit; a decoder would need 300 MB for it, so nothing larger is let near one.
MAX_PIXELS = 100_000_000
#: Some cameras pad the end.
_TAIL_BYTES = 64
_START, _END = b"\xff\xd8\xff", b"\xff\xd9"


def best(pictures: Iterable[bytes | None]) -> bytes | None:
    """The first that is a whole JPEG; else the first that was sent, which `check` then refuses."""
    sent = None
    for picture in pictures:
        if picture and _is_whole(picture):
            return picture
        sent = sent or picture
    return sent


def _is_whole(data: bytes) -> bool:
    try:
        check(data)
    except MalformedPush:
        return False
    return True


def check(data: bytes) -> None:
    """Refuse what is no whole JPEG of a sensible size (ITU-T T.81: SOI, frame header, EOI).

    The header alone is read, never the pixels. Raises MalformedPush.
    """
    if not data.startswith(_START) or _END not in data[-_TAIL_BYTES:]:
        raise MalformedPush("picture: not a JPEG, or not the whole of one")
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise MalformedPush("picture: its JPEG header cannot be read") from None
    if not 0 < width * height <= MAX_PIXELS:
        raise MalformedPush(f"picture: {width}x{height} pixels")
