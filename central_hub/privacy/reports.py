"""The reports about the treatment of personal data: made anew each time, audited, on the page or on paper."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, NotFound
from central_hub.paper import Document
from central_hub.privacy.gathering import gather
from central_hub.privacy.ripd import ripd
from central_hub.privacy.ropa import ropa
from central_hub.privacy.treatment import Facts, Report

KINDS: Mapping[str, Callable[[Facts], Report]] = {"ropa": ropa, "ripd": ripd}

#: Unless another period is asked for.
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Asked:
    """Which report: of a city, or of all where `city` is empty; of the last year unless said otherwise."""

    kind: str
    city: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Printed:
    path: Path
    name: str
    sha256: str


def show(caller: Caller, asked: Asked) -> tuple[Report, Facts]:
    """Audited."""
    report, facts, city_code = _make(caller, asked)
    _record(caller, "privacy-report-viewed", asked, city_code, facts, {"content_sha256": report.sha256})
    return report, facts


def to_pdf(caller: Caller, asked: Asked, folder: Path) -> Printed:
    """Audited, with the digest of the file and of its content."""
    report, facts, city_code = _make(caller, asked)
    path = folder / "relatorio.pdf"
    _write_pdf(path, report, facts)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    digests = {"content_sha256": report.sha256, "sha256": sha256}
    _record(caller, "privacy-report-exported", asked, city_code, facts, digests)
    name = f"{asked.kind}-{city_code or 'todas'}-{facts.made_at:%Y-%m-%d}.pdf"
    return Printed(path, name, sha256)


def _make(caller: Caller, asked: Asked) -> tuple[Report, Facts, str]:
    maker = KINDS.get(asked.kind)
    if maker is None:
        raise NotFound("Relatório não encontrado.")
    city_code = asked.city or cities.own_code(caller)
    until = asked.until or timezone.now()
    facts = gather(caller, city_code, asked.since or until - YEAR, until)
    return maker(facts), facts, city_code


def _record(
    caller: Caller, action: str, asked: Asked, city_code: str, facts: Facts, digests: dict[str, str]
) -> None:
    period = {"since": str(facts.since), "until": str(facts.until)}
    audit.record(caller, action, asked.kind, city_code=city_code, details={**period, **digests})


def _write_pdf(path: Path, report: Report, facts: Facts) -> None:
    document = Document(report.title, facts.made_at)
    document.heading(report.title)
    document.paragraph(report.law)
    for name, value in report.head:
        document.paragraph(f"{name}: {value}")
    for number, section in enumerate(report.sections, start=1):
        document.ln(3)
        document.paragraph(f"{number}. {section.title}", bold=True)
        for paragraph in section.paragraphs:
            document.paragraph(paragraph)
        if section.table is not None:
            document.ln(1)
            document.rows(section.table.columns, section.table.rows)
    document.ln(3)
    document.paragraph(f"SHA-256 do conteúdo: {report.sha256}", bold=True)
    document.output(str(path))
