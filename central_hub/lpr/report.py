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
from central_hub.lpr.tables import csv_lines
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


@dataclass(frozen=True)
class Title:
    """What the first page says."""

    who: str
    at: datetime
    purpose: str
    filters: Mapping[str, str]
    export_id: str


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
    document.paragraph(f"{count} leituras. SHA-256 do conteúdo: {digest.hexdigest()}", bold=True)
    document.output(str(path))
    return count


def _first_page(document: Document, title: Title) -> None:
    document.heading("Leituras de placas")
    document.paragraph(f"Solicitado por {title.who} em {title.at:%d/%m/%Y %H:%M:%S %Z}")
    document.paragraph(f"Finalidade: {title.purpose}")
    for name, value in title.filters.items():
        document.paragraph(f"{LABELS.get(name, name)}: {value}")
    document.ln(4)


def _row(document: Document, read: PlateRead, picture: bytes | None) -> None:
    if document.will_page_break(ROW_MM):
        document.add_page()
    top = document.get_y()
    shown = _shrunk(picture) if picture else None
    if shown is not None:
        document.image(shown, x=document.l_margin, y=top, w=PICTURE_MM, h=ROW_MM - 4, keep_aspect_ratio=True)
    left = document.l_margin + PICTURE_MM + 4
    at = read.captured_at.astimezone(ZoneInfo(read.city.timezone))
    confidence = "" if read.confidence is None else f" · confiança {read.confidence:.0%}"
    vehicle = " ".join(
        filter(None, [read.vehicle_make, read.vehicle_model, read.vehicle_type, read.vehicle_color])
    )
    for text, bold in (
        (read.plate, True),
        (f"{at:%d/%m/%Y %H:%M:%S %Z}{confidence}", False),
        (f"{read.camera.name} · {read.city.name}", False),
        (vehicle, False),
        ("" if shown else ("Imagem ilegível" if picture else "Sem imagem"), False),
    ):
        document.set_x(left)
        document.paragraph(text, bold=bold)
    document.set_y(top + ROW_MM)


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
