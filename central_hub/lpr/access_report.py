"""The report for a person who asks what is held of a plate: as CSV of any size, or as a PDF.

Both end with one digest, SHA-256 over the CSV lines of the reads and of the looks: paper and file
can be compared.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from central_hub.audit.domain import Fact
from central_hub.kernel import Conflict
from central_hub.lpr.models import PlateRead
from central_hub.lpr.tables import HEADER, csv_lines
from central_hub.paper import Document
from central_hub.spreadsheets import BYTE_ORDER_MARK, lines

#: Lines that a person reads on paper; more are a CSV's.
MAX_PDF_LINES = 2_000

#: Reads fetched at a time.
AT_ONCE = 2_000

LOOK_HEADER = ("data_hora", "quem", "o_que", "procurado", "finalidade")

WORDS = {
    "plate-search": "Busca",
    "plate-path": "Percurso",
    "plate-convoy": "Veículos que andam juntos",
    "plate-statistics": "Estatísticas",
    "plate-export": "Exportação",
    "plate-read-viewed": "Leitura vista",
}

NOTE = (
    "São listados os acessos que procuraram esta placa ou um padrão em que ela cabe. Listas e exportações sem"
    " placa informada não são atribuídas a um veículo. Imagens citadas podem ser pedidas à prefeitura."
)


@dataclass(frozen=True)
class Head:
    """What the report is about."""

    city: str
    spellings: Sequence[str]
    requester: str
    reference: str
    received_on: date
    due_on: date
    made_by: str
    made_at: datetime
    retention_days: int
    legal_basis: str

    def told(self) -> list[tuple[str, str]]:
        return [
            ("Prefeitura", self.city),
            ("Placa", " / ".join(self.spellings)),
            ("Titular", self.requester),
            ("Protocolo", self.reference),
            ("Recebido em", f"{self.received_on:%d/%m/%Y}"),
            ("Prazo de resposta", f"{self.due_on:%d/%m/%Y} (Lei 13.709/2018, art. 19, II)"),
            ("Elaborado", f"por {self.made_by} em {self.made_at:%d/%m/%Y %H:%M:%S %Z}"),
            ("Guarda", f"{self.retention_days} dias a partir de cada leitura; depois são eliminadas"),
            ("Base legal", self.legal_basis),
        ]


@dataclass(frozen=True)
class Content:
    """What is held, and who looked."""

    reads: "QuerySet[PlateRead]"
    looks: Sequence[Fact]


def write_csv(path: Path, head: Head, content: Content) -> int:
    """How many reads are in it."""
    digest, count = hashlib.sha256(), 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK + lines([("Relatório de acesso a dados pessoais",), *head.told()]))
        file.write(lines([(), ("Leituras",), HEADER]))
        for read in content.reads.iterator(AT_ONCE):
            count += 1
            _hashed(file.write, digest, csv_lines([read]))
        file.write(lines([(), ("Acessos",), LOOK_HEADER]))
        for row in _looks(head, content):
            _hashed(file.write, digest, lines([row]))
        file.write(lines([(), (NOTE,), ("SHA-256 do conteúdo", digest.hexdigest())]))
    return count


def write_pdf(path: Path, head: Head, content: Content) -> int:
    """How many reads are in it. Raises Conflict for one that nobody would print."""
    reads = list(content.reads[: MAX_PDF_LINES + 1])
    if len(reads) + len(content.looks) > MAX_PDF_LINES:
        raise Conflict(f"Um PDF tem no máximo {MAX_PDF_LINES} linhas. Gere o relatório em CSV.")
    digest = hashlib.sha256()
    document = Document(f"pedido de acesso {head.reference}", head.made_at)
    document.heading("Relatório de acesso a dados pessoais")
    for name, value in head.told():
        document.paragraph(f"{name}: {value}")
    document.ln(4)
    document.paragraph(f"Leituras: {len(reads)}", bold=True)
    for read in reads:
        _hashed(lambda _: None, digest, csv_lines([read]))
        document.paragraph(_read_line(read))
    document.ln(4)
    document.paragraph(f"Acessos: {len(content.looks)}", bold=True)
    for row in _looks(head, content):
        _hashed(lambda _: None, digest, lines([row]))
        document.paragraph(" · ".join(cell for cell in row if cell))
    document.ln(4)
    document.paragraph(NOTE)
    document.paragraph(f"SHA-256 do conteúdo: {digest.hexdigest()}", bold=True)
    document.output(str(path))
    return len(reads)


WRITERS: dict[str, Callable[[Path, Head, Content], int]] = {"csv": write_csv, "pdf": write_pdf}


def _hashed(write: Callable[[str], object], digest: "hashlib._Hash", text: str) -> None:
    digest.update(text.encode())
    write(text)


def _read_line(read: PlateRead) -> str:
    at = read.captured_at.astimezone(ZoneInfo(read.city.timezone))
    told = [f"{at:%d/%m/%Y %H:%M:%S}", read.plate, read.camera.name, read.direction or ""]
    told.append("com imagem" if read.image_stored_at is not None else "")
    return " · ".join(one for one in told if one)


def _looks(head: Head, content: Content) -> Iterator[tuple[str, ...]]:
    for fact in content.looks:
        filters = fact.details.get("filters") or {}
        yield (
            fact.at.astimezone(head.made_at.tzinfo).isoformat(timespec="seconds"),
            fact.actor,
            WORDS[fact.action],
            str(fact.details.get("plate") or filters.get("plate") or ""),
            str(fact.details.get("purpose") or ""),
        )
