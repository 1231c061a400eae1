"""Pages of a PDF as the hub prints them: what they belong to, how many there are, and Portuguese text."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from fpdf import FPDF

FONTS_ENCODING = "windows-1252"


class Document(FPDF):
    """Pages that say what they belong to, and how many there are."""

    def __init__(self, name: str, at: datetime) -> None:
        super().__init__()
        # The built-in fonts' own encoding: all of Portuguese, and typographic signs.
        self.core_fonts_encoding = FONTS_ENCODING
        self._name = name
        self.set_creation_date(at)
        self.set_auto_page_break(True, margin=18)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, f"GT-Vision · {self._name} · página {self.page_no()} de {{nb}}", align="C")

    def heading(self, text: str) -> None:
        self.set_font("Helvetica", "B", 15)
        self.cell(0, 10, text, new_x="LMARGIN", new_y="NEXT")

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        self.set_font("Helvetica", "B" if bold else "", 10)
        self.multi_cell(0, 5.5, printable(text), new_x="LMARGIN", new_y="NEXT")

    def rows(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table over the page's width; its header is repeated on every page."""
        self.set_font("Helvetica", size=8)
        with self.table(line_height=4.5, padding=1, text_align="LEFT") as table:
            for cells in (header, *rows):
                row = table.row()
                for cell in cells:
                    row.cell(printable(cell))
        self.ln(3)


def printable(text: str) -> str:
    """What the built-in fonts can write: a letter with a mark that they lack loses the mark."""
    try:
        text.encode(FONTS_ENCODING)
    except UnicodeEncodeError as error:
        lacking = text[error.start : error.end]
        plain = unicodedata.normalize("NFKD", lacking).encode("ascii", "ignore").decode()
        return text[: error.start] + (plain or "?") + printable(text[error.end :])
    return text
