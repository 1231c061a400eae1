"""Plate reads as a PDF for a case file: pictures, what was asked for, by whom and when, pages, and a digest.

The digest is SHA-256 over the CSV lines of the reads and the digests of the pictures, in the order of
the report: the same export made again can be compared with the paper.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image, UnidentifiedImageError

from central_hub.lpr.models import PlateRead
from central_hub.lpr.search import ReadSearch
from central_hub.lpr.tables import csv_lines
from central_hub.lpr.words import in_portuguese
from central_hub.paper import Document

#: Pictures wider than this say nothing more on paper.
PICTURE_WIDTH_PX = 480
PICTURE_QUALITY = 80
PICTURE_MM, ROW_MM = 44.0, 34.0

LABELS = {
    "plate": "Placa", "similar": "Também parecidas", "since": "De", "until": "Até", "camera": "Câmera",
    "city": "Prefeitura", "direction": "Direção", "vehicle_type": "Tipo", "vehicle_color": "Cor",
    "vehicle_make": "Marca", "vehicle_model": "Modelo", "vendor": "Fabricante",
    "min_confidence": "Confiança mínima", "order": "Ordem",
}  # fmt: skip
_TIME = "%d/%m/%Y %H:%M:%S %Z"


@dataclass(frozen=True)
class Title:
    """What the first page says."""

    who: str
    at: datetime
    purpose: str
    filters: Mapping[str, str]
    export_id: str


def in_words(search: ReadSearch, zone: ZoneInfo, camera: str) -> dict[str, str]:
    """The filters of a search for people: times of this zone, and the name of its camera."""
    told = dict(search.filters)
    for edge, at in (("since", search.since), ("until", search.until)):
        if at is not None:
            told[edge] = format(at.astimezone(zone), _TIME)
    said = {
        "similar": "sim",
        "camera": camera,
        "order": "as mais antigas primeiro",
        "min_confidence": f"{search.min_confidence or 0:.0%}",
    }
    return told | {name: text for name, text in said.items() if name in told}


def write_pdf(path: Path, title: Title, reads: Iterable[tuple[PlateRead, bytes | None]]) -> int:
    """Write the report; how many reads are in it."""
    document = Document(f"exportação {title.export_id}", title.at)
    _first_page(document, title)
    digest, count = hashlib.sha256(), 0
    for read, picture in reads:
        count += 1
        digest.update(csv_lines([read]).encode())
        digest.update(hashlib.sha256(picture or b"").digest())
        _row(document, read, picture)
    document.paragraph(
        f"{count} {'leitura' if count == 1 else 'leituras'}. SHA-256 do conteúdo: {digest.hexdigest()}",
        bold=True,
    )
    document.output(str(path))
    return count


def _first_page(document: Document, title: Title) -> None:
    document.heading("Leituras de placas")
    document.paragraph(f"Solicitado por {title.who} em {title.at:{_TIME}}")
    document.paragraph(f"Finalidade: {title.purpose}")
    for name, value in title.filters.items():
        document.paragraph(f"{LABELS[name]}: {value}")
    document.ln(4)


def _row(document: Document, read: PlateRead, picture: bytes | None) -> None:
    if document.will_page_break(ROW_MM):
        document.add_page()
    top = document.get_y()
    shown = _shrunk(picture) if picture else None
    if shown is not None:
        document.image(shown, x=document.l_margin, y=top, w=PICTURE_MM, h=ROW_MM - 4, keep_aspect_ratio=True)
    for number, text in enumerate(_told(read, "" if shown else _no_picture(picture))):
        document.set_x(document.l_margin + PICTURE_MM + 4)
        document.paragraph(text, bold=number == 0)
    document.set_y(top + ROW_MM)


def _no_picture(picture: bytes | None) -> str:
    return "Imagem ilegível" if picture else "Sem imagem"


def _told(read: PlateRead, picture: str) -> list[str]:
    """The lines of a read, the plate first; as many as a row has room for."""
    zone = ZoneInfo(read.city.timezone)
    confidence = "" if read.confidence is None else f"confiança {read.confidence:.0%}"
    color = in_portuguese("vehicle_color", read.vehicle_color)
    type_ = in_portuguese("vehicle_type", read.vehicle_type)
    lane = "" if read.lane is None else f"faixa {read.lane}"
    speed = "" if read.speed_kmh is None else f"{read.speed_kmh:.0f} km/h"
    lines = [
        read.plate,
        _joined(format(read.captured_at.astimezone(zone), _TIME), confidence),
        _joined(read.camera.name, read.city.name),
        _joined(read.vehicle_make, read.vehicle_model, type_, color),
        _joined(in_portuguese("direction", read.direction), lane, speed),
        _joined(picture, _clock(read, zone)),
    ]
    return [line for line in lines if line]


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _clock(read: PlateRead, zone: ZoneInfo) -> str:
    """What the camera said where the box had to put the time right (docs/adr/0024)."""
    said = format(read.camera_at.astimezone(zone), _TIME) if read.camera_at else read.camera_clock
    return f"horário corrigido: a câmera dizia {said}" if said else ""


def _shrunk(picture: bytes) -> io.BytesIO | None:
    """A small JPEG: a thousand of them stay in memory until the end. None for what is no picture: a
    camera's fault must not cost the report.
    """
    try:
        image = Image.open(io.BytesIO(picture), formats=("JPEG",))
        image.draft("RGB", (PICTURE_WIDTH_PX, PICTURE_WIDTH_PX))
        image.thumbnail((PICTURE_WIDTH_PX, PICTURE_WIDTH_PX))
        small = io.BytesIO()
        image.convert("RGB").save(small, "JPEG", quality=PICTURE_QUALITY)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return small
