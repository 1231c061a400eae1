"""Plate reads and other rows as CSV: for spreadsheets in Portuguese, and safe to open in one. No I/O."""

import csv
import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from central_hub.lpr.models import PlateRead

HEADER = (
    "placa", "data_hora", "camera", "prefeitura", "confianca", "direcao", "faixa", "velocidade_kmh", "tipo",
    "cor", "marca", "modelo", "fabricante", "leitura",
)  # fmt: skip

#: So that a spreadsheet opens it as UTF-8.
BYTE_ORDER_MARK = "\ufeff"

#: A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_head() -> str:
    return BYTE_ORDER_MARK + lines([HEADER])


def csv_lines(reads: Iterable[PlateRead]) -> str:
    """Times are the city's, with their offset."""
    return lines(map(_cells, reads))


def _cells(read: PlateRead) -> tuple[object, ...]:
    return (
        read.plate,
        read.captured_at.astimezone(ZoneInfo(read.city.timezone)).isoformat(timespec="milliseconds"),
        read.camera.name,
        read.city.name,
        "" if read.confidence is None else f"{read.confidence:.3f}",
        read.direction,
        read.lane,
        read.speed_kmh,
        read.vehicle_type,
        read.vehicle_color,
        read.vehicle_make,
        read.vehicle_model,
        read.vendor,
        read.id,
    )


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def lines(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    harmless = ((_harmless(cell) for cell in row) for row in rows)
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(harmless)
    return text.getvalue()
