"""The audit trail: nobody changes it unnoticed, the database refuses, and writers never fork the chain."""

import csv
import io

import pytest
from django.db import IntegrityError, connection, transaction
from typer.testing import CliRunner

from central_hub.audit import services as audit
from central_hub.audit.models import AuditEntry
from central_hub.cli import app
from tests.integration.hub.conftest import Login, World, text_of
from tests.integration.hub.test_accounts import at_once

pytestmark = pytest.mark.req("S1.3")


def test_the_database_refuses_to_change_or_delete_an_entry(world: World) -> None:
    for statement in ("UPDATE audit_auditentry SET actor = 'nobody'", "DELETE FROM audit_auditentry"):
        with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_writers_at_the_same_moment_make_one_chain(world: World) -> None:
    before = AuditEntry.objects.count()
    at_once(12, lambda number: audit.record("someone", "looked", str(number)))
    assert AuditEntry.objects.count() == before + 12
    assert audit.verify() is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_auditentry SET actor = 'nobody' WHERE id = {middle}",
        "UPDATE audit_auditentry SET details = '{{\"x\": 1}}' WHERE id = {middle}",
        "UPDATE audit_auditentry SET at = at + interval '1 second' WHERE id = {middle}",
        "DELETE FROM audit_auditentry WHERE id = {middle}",
    ],
)
def test_tampering_behind_the_databases_back_is_found(world: World, tampering: str) -> None:
    ids = list(AuditEntry.objects.order_by("id").values_list("id", flat=True))
    middle = ids[len(ids) // 2]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute(tampering.format(middle=middle))
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_entry_append_only")
    assert audit.verify() in (middle, ids[len(ids) // 2 + 1])
    broken = CliRunner().invoke(app, ["audit", "verify"])
    assert broken.exit_code == 1


def test_a_whole_trail_is_said_to_be_whole(world: World) -> None:
    assert CliRunner().invoke(app, ["audit", "verify"]).exit_code == 0


def test_what_is_rolled_back_was_never_noted(world: World) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("someone", "tried")
        raise RuntimeError
    assert AuditEntry.objects.count() == before
    assert audit.verify() is None


def test_admins_read_the_trail_page_by_page(world: World, login: Login) -> None:
    client = login(world.admin)
    first = client.get("/api/v1/audit", {"limit": 3}).json()
    second = client.get("/api/v1/audit", {"limit": 3, "cursor": first["next"]}).json()
    ids = [entry["id"] for entry in first["results"] + second["results"]]
    assert ids == sorted(ids, reverse=True) and len(ids) == 6
    assert login(world.gestor).get("/api/v1/audit").status_code == 403


def test_the_trail_is_searched_by_who_what_where_and_when(world: World, login: Login) -> None:
    audit.record("gestora", "plate-search", "ABC1D23", city_code="vale-verde", details={"purpose": "roubo"})
    audit.record("gestora", "playback", "entrada", city_code="vale-verde")
    audit.record("outra-gestora", "plate-search", "ABC1D23", city_code="serra-azul")
    client = login(world.admin)

    def found(**search: str) -> list[tuple[str, str]]:
        page = client.get("/api/v1/audit", search).json()
        return [(entry["actor"], entry["action"]) for entry in page["results"]]

    assert found(actor="gestora") == [("gestora", "playback"), ("gestora", "plate-search")]
    assert found(action="plate-search", city="vale-verde") == [("gestora", "plate-search")]
    assert len(found(target="ABC1D23")) == 2
    moment = AuditEntry.objects.get(action="playback").at
    assert found(actor="gestora", until=moment.isoformat()) == [("gestora", "plate-search")]
    assert found(actor="gestora", since=moment.isoformat()) == [("gestora", "playback")]
    assert client.get("/api/v1/audit", {"since": "ontem"}).status_code == 400
    actions = client.get("/api/v1/audit/actions").json()
    assert actions == sorted(set(AuditEntry.objects.values_list("action", flat=True)))
    assert login(world.gestor).get("/api/v1/audit/actions").status_code == 403


def test_an_export_holds_the_chain_and_is_noted_itself(world: World, login: Login) -> None:
    audit.record("gestora", "=cmd()", "x", details={"purpose": "furto"})
    answer = login(world.admin).get("/api/v1/audit/csv", {"actor": "gestora"})
    rows = list(csv.reader(io.StringIO(text_of(answer).removeprefix("\ufeff")), delimiter=";"))
    entry = AuditEntry.objects.get(actor="gestora")
    assert rows[1][2:5] == ["gestora", "'=cmd()", "x"], "no formula for a spreadsheet"
    assert rows[1][-2:] == [entry.previous_hash, entry.hash] and len(rows) == 2
    noted = AuditEntry.objects.get(action="audit-exported")
    assert noted.actor == "admin" and noted.details == {"filters": {"actor": "gestora"}}
    assert login(world.gestor).get("/api/v1/audit/csv").status_code == 403


def test_entries_cut_off_the_end_are_missed_by_who_noted_the_head(world: World) -> None:
    audit.record("someone", "looked")
    noted = CliRunner().invoke(app, ["audit", "head"]).stdout.split()[1]
    assert CliRunner().invoke(app, ["audit", "verify", "--head", noted]).exit_code == 0
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute("DELETE FROM audit_auditentry WHERE hash = %s", [noted])
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_entry_append_only")
    assert CliRunner().invoke(app, ["audit", "verify"]).exit_code == 0, "the rest fits together"
    assert CliRunner().invoke(app, ["audit", "verify", "--head", noted]).exit_code == 1


def test_camera_credentials_never_enter_the_trail(world: World) -> None:
    assert not [entry for entry in AuditEntry.objects.values() if "s3cret-of-the-camera" in str(entry)]
