"""How personal data are treated, as the installation is set up now, and the shape of the reports about it.

`Facts` are gathered by gathering.py; ropa.py and ripd.py make reports of them and look at nothing else.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class CityFacts:
    """One prefeitura: what it has, and what it has decided."""

    name: str
    cameras: int
    lpr_cameras: int
    boxes: int
    footage_days: int
    plate_days: int
    viewers_see_plates: bool
    holds: int
    watched: int
    #: Hosts that alerts of watched plates are posted to.
    told: Sequence[str] = ()


@dataclass(frozen=True)
class Requests:
    """Requests of the people concerned: received and closed in the period, and late now."""

    received: int = 0
    fulfilled: int = 0
    refused: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class Measure:
    """A security measure: `active` None is one that the hub cannot see from its own configuration."""

    name: str
    active: bool | None
    state: str


@dataclass(frozen=True)
class Agreed:
    """The documents in force, as `Termos de uso v2`, and how many of the active people have accepted all."""

    documents: Sequence[str] = ()
    people: int = 0
    accepted: int = 0


@dataclass(frozen=True)
class Facts:
    """What the reports are made of. Instants are in the time zone that they are shown in."""

    #: The prefeitura, or the whole installation.
    scope: str
    whole: bool
    made_by: str
    made_at: datetime
    since: datetime
    until: datetime
    cities: Sequence[CityFacts]
    #: Active people, by the code of their role.
    people: Mapping[str, int]
    #: Entries of the audit trail in the period, by action.
    actions: Mapping[str, int]
    requests: Requests
    measures: Sequence[Measure]
    #: Who else handles data: to whom, what, what for.
    processors: Sequence[tuple[str, str, str]] = ()
    agreed: Agreed = field(default_factory=Agreed)

    @property
    def reads_plates(self) -> bool:
        return any(city.lpr_cameras for city in self.cities)

    def total(self, name: str) -> int:
        return sum(getattr(city, name) for city in self.cities)

    def done(self, *actions: str) -> int:
        return sum(self.actions.get(action, 0) for action in actions)


@dataclass(frozen=True)
class Table:
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    title: str
    paragraphs: Sequence[str] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Report:
    """The same on the page and on paper."""

    title: str
    law: str
    head: Sequence[tuple[str, str]]
    sections: Sequence[Section]

    @property
    def sha256(self) -> str:
        """Of the content, as the trail keeps it and the paper prints it."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


ROLES = {
    "admin": ("Administrador da central", "Tudo, em todas as prefeituras"),
    "operador": ("Operador da central", "Assiste a vídeos e consulta placas de todas as prefeituras"),
    "auditor": ("Auditor", "Lê a trilha de auditoria e os pedidos de titulares; não vê vídeos nem placas"),
    "gestor": ("Gestor da prefeitura", "Tudo na própria prefeitura"),
    "visualizador": ("Visualizador", "Assiste a vídeos e consulta placas da própria prefeitura"),
}


def head(facts: Facts) -> list[tuple[str, str]]:
    return [
        ("Escopo", facts.scope),
        ("Período", f"{facts.since:%d/%m/%Y} a {facts.until:%d/%m/%Y}"),
        ("Elaborado", f"por {facts.made_by} em {facts.made_at:%d/%m/%Y %H:%M:%S %Z}"),
        ("Origem", "Gerado da configuração em vigor e da trilha de auditoria; nada foi digitado"),
    ]


def cities_section(facts: Facts) -> Section:
    columns = (
        "Prefeitura", "Câmeras", "Leem placas", "Caixas", "Gravação (dias)", "Placas (dias)",
        "Visualizador vê placas", "Guardas judiciais", "Placas monitoradas",
    )  # fmt: skip
    rows = [
        (
            city.name,
            str(city.cameras),
            str(city.lpr_cameras),
            str(city.boxes),
            str(city.footage_days),
            str(city.plate_days),
            "inteiras" if city.viewers_see_plates else "mascaradas",
            str(city.holds),
            str(city.watched),
        )
        for city in facts.cities
    ]
    return Section("Câmeras, guarda e política de placas", table=Table(columns, rows))


def people_section(facts: Facts) -> Section:
    rows = [(name, str(facts.people.get(code, 0)), may) for code, (name, may) in ROLES.items()]
    agreed = facts.agreed
    told = (
        f"Documentos em vigor: {', '.join(agreed.documents)}. Aceitos por {agreed.accepted} de"
        f" {agreed.people} pessoas ativas."
        if agreed.documents
        else "Nenhum termo de uso ou política de privacidade foi publicado."
    )
    return Section("Quem tem acesso", (told,), Table(("Papel", "Pessoas ativas", "O que pode"), rows))


def measures_section(facts: Facts) -> Section:
    words = {True: "em vigor", False: "não em vigor", None: "a conferir"}
    rows = [(measure.name, words[measure.active], measure.state) for measure in facts.measures]
    return Section("Medidas de segurança", table=Table(("Medida", "Situação", "Como está"), rows))


def processors_section(facts: Facts) -> Section:
    rows = facts.processors or [("Nenhum", "—", "Nada é enviado para fora da central e das caixas")]
    return Section("Operadores e compartilhamento", table=Table(("Com quem", "O quê", "Para quê"), rows))


def requests_text(requests: Requests) -> str:
    return (
        f"No período: {requests.received} pedidos recebidos, {requests.fulfilled} atendidos e"
        f" {requests.refused} recusados com base legal. Em atraso agora: {requests.overdue}."
    )
