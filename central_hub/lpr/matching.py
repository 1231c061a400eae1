"""How a plate is searched: which condition on the city's dictionary of plates finds it.

What a pattern means is said in `protocol.plates`, for box and hub alike: both spellings of a
Brazilian plate and, tolerantly, what a camera may have misread. The dictionary (models.Plate)
holds each plate beside its fold, the same for all plates that OCR confuses. No I/O here.

The dictionary has three indexes, and each search is made for one of them:

    by plate    (city, plate)     exact plates, and patterns that begin with known characters
    by folded   (city, folded)    the same, tolerantly
    by tokens   GIN on the tokens of `folded`: all other patterns

A token is a character and its place from the start (`^1A`) or from the end (`$1A`), two
neighbours and their place from the end (`$2AB`), or three neighbours wherever they are (`ABC`).
The SQL function `plate_tokens` makes the same tokens. A search asks for few and rare ones: GIN
reads a whole list for each.
"""

import re
from dataclasses import dataclass

from central_hub.kernel import InvalidInput
from protocol import plates
from protocol.plates import fold

#: Known characters at the beginning from which on the btree indexes are quicker than tokens.
PREFIX = 2

#: More stars than this say nothing that fewer don't.
MAX_STARS = 3

#: So many rare tokens leave little to look through; common ones beside them cost more than they save.
ENOUGH = 2


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
    """What every fold that fits this folded pattern has; none if it says too little."""
    head, *floating, tail = pattern.split("*") if "*" in pattern else ("", pattern)
    paired, alone = _from_the_end(tail)
    threes = [part[at : at + 3] for part in floating for at in range(len(part) - 2)]
    rare = [*paired, *(three for three in threes if is_exact(three))]
    if len(rare) >= ENOUGH:
        return sorted(rare)
    firsts = [f"^{place}{sign}" for place, sign in enumerate(head, start=1) if is_exact(sign)]
    return sorted({*rare, *alone, *firsts})


def _from_the_end(tail: str) -> tuple[list[str], list[str]]:
    """Its pairs of known characters with their places, none of them twice; and the characters left over."""
    paired, alone, at = [], [], 0
    while at < len(tail):
        pair, place = tail[at : at + 2], len(tail) - at
        if len(pair) == 2 and is_exact(pair):
            paired.append(f"${place}{pair}")
            at += 2
        else:
            alone += [f"${place}{pair[0]}"] if is_exact(pair[0]) else []
            at += 1
    return paired, alone


def tokens_of(folded: str) -> set[str]:
    """All tokens of one plate, as the SQL function `plate_tokens` makes them."""
    length = len(folded)
    found = {f"^{place}{sign}" for place, sign in enumerate(folded, start=1)}
    found |= {f"${length - at}{folded[at]}" for at in range(length)}
    found |= {f"${length - at}{folded[at : at + 2]}" for at in range(length - 1)}
    return found | {folded[at : at + 3] for at in range(length - 2)}
