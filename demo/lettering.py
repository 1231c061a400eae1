"""Fonts for the burned-in texts and the number plates, on machines with and without system fonts."""

import unicodedata
from functools import cache

from PIL import ImageFont

# Pillow searches the system's font folders for these names. Its own built-in font has no accented letters.
BOLD_FONTS = ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf")
PLATE_FONTS = ("DejaVuSansCondensed-Bold.ttf", "LiberationSansNarrow-Bold.ttf", *BOLD_FONTS)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def bold(size_px: int) -> Font:
    return _first_of(BOLD_FONTS, size_px) or ImageFont.load_default(size_px)


@cache
def plate(size_px: int) -> Font:
    return _first_of(PLATE_FONTS, size_px) or ImageFont.load_default(size_px)


@cache
def drawable(text: str) -> str:
    """The text as the available font can draw it: without accents if only the built-in font is there."""
    if _first_of(BOLD_FONTS, 12) is not None:
        return text
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _first_of(names: tuple[str, ...], size_px: int) -> Font | None:
    for name in names:
        try:
            return ImageFont.truetype(name, size_px)
        except OSError:
            continue
    return None
