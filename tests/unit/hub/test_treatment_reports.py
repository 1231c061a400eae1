"""The record of processing and the impact report say what is set up, and what is not (LGPD)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from central_hub.privacy import ripd
from central_hub.privacy.ripd import ripd as impact
from central_hub.privacy.ropa import ropa
from central_hub.privacy.treatment import Agreed, CityFacts, Facts, Measure, Report, Requests

pytestmark = pytest.mark.req("S14.1")

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAMES = sorted({name for risk in ripd.RISKS for name in risk.by})
CITY = CityFacts("Vale Verde", 12, 3, 2, 15, 90, False, 1, 4, ["alertas.example"])
FACTS = Facts(
    scope="Vale Verde", whole=False, made_by="gestora", made_at=NOW,
    since=NOW - timedelta(days=365), until=NOW, cities=[CITY], people={"gestor": 1, "visualizador": 5},
    actions={"plate-search": 7, "plate-path": 2},
    requests=Requests(3, 1, 1, 0), measures=[Measure(name, True, "ligada") for name in NAMES],
    processors=[("alertas.example", "Placa", "Avisar")], agreed=Agreed(["Termos de uso v2"], 6, 4),
)  # fmt: skip


def table(report: Report, title: str) -> list[tuple[str, ...]]:
    (section,) = [section for section in report.sections if section.title == title]
    assert section.table is not None
    return [tuple(row) for row in section.table.rows]


def text(report: Report) -> str:
    return "\n".join(paragraph for section in report.sections for paragraph in section.paragraphs)


def test_the_record_lists_the_operations_that_there_are() -> None:
    names = [row[0] for row in table(ropa(FACTS), "Operações de tratamento")]
    assert {"Videomonitoramento", "Leitura de placas", "Placas monitoradas"} <= set(names)
    without = replace(FACTS, cities=[replace(CITY, lpr_cameras=0, watched=0)])
    names = [row[0] for row in table(ropa(without), "Operações de tratamento")]
    assert "Videomonitoramento" in names and "Leitura de placas" not in names
    assert "Placas monitoradas" not in names


def test_the_record_has_the_days_of_the_plan_and_of_the_policy() -> None:
    both = replace(FACTS, cities=[CITY, replace(CITY, footage_days=30, plate_days=180)])
    rows = {row[0]: row[-1] for row in table(ropa(both), "Operações de tratamento")}
    assert rows["Videomonitoramento"] == "15 a 30 dias" and rows["Leitura de placas"] == "90 a 180 dias"
    assert table(ropa(FACTS), "Câmeras, guarda e política de placas") == [
        ("Vale Verde", "12", "3", "2", "15", "90", "mascaradas", "1", "4")
    ]


def test_the_record_counts_what_was_done_and_who_may() -> None:
    report = ropa(FACTS)
    assert ("Buscas e análises de placas", "9") in table(report, "O que foi feito no período")
    assert ("Gestor da prefeitura", "1", "Tudo na própria prefeitura") in table(report, "Quem tem acesso")
    assert "Aceitos por 4 de 6" in text(report) and "3 pedidos recebidos, 1 atendidos e 1 recusados" in text(
        report
    )
    assert table(report, "Operadores e compartilhamento") == [("alertas.example", "Placa", "Avisar")]


def test_every_risk_names_measures_and_stays_as_high_as_what_is_missing() -> None:
    left = {row[0]: row[-1] for row in table(impact(FACTS), "Riscos e mitigação")}
    assert len(left) == len(ripd.RISKS) and set(left.values()) == {"baixo"}
    for risk in ripd.RISKS:
        for missing in range(len(risk.by) + 1):
            off = risk.by[:missing]
            measures = [Measure(name, name not in off, "x") for name in NAMES]
            rows = {
                row[0]: row for row in table(impact(replace(FACTS, measures=measures)), "Riscos e mitigação")
            }
            assert rows[risk.name][-1] == ("baixo", "médio", "alto")[min(missing, 2)]
            assert rows[risk.name][3].count("não em vigor") == missing


def test_what_is_off_late_or_unknown_is_pending() -> None:
    measures = [
        Measure(ripd.SECOND_FACTOR, False, "Não exigido"),
        Measure(ripd.DISKS, None, "confira"),
        Measure(ripd.HTTPS, True, "sim"),
    ]
    report = impact(replace(FACTS, measures=measures, requests=Requests(overdue=2)))
    (pending,) = [section for section in report.sections if section.title == "Pendências"]
    assert list(pending.paragraphs) == [
        f"{ripd.SECOND_FACTOR}: Não exigido",
        "Pedidos de titulares em atraso: 2.",
        f"A conferir, {ripd.DISKS}: confira",
    ]
    (nothing,) = [section for section in impact(FACTS).sections if section.title == "Pendências"]
    assert list(nothing.paragraphs) == ["Nenhuma."]


def test_an_installation_without_a_city_has_reports_too() -> None:
    empty = replace(FACTS, cities=[], people={}, actions={}, processors=[], measures=[])
    assert ropa(empty).sections and impact(empty).sections


def test_the_digest_is_of_the_content() -> None:
    assert ropa(FACTS).sha256 == ropa(replace(FACTS)).sha256
    assert ropa(FACTS).sha256 != ropa(replace(FACTS, people={"gestor": 0})).sha256
