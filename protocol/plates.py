"""The rules about number plates that box and hub share, as pure functions.

A plate's text is upper-case letters and digits as the camera read them. Two Brazilian
series stand for one vehicle: the old `ABC1234`, and Mercosul's `ABC1C34`, to which an old
plate is converted by its fifth character alone, 0 to A, 1 to B … 9 to J (Resolução CONTRAN
969/2022, annex). Motorcycles have the same seven characters in two lines.

    canonical   one key for both spellings: equal keys, one vehicle
    fold        one key for what OCR confuses: 0 O Q D, 1 I L, 2 Z, 5 S, 6 G, 8 B
    variants    a search pattern (`?` one character, `*` any number) in both spellings
    matches     whether a plate is one that a pattern means

A search in a database and `matches` agree: a plate matches if its text is LIKE one of the
variants, or, tolerantly, its fold is LIKE the fold of one of them.
"""

import re
import unicodedata
from fnmatch import fnmatchcase

MAX_PLATE = 16
MAX_PATTERN = 32

_NOT_PLATE = re.compile(r"[^A-Z0-9]")
_NOT_PATTERN = re.compile(r"[^A-Z0-9?*]")
_SEPARATORS = re.compile(r"[\s\-.·]+")
_STARS = re.compile(r"\*+")
_OLD = re.compile(r"[A-Z]{3}[0-9]{4}")
_MERCOSUL = re.compile(r"[A-Z]{3}[0-9][A-Z][0-9]{2}")
#: The shape of either series, in a pattern of seven characters.
_SHAPE = re.compile(r"[A-Z?]{3}[0-9?][0-9A-J][0-9?]{2}")
_BRAZILIAN_LENGTH, _FIFTH = 7, 4

_FOLD = str.maketrans("OQDILZSGB", "000112568")
#: What a confused character stands for where only a letter, or only a digit, can be.
_TO_LETTER = str.maketrans("012568", "OIZSGB")
_TO_DIGIT = _FOLD
_OTHER_SPELLING = str.maketrans("0123456789ABCDEFGHIJ", "ABCDEFGHIJ0123456789")


class InvalidPattern(ValueError):
    """A search pattern with other signs than letters, digits, `?` and `*`, or none at all."""


#: What a masked plate still shows: enough to tell two vehicles apart on one screen, not to look one up.
SHOWN_OF_MASKED = 2


def masked(plate: str) -> str:
    """For people whom their city hides plates from."""
    return plate[:SHOWN_OF_MASKED] + "•" * (len(plate) - SHOWN_OF_MASKED)


#: Cyrillic and Greek letters of plates, all of which look like Latin ones; and Latin ones with a mark inside.
_LATIN = str.maketrans("АВЕКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧĐŁØ", "ABEKMHOPCTYXABEZHIKMNOPTYXDLO")


def normalise(text: str) -> str:
    """`abc-1d23` and `ABC 1D23` are one text; empty when no letter or digit is left.

    A letter with a mark is that letter: a foreign `MÜ 1234` must not lose it. Greek and Cyrillic letters on
    plates are those that look like Latin ones (Vienna Convention on Road Traffic, annex 2); digits are digits
    in any script. A sign that no keyboard here has (a Chinese province) is left out.
    """
    return _NOT_PLATE.sub("", _plain(text))


def _plain(text: str) -> str:
    """Upper case, without marks."""
    if text.isascii():
        return text.upper()
    decomposed = unicodedata.normalize("NFKD", text).upper().translate(_LATIN)
    return "".join(
        str(unicodedata.decimal(sign, sign)) for sign in decomposed if not unicodedata.combining(sign)
    )


def is_brazilian(plate: str) -> bool:
    """Whether a normalised text has the form of either Brazilian series."""
    return bool(_OLD.fullmatch(plate) or _MERCOSUL.fullmatch(plate))


def canonical(plate: str) -> str:
    """The Mercosul spelling of an old Brazilian plate; any other text as it is."""
    if not _OLD.fullmatch(plate):
        return plate
    return plate[:_FIFTH] + plate[_FIFTH].translate(_OTHER_SPELLING) + plate[_FIFTH + 1 :]


def fold(text: str) -> str:
    """The same for all texts that OCR confuses; wildcards stay."""
    return text.translate(_FOLD)


def parse_pattern(text: str) -> str:
    """A pattern's normal form, letters as `normalise` has them. Raises InvalidPattern."""
    pattern = _STARS.sub("*", _SEPARATORS.sub("", _plain(text)))
    if not pattern or len(pattern) > MAX_PATTERN or _NOT_PATTERN.search(pattern):
        raise InvalidPattern(text)
    return pattern


def is_exact(pattern: str) -> bool:
    return "?" not in pattern and "*" not in pattern


def variants(pattern: str, *, tolerant: bool = False) -> list[str]:
    """The pattern, and where it can mean a Brazilian plate whose fifth character it names, its
    other spelling (of seven places: a `*` becomes the `?` that are missing).

    `tolerant` also recognises that shape in a text with confused characters.
    """
    seven = pattern
    if pattern.count("*") == 1:
        seven = pattern.replace("*", "?" * (_BRAZILIAN_LENGTH + 1 - len(pattern)))
    typed = _by_position(seven) if tolerant and len(seven) == _BRAZILIAN_LENGTH else seven
    if not _SHAPE.fullmatch(typed):
        return [pattern]
    return [pattern, typed[:_FIFTH] + typed[_FIFTH].translate(_OTHER_SPELLING) + typed[_FIFTH + 1 :]]


def matches(pattern: str, plate: str, *, tolerant: bool = False) -> bool:
    """Whether a normalised plate is one that the pattern (of `parse_pattern`) means."""
    if tolerant:
        folded = fold(plate)
        return any(fnmatchcase(folded, fold(variant)) for variant in variants(pattern, tolerant=True))
    return any(fnmatchcase(plate, variant) for variant in variants(pattern))


def _by_position(seven: str) -> str:
    """Letters where a Brazilian plate has letters, digits where it has digits."""
    letters, digit, fifth, digits = seven[:3], seven[3], seven[_FIFTH], seven[5:]
    return letters.translate(_TO_LETTER) + digit.translate(_TO_DIGIT) + fifth + digits.translate(_TO_DIGIT)
