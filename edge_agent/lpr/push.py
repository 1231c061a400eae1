"""One push as the adapters see it: its bytes taken apart, whatever the device calls them.

Bodies are parsed here once and with limits; adapters only look up what they need.
"""

import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property, lru_cache
from typing import Any

import msgspec
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from edge_agent.lpr.domain import MalformedPush
from protocol.messages import LprSource

#: A scene, a vehicle, a plate, the text, and as much again that a firmware thinks of.
MAX_PARTS = 16
#: Values of a JSON, elements of an XML. The longest of a vendor has some hundreds (candidates with their
#: corners); without a bound, 16 MB of `[],` or `<a>` would keep the port for half a minute and take 1.7 GB.
MAX_VALUES = 50_000
MAX_ELEMENTS = 5_000
#: What firmwares put around a text: a byte order mark, a buffer's end, lines of their own.
NOT_TEXT = "\ufeff\0 \t\r\n"
_JPEG_START = b"\xff\xd8\xff"
#: What a text may declare to be written in; some of Python's other codecs take minutes for a megabyte.
CHARSETS = {"utf-8", "utf-16", "gb2312", "gbk", "gb18030", "iso-8859-1", "windows-1252"}


@dataclass(frozen=True)
class Push:
    """A push that is known to come from a camera; `zone` is where its times without offset are meant."""

    body: bytes
    content_type: str = ""
    zone: tzinfo = UTC
    source: LprSource = field(default_factory=LprSource)

    @cached_property
    def digest(self) -> str:
        """The identity of a push whose device gives it none: a repeat has the same bytes."""
        return hashlib.sha256(self.body).hexdigest()[:32]

    @cached_property
    def parts(self) -> Mapping[str, bytes]:
        """The parts of a multipart body by name, in order; of any other body one part without name.

        Raises MalformedPush.
        """
        kind, options = _options(self.content_type)
        if not kind.startswith(b"multipart/"):
            return {"": self.body}
        return _multipart(self.body, options.get(b"boundary", b""))

    @cached_property
    def pictures(self) -> dict[str, bytes]:
        """Parts that look like JPEGs, by name."""
        return {name: data for name, data in self.parts.items() if data.startswith(_JPEG_START)}

    @property
    def largest_pictures(self) -> list[bytes]:
        """The largest first: it shows the most."""
        return sorted(self.pictures.values(), key=len, reverse=True)

    def named(self, name: str) -> bytes | None:
        """The part of this name, whatever the case and the path before it."""
        for given, data in self.parts.items():
            if given.lower().rpartition("/")[2] == name.lower():
                return data
        return None

    def json(self, *names: str) -> dict[str, Any]:
        """The one JSON object of the push: the part of one of these names, or the first that is one.

        Raises MalformedPush.
        """
        return _only(self.json_objects(*names))

    def json_objects(self, *names: str) -> list[dict[str, Any]]:
        """As `json`, of a device that sends several in a list. Raises MalformedPush."""
        named = [data for name in names if (data := self.named(name)) is not None]
        texts = named[:1] or [data for data in self.parts.values() if data.lstrip()[:1] in (b"{", b"[")]
        if not texts:
            raise MalformedPush("no JSON in the push")
        return list(itertools.chain.from_iterable(map(json_objects, texts)))


def json_object(text: bytes) -> dict[str, Any]:
    """Raises MalformedPush, also for more than one: what is not read must not be answered as if it were."""
    return _only(json_objects(text))


def _only(objects: list[dict[str, Any]]) -> dict[str, Any]:
    if len(objects) > 1:
        raise MalformedPush(f"JSON: a list of {len(objects)}; this device's pushes are taken one by one")
    return objects[0]


def json_objects(text: bytes) -> list[dict[str, Any]]:
    """An object, or a list of them. Raises MalformedPush."""
    if sum(map(text.count, (b",", b"[", b"{"))) > MAX_VALUES:  # pictures in base64 have none of these
        raise MalformedPush(f"JSON: more than {MAX_VALUES} values")
    try:
        decoded = _decoded(as_text(text).strip(NOT_TEXT))
    except (msgspec.DecodeError, RecursionError) as error:
        raise MalformedPush(f"JSON: {error}") from None
    objects = decoded if isinstance(decoded, list) else [decoded]
    other = next((one for one in objects if not isinstance(one, dict)), None)
    if not objects or other is not None:
        raise MalformedPush(
            f"JSON: {'an empty list' if not objects else type(other).__name__}, not an object"
        )
    return objects


def _decoded(text: str) -> Any:
    """As msgspec, and what only Python's own parser takes: half a surrogate pair, in a field nobody needs.

    Raises msgspec.DecodeError, RecursionError.
    """
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        try:
            return json.loads(text)
        except ValueError:
            pass
        raise


def as_text(text: bytes, declared: str = "utf-8") -> str:
    """A text in whatever its firmware writes: what it declares, UTF-8, Chinese (GB 2312), or Latin-1.

    The plate is ASCII in all of them: at worst a vendor's word for a colour is spelt wrong.
    """
    for charset in (declared if declared in CHARSETS else "utf-8", "utf-8", "gb2312"):
        try:
            return text.decode(charset)
        except UnicodeDecodeError:
            continue
    return text.decode("latin-1")


@lru_cache(maxsize=256)
def _options(header: str | bytes) -> tuple[bytes, Mapping[bytes, bytes]]:
    """A header's value and its parameters; a camera's are the same in each push."""
    return parse_options_header(header)


def _multipart(body: bytes, boundary: bytes) -> dict[str, bytes]:
    """RFC 7578, by a parser that never leaves the memory the body is in already."""
    if not boundary:
        raise MalformedPush("multipart: no boundary in Content-Type")
    reader = _PartReader()
    parser = MultipartParser(boundary, reader.callbacks())
    try:
        parser.write(body)
        parser.finalize()
    except (MultipartParseError, ValueError) as error:
        raise MalformedPush(f"multipart: {error}") from None
    reader.finish()
    if not reader.parts:
        raise MalformedPush("multipart: no part")
    return reader.parts


class _PartReader:
    """Collects what the parser finds."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self._field = b""
        self._value = b""
        self._disposition = b""
        self._data: list[bytes] = []
        self._open = False

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._header_end,
            "on_part_data": lambda data, start, end: self._data.append(data[start:end]),
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise MalformedPush(f"multipart: more than {MAX_PARTS} parts")
        self._field = self._value = self._disposition = b""
        self._data = []
        self._open = True

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def finish(self) -> None:
        """Some firmwares leave out the last boundary: their last part ends with the body."""
        if self._open and self._disposition:
            self._end()

    def _end(self) -> None:
        self._open = False
        _, options = _options(self._disposition)
        name = _part_name(options.get(b"name", b""), options.get(b"filename", b""))
        while name in self.parts:  # two parts of one name are two parts
            name += "+"
        self.parts[name] = b"".join(self._data)


def _part_name(name: bytes, filename: bytes) -> str:
    """What a part is: firmwares say it in the field's name, the file's name, or both."""
    telling = name.lower().endswith((b".jpg", b".jpeg", b".xml", b".json"))
    return (name if telling or not filename else filename).decode("utf-8", "replace")
