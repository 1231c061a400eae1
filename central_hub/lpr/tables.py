"""Plate reads as rows of a spreadsheet. No I/O."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from central_hub.lpr.models import PlateRead
from central_hub.spreadsheets import BYTE_ORDER_MARK, lines

HEADER = (
    "placa", "data_hora", "camera", "prefeitura", "confianca", "direcao", "faixa", "velocidade_kmh", "tipo",
    "cor", "marca", "modelo", "fabricante", "leitura", "relogio_da_camera",
)  # fmt: skip


def csv_head() -> str:
    return BYTE_ORDER_MARK + lines([HEADER])


def csv_lines(reads: Iterable[PlateRead]) -> str:
    """Times are the city's, with their offset."""
    return lines(map(_cells, reads))


def _cells(read: PlateRead) -> tuple[object, ...]:
    """The camera's clock only where the box had to put it right."""
    zone = ZoneInfo(read.city.timezone)
    return (
        read.plate,
        read.captured_at.astimezone(zone).isoformat(timespec="milliseconds"),
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
        read.camera_at.astimezone(zone).isoformat(timespec="milliseconds")
        if read.camera_at
        else read.camera_clock,
    )
