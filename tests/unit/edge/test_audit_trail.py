"""Nothing that people do escapes the trail, and a full disk keeps nobody from his cameras."""

import sqlite3

import pytest

from edge_agent import audit
from edge_agent.audit import AuditTrail
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from protocol.messages import AuditEvent, decode_event
from protocol.topics import Stream


def written(store: Store) -> list[str]:
    outbox = Outbox(store)
    _, seqs = outbox.ends(Stream.AUDIT, 0, 1000)
    return [decode_event(event.data, AuditEvent).action for event in outbox.load(Stream.AUDIT, seqs)]


@pytest.fixture
def full(store: Store) -> Store:
    """As SQLite says it when the disk is full: no page more."""
    with store.transaction() as transaction:
        transaction.execute(
            "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    return store


def make_room(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.execute("DROP TRIGGER full")


def test_what_a_full_disk_refused_is_written_first_when_there_is_room(full: Store) -> None:
    trail = AuditTrail(full)
    trail.record("ana", "console.login")
    trail.record("ana", "console.playback", "cam1")
    assert written(full) == []
    make_room(full)
    trail.record("ana", "console.clip.order")
    assert written(full) == ["console.login", "console.playback", "console.clip.order"]
    trail.write_waiting()
    assert len(written(full)) == 3, "each once"


def test_what_waits_is_written_without_anybody_doing_anything(full: Store) -> None:
    trail = AuditTrail(full)
    trail.record("ana", "console.login")
    with pytest.raises(sqlite3.Error):
        trail.write_waiting()
    make_room(full)
    trail.write_waiting()
    assert written(full) == ["console.login"]


def test_what_cannot_be_kept_in_mind_any_more_is_not_allowed(
    full: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "MAX_WAITING", 2)
    trail = AuditTrail(full)
    for action in ("one", "two"):
        trail.record("ana", action)
    with pytest.raises(sqlite3.Error):
        trail.record("ana", "three")
    make_room(full)
    trail.write_waiting()
    assert written(full) == ["one", "two"], "what was refused did not happen"
