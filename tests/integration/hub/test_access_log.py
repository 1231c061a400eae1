"""Who accessed personal data, when, and for what purpose: found by city, person, plate and period (LGPD)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.kernel import Role
from tests.integration.hub.conftest import Login, World, text_of

API = "/api/v1"
LOG = f"{API}/access-log"

pytestmark = pytest.mark.req("S14.1", "S1.3")


def look(client: Any, plate: str, purpose: str = "BO 55/2026") -> None:
    assert client.get(f"{API}/plate-reads", {"plate": plate, "purpose": purpose}).status_code == 200


def found(client: Any, **query: Any) -> list[tuple[str, str]]:
    answer = client.get(LOG, query)
    assert answer.status_code == 200, answer.content
    return [(one["actor"], one["plate"]) for one in answer.json()["results"]]


@pytest.fixture
def looked(world: World, login: Login) -> World:
    """Plates were looked for in both cities, and at the central; and something was done that is no access."""
    look(login(world.gestor), "ABC1D23")
    look(login(world.viewer), "abc-1323")
    look(login(world.gestor), "XYZ9876")
    look(login(world.other_gestor), "ABC1D23", "busca na outra cidade")
    look(login(world.admin), "ABC1D23", "ofício da central")
    hold = {"plate": "ABC1D23", "since": "2026-01-01T00:00:00Z", "reference": "Processo 7"}
    login(world.gestor).post(f"{API}/legal-holds", hold, format="json")
    return world


def test_a_gestor_sees_the_accesses_of_the_own_city_newest_first(looked: World, login: Login) -> None:
    client = login(looked.gestor)
    assert found(client) == [("gestora", "XYZ9876"), ("vigilante", "abc-1323"), ("gestora", "ABC1D23")]
    assert found(client, city="serra-azul") == []
    row = client.get(LOG).json()["results"][0]
    assert (row["action"], row["purpose"], row["city_code"]) == ("plate-search", "BO 55/2026", "vale-verde")


def test_accesses_are_found_by_person_plate_and_period(looked: World, login: Login) -> None:
    client, auditor = login(looked.gestor), login(looked.user("auditora", Role.AUDITOR, None))
    assert found(client, plate="abc1d23") == [("vigilante", "abc-1323"), ("gestora", "ABC1D23")]
    assert found(client, actor="vigilante") == [("vigilante", "abc-1323")]
    now = datetime.now(UTC)
    assert found(client, since=(now + timedelta(minutes=1)).isoformat()) == []
    assert found(client, until=(now - timedelta(hours=1)).isoformat()) == []
    assert len(found(client, since=(now - timedelta(hours=1)).isoformat())) == 3
    assert [who for who, _ in found(auditor, plate="ABC1323")] == [
        "admin", "outra-gestora", "vigilante", "gestora",
    ]  # fmt: skip
    assert [who for who, _ in found(auditor, city="serra-azul")] == ["outra-gestora"]
    assert list(client.get(LOG, {"plate": "ABC*"}).json()["errors"]) == ["plate"]


def test_pages_follow_one_another_without_a_gap(looked: World, login: Login) -> None:
    client = login(looked.gestor)
    first = client.get(LOG, {"limit": 2}).json()
    rest = client.get(LOG, {"limit": 2, "cursor": first["next"]}).json()
    assert [one["plate"] for one in first["results"] + rest["results"]] == ["XYZ9876", "abc-1323", "ABC1D23"]
    assert rest["next"] is None


def test_the_export_has_all_of_a_search_and_is_an_access_itself(looked: World, login: Login) -> None:
    client = login(looked.gestor)
    text = text_of(client.get(f"{LOG}/csv", {"plate": "ABC1D23"})).removeprefix("\ufeff")
    table = [line.split(";") for line in text.strip().split("\r\n")]
    assert [row[2] for row in table[1:]] == ["gestora", "vigilante"], "oldest first"
    entry = AuditEntry.objects.get(action="access-log-exported")
    assert (entry.actor, entry.city_code, entry.details) == (
        "gestora", "vale-verde", {"filters": {"plate": "ABC1D23"}},
    )  # fmt: skip


def test_the_log_is_for_who_governs_or_audits(looked: World, login: Login) -> None:
    for user in (looked.viewer, looked.user("operadora", Role.OPERADOR, None)):
        client = login(user)
        assert client.get(LOG).status_code == client.get(f"{LOG}/csv").status_code == 403


def test_erasures_are_listed_with_their_proofs(looked: World, login: Login) -> None:
    client = login(looked.gestor)
    body = {"plate": "ABC1D23", "reference": "Protocolo 9"}
    erased = client.post(f"{API}/plate-erasures", body, format="json").json()
    (proof,) = client.get(f"{API}/plate-erasures").json()
    assert proof["digest"] == erased["digest"] and proof["reference"] == "Protocolo 9"
    assert (proof["by"], proof["boxes"], proof["boxes_done"]) == ("gestora", 1, 0)
    assert client.get(f"{API}/plate-erasures", {"city": "serra-azul"}).json() == []
    assert login(looked.viewer).get(f"{API}/plate-erasures").status_code == 403
    assert len(login(looked.user("auditora", Role.AUDITOR, None)).get(f"{API}/plate-erasures").json()) == 1
