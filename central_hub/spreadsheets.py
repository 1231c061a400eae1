"""CSV for spreadsheets in Portuguese, safe to open in one, and sent while it is being read."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import StreamingHttpResponse

#: So that a spreadsheet opens it as UTF-8.
BYTE_ORDER_MARK = "\ufeff"

#: A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def lines(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    harmless = ((_harmless(cell) for cell in row) for row in rows)
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(harmless)
    return text.getvalue()


def csv_answer(pieces: Iterator[bytes], file_name: str) -> StreamingHttpResponse:
    """An answer of any size, which nobody holds whole."""
    answer = StreamingHttpResponse(_in_threads(pieces), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


async def _in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each piece in a thread of its own turn: Django would gather a plain iterator in memory first."""

    def following() -> bytes | None:
        try:
            return next(pieces, None)
        finally:
            close_old_connections()

    while (piece := await sync_to_async(following, thread_sensitive=False)()) is not None:
        yield piece
