"""The record of processing and the impact report, from an installation as it is set up now (LGPD)."""

import base64
import hashlib
import zlib
from types import SimpleNamespace
from typing import Any

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.kernel import Role
from central_hub.privacy import gathering, ripd
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.test_logins import problem_of

API = "/api/v1"
REPORTS = f"{API}/treatment-reports"

pytestmark = pytest.mark.req("S14.1")


def rows(report: dict[str, Any], title: str) -> list[list[str]]:
    (section,) = [section for section in report["sections"] if section["title"] == title]
    found: list[list[str]] = section["table"]["rows"]
    return found


def test_the_record_follows_the_configuration_of_the_city(world: World, login: Login) -> None:
    client = login(world.gestor)
    policy = {"retention_days": 45, "viewers_see_plates": False}
    client.put(f"{API}/cities/vale-verde/plate-policy", policy, format="json")
    client.post(f"{API}/webhooks", {"url": "https://alertas.example.org/segredo"}, format="json")
    hold = {"plate": "ABC1D23", "since": "2026-01-01T00:00:00Z", "reference": "Processo 7"}
    client.post(f"{API}/legal-holds", hold, format="json")
    client.get(f"{API}/plate-reads", {"plate": "ABC1D23", "purpose": "BO 55/2026"})
    report = client.get(f"{REPORTS}/ropa").json()
    assert rows(report, "Câmeras, guarda e política de placas") == [
        ["Vale Verde", "1", "1", "1", "7", "45", "mascaradas", "1", "0"]
    ]
    assert ["Buscas e análises de placas", "1"] in rows(report, "O que foi feito no período")
    assert ["Guardas judiciais postas", "1"] in rows(report, "O que foi feito no período")
    shared = rows(report, "Operadores e compartilhamento")
    assert [row[0] for row in shared] == ["alertas.example.org"]
    people = {row[0]: row[1] for row in rows(report, "Quem tem acesso")}
    assert people["Gestor da prefeitura"] == people["Visualizador"] == "1"
    assert "segredo" not in str(report) and "Serra Azul" not in str(report)
    entry = AuditEntry.objects.get(action="privacy-report-viewed")
    assert (entry.actor, entry.target, entry.city_code) == ("gestora", "ropa", "vale-verde")
    assert entry.details["content_sha256"] == report["sha256"]


def test_the_central_has_the_report_of_all_cities_or_of_one(world: World, login: Login) -> None:
    client = login(world.admin)
    whole = client.get(f"{REPORTS}/ripd").json()
    assert [row[0] for row in rows(whole, "Câmeras, guarda e política de placas")] == [
        "Serra Azul",
        "Vale Verde",
    ]
    assert {"name": "Escopo", "value": "Todas as prefeituras"} in whole["head"]
    one = client.get(f"{REPORTS}/ripd", {"city": "serra-azul"}).json()
    assert [row[0] for row in rows(one, "Câmeras, guarda e política de placas")] == ["Serra Azul"]
    assert problem_of(client.get(f"{REPORTS}/rop")) == (404, "not-found")
    turned = client.get(f"{REPORTS}/ropa", {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"})
    assert list(turned.json()["errors"]) == ["until"]


def test_measures_are_those_that_are_on(
    world: World, login: Login, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login(world.admin)

    def measures() -> dict[str, list[str]]:
        return {row[0]: row[1:] for row in rows(client.get(f"{REPORTS}/ropa").json(), "Medidas de segurança")}

    before = measures()
    assert before[ripd.SECOND_FACTOR] == ["não em vigor", before[ripd.SECOND_FACTOR][1]]
    assert before[ripd.SECOND_FACTOR][1].endswith("sem ele: 1")
    assert before[ripd.AUDIT_CHAIN][0] == "em vigor" and "íntegra" in before[ripd.AUDIT_CHAIN][1]
    assert before[ripd.DOCUMENTS] == ["não em vigor", "Nada publicado"]
    settings.HTTPS, settings.GTV_S3_ENDPOINT, settings.GTV_S3_SECURE = True, "s3.example.org:9000", False
    monkeypatch.setattr(gathering, "VERIFIED_AT_MOST", 0)
    after = measures()
    assert after[ripd.HTTPS][0] == "em vigor" and after[ripd.STORE_TLS][0] == "não em vigor"
    assert after[ripd.AUDIT_CHAIN][0] == "a conferir"


def test_the_report_on_paper_is_proved_by_the_trail(world: World, login: Login) -> None:
    answer = login(world.gestor).get(f"{REPORTS}/ripd/pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    digest = hashlib.sha256(answer.content).digest()
    assert answer["Content-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer["Content-Disposition"].startswith('attachment; filename="ripd-vale-verde-')
    entry = AuditEntry.objects.get(action="privacy-report-exported")
    assert entry.details["sha256"] == digest.hex()
    streams = answer.content.split(b"stream\n")[1::2]
    printed = b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x")
    assert entry.details["content_sha256"].encode() in printed
    assert "Relatório de impacto".encode("windows-1252") in printed


def test_reports_are_for_who_governs_or_audits(world: World, login: Login) -> None:
    auditor = login(world.user("auditora", Role.AUDITOR, None))
    assert auditor.get(f"{REPORTS}/ropa").status_code == 200
    for user in (world.viewer, world.user("operadora", Role.OPERADOR, None)):
        assert login(user).get(f"{REPORTS}/ropa").status_code == 403
    assert login(world.other_gestor).get(f"{REPORTS}/ropa", {"city": "vale-verde"}).status_code == 404
    assert login(world.other_gestor).get(f"{REPORTS}/ropa/pdf", {"city": "vale-verde"}).status_code == 404
