"""How a plate is searched: which condition on the city's dictionary of plates finds it.

What a pattern means is said in `protocol.plates`, for box and hub alike: both spellings of a
Brazilian plate and, tolerantly, what a camera may have misread. The dictionary (models.Plate)
holds each plate beside its fold, the same for all plates that OCR confuses. No I/O here.

The dictionary has three indexes, and each search is made for one of them:

    by plate    (city, plate)     exact plates, and patterns that begin with known characters
    by folded   (city, folded)    the same, tolerantly
    by tokens   GIN on the tokens of `folded`: all other patterns

A token is one character and its place from the start (`^1A`) or from the end (`$1A`), or two
neighbours wherever they are (`AB`). The SQL function `plate_tokens` makes the same tokens.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from central_hub.kernel import InvalidInput
from protocol import plates
from protocol.plates import fold

#: Known characters at the beginning from which on the btree indexes are quicker than tokens.
PREFIX = 2

#: More stars than this say nothing that fewer don't.
MAX_STARS = 3


@dataclass(frozen=True)
class PlatePattern:
    """A plate to search: `?` stands for one character and `*` for any number of them.

    `similar`: also what a camera may have taken for it.
    """

    text: str
    similar: bool = False

    @classmethod
    def parse(cls, text: str, *, similar: bool = False, field: str = "plate") -> "PlatePattern | None":
        """None for a search that any plate fits. Raises InvalidInput, in Portuguese."""
        if not text.strip(" -.*"):
            return None
        try:
            pattern = plates.parse_pattern(text)
        except plates.InvalidPattern:
            raise InvalidInput.in_field(
                field, "Use letras, números, ? (um caractere) e * (qualquer sequência)."
            ) from None
        if pattern.count("*") > MAX_STARS:
            raise InvalidInput.in_field(field, f"Use no máximo {MAX_STARS} vezes o *.")
        return cls(pattern, similar)

    @property
    def variants(self) -> list[str]:
        """What plates, or with `similar` their folds, may look like."""
        meant = plates.variants(self.text, tolerant=self.similar)
        return list(dict.fromkeys(map(fold, meant))) if self.similar else meant

    def matches(self, plate: str) -> bool:
        return plates.matches(self.text, plate, tolerant=self.similar)


def is_exact(pattern: str) -> bool:
    return plates.is_exact(pattern)


def prefix(pattern: str) -> str:
    """The known characters at the beginning."""
    return re.split(r"[?*]", pattern, maxsplit=1)[0]


def to_like(pattern: str) -> str:
    """The pattern of SQL's LIKE; there is nothing to escape in letters and digits."""
    return pattern.replace("?", "_").replace("*", "%")


def tokens(pattern: str) -> list[str]:
    """What the tokens of every fold that fits this folded pattern include; none if it says too little."""
    head, *rest = pattern.split("*")
    tail = rest[-1] if rest else head
    found = [f"^{place}{character}" for place, character in enumerate(head, start=1)]
    found += [f"${place}{character}" for place, character in enumerate(reversed(tail), start=1)]
    found += [first + second for first, second in pairwise(pattern)]
    return sorted({token for token in found if not set("?*") & set(token)})
