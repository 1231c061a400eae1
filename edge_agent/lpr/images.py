"""The pictures of plate reads as files: one JPEG, or those of one commit end to end in a pack.

A place is what the read's row keeps: `2026/11/24/<id>.jpg`, or `2026/11/24/<id>.jpgs#<offset>+<length>`.
Under load a commit's pictures share one file because they share its sync: fifty files would
cost fifty (docs/adr/0022). In a city's everyday traffic a picture is a file of its own.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

_PACK = ".jpgs"


def write(root: Path, name: str, day: datetime, pictures: Sequence[bytes]) -> list[str]:
    """Make pictures durable below `root`; returns their places. Raises OSError."""
    file = f"{day:%Y/%m/%d}/{name}{'.jpg' if len(pictures) == 1 else _PACK}"
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    with (root / file).open("xb") as handle:
        handle.writelines(pictures)
        handle.flush()
        os.fsync(handle.fileno())
    if len(pictures) == 1:
        return [file]
    places, offset = [], 0
    for picture in pictures:
        places.append(f"{file}#{offset}+{len(picture)}")
        offset += len(picture)
    return places


def read(root: Path, place: str) -> bytes:
    """The JPEG at a place. Raises OSError."""
    file, _, part = place.partition("#")
    with (root / file).open("rb") as handle:
        if not part:
            return handle.read()
        offset, _, length = part.partition("+")
        handle.seek(int(offset))
        return handle.read(int(length))


def destroy(root: Path, place: str) -> None:
    """Make the picture at a place unreadable, durably: in a pack its bytes become zeros. Raises OSError.

    Not more can be promised: a file system or a solid-state disk may keep old blocks until it reuses them.
    """
    file, _, part = place.partition("#")
    if not part:
        (root / file).unlink(missing_ok=True)
        return
    offset, _, length = part.partition("+")
    with (root / file).open("r+b") as handle:
        handle.seek(int(offset))
        handle.write(bytes(int(length)))
        handle.flush()
        os.fsync(handle.fileno())


def file_of(place: str) -> str:
    return place.partition("#")[0]


def is_pack(file: str) -> bool:
    return file.endswith(_PACK)
