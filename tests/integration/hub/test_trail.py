"""Tampering with the audit trail is noticed within minutes, also where it was looked at before."""

from collections.abc import Iterator

import pytest
from django.db import connection

from central_hub.audit import services as audit
from central_hub.audit import trail
from central_hub.audit.models import AuditEntry
from tests.integration.hub.conftest import World

pytestmark = pytest.mark.req("S1.3")


@pytest.fixture
def entries(world: World) -> Iterator[list[int]]:
    for number in range(6):
        audit.record("someone", "looked", str(number))
    yield list(AuditEntry.objects.order_by("id").values_list("id", flat=True))


def behind_its_back(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_entry_append_only")


def test_what_is_new_is_checked_from_where_the_last_check_ended(entries: list[int]) -> None:
    assert trail.last_verdict() is None
    assert trail.check(everything=False).through == entries[-1]
    audit.record("someone", "looked", "again")
    verdict = trail.check(everything=False)
    assert verdict.broken_at is None and verdict.through > entries[-1]
    assert trail.last_verdict() == verdict


def test_a_changed_new_entry_is_found_by_the_next_check_and_stays_found(entries: list[int]) -> None:
    trail.check(everything=False)
    audit.record("someone", "looked", "again")
    changed = AuditEntry.objects.order_by("-id")[0].pk
    behind_its_back(f"UPDATE audit_auditentry SET actor = 'nobody' WHERE id = {changed}")
    assert trail.check(everything=False).broken_at == changed
    audit.record("someone", "looked", "later")
    assert trail.check(everything=False).broken_at == changed


def test_a_changed_old_entry_is_found_by_the_nightly_check(entries: list[int]) -> None:
    trail.check(everything=False)
    behind_its_back(f"UPDATE audit_auditentry SET actor = 'nobody' WHERE id = {entries[1]}")
    assert trail.check(everything=False).broken_at is None, "it was looked at before"
    assert trail.check(everything=True).broken_at == entries[1]


@pytest.mark.parametrize("replaced", [False, True])
def test_an_end_that_was_cut_off_is_missed(entries: list[int], replaced: bool) -> None:
    trail.check(everything=False)
    behind_its_back(f"DELETE FROM audit_auditentry WHERE id = {entries[-1]}")
    if replaced:
        audit.record("someone", "looked", "elsewhere")
    for everything in (False, True):
        assert trail.check(everything=everything).broken_at == entries[-1]
