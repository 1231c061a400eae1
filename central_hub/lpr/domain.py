"""The rules about plates: their normal form, search patterns, and which reads can be stored."""

import re
from dataclasses import dataclass
from datetime import datetime

from central_hub.kernel import InvalidInput
from protocol.messages import PlateRead

_IGNORED = re.compile(r"[\s\-.·]+")
_PLATE = re.compile(r"^[A-Z0-9]{1,16}$")
_PATTERN = re.compile(r"^[A-Z0-9?*]{1,32}$")

#: Larger numbers are no lane of any road, and would not fit the column.
MAX_LANE = 99


class UnusableRead(ValueError):
    """A read that the hub cannot store; the text says why."""


def normalise_plate(text: str) -> str:
    """`abc-1d23` and `ABC 1D23` are one plate. Raises UnusableRead if nothing or other signs remain."""
    plate = _IGNORED.sub("", text).upper()
    if not _PLATE.match(plate):
        raise UnusableRead(f"{text!r} is not a plate")
    return plate


def check_read(read: PlateRead) -> None:
    """Refuse what no column can hold. Raises UnusableRead."""
    if read.lane is not None and not 0 <= read.lane <= MAX_LANE:
        raise UnusableRead(f"lane {read.lane} is not between 0 and {MAX_LANE}")
    if read.image is not None and read.image.size_bytes >= 2**31:
        raise UnusableRead("the image is larger than 2 GiB")


@dataclass(frozen=True)
class PlatePattern:
    """A plate to search: exact, or with `?` for one character and `*` for any number of them."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "PlatePattern | None":
        """None for an empty search. Raises InvalidInput, in Portuguese."""
        pattern = _IGNORED.sub("", text).upper()
        if not pattern:
            return None
        if not _PATTERN.match(pattern):
            raise InvalidInput.in_field(
                "plate", "Use letras, números, ? (um caractere) e * (qualquer sequência)."
            )
        return cls(re.sub(r"\*+", "*", pattern))

    @property
    def exact(self) -> bool:
        return "?" not in self.text and "*" not in self.text

    @property
    def like(self) -> str:
        """The pattern of SQL's LIKE; there is nothing to escape in letters and digits."""
        return self.text.replace("?", "_").replace("*", "%")

    def matches(self, plate: str) -> bool:
        expression = self.text.replace("?", ".").replace("*", ".*")
        return re.fullmatch(expression, plate) is not None


def image_key(city_code: str, read_id: int, captured_at: datetime) -> str:
    """Where the evidence image lies in the object store. The id is the hub's: a box cannot choose the key."""
    return f"{city_code}/plates/{captured_at:%Y/%m/%d}/{read_id}.jpg"
