"""The box's database: all of a transaction or nothing, also when the disk has no room."""

import sqlite3
import threading
from pathlib import Path

import pytest

from edge_agent.config import Settings
from edge_agent.schema import SCHEMA_VERSION
from edge_agent.store import Store, StoreDamaged, StoreUnavailable


def test_a_transaction_that_fails_leaves_nothing(store: Store, settings: Settings) -> None:
    with pytest.raises(RuntimeError), store.transaction() as transaction:
        transaction.execute("INSERT INTO setting(name, value) VALUES ('a', x'01')")
        raise RuntimeError
    assert settings.get("a") is None


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Store(tmp_path / "edge.db")
    settings = Settings(first, tmp_path / "secrets.key")
    settings.set("name", b"value")
    secret = settings.secret("key")
    first.close()
    second = Store(tmp_path / "edge.db")
    restarted = Settings(second, tmp_path / "secrets.key")
    assert restarted.get("name") == b"value"
    assert restarted.secret("key") == secret
    assert len(secret) == 32
    second.close()


def test_a_commit_survives_a_power_cut(store: Store) -> None:
    """synchronous=FULL (2) with a write-ahead log: the commit waits for the disk."""
    with store.read() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


def test_nobody_else_on_the_box_can_read_the_cameras_passwords(store: Store, tmp_path: Path) -> None:
    assert (tmp_path / "edge.db").stat().st_mode & 0o077 == 0


def test_a_full_disk_refuses_writes_and_the_box_goes_on_when_there_is_room(
    store: Store, settings: Settings
) -> None:
    with store.read() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        settings.set("big", b"x" * 1_000_000)
    with store.read() as connection:
        connection.execute("PRAGMA max_page_count=1000000")
    settings.set("big", b"x" * 1_000_000)
    assert len(settings.get("big") or b"") == 1_000_000


def test_threads_take_turns(store: Store, settings: Settings) -> None:
    def count_up() -> None:
        for _ in range(20):
            with store.transaction() as transaction:
                row = transaction.execute("SELECT value FROM setting WHERE name='n'").fetchone()
                number = int(row[0]) + 1 if row else 1
                transaction.execute(
                    "INSERT INTO setting(name, value) VALUES ('n', ?) "
                    "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                    (str(number).encode(),),
                )

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert settings.get("n") == b"80"


def test_a_database_of_the_first_version_gets_the_new_tables_and_keeps_what_it_holds(tmp_path: Path) -> None:
    old = Store(tmp_path / "edge.db")
    with old.transaction() as transaction:
        transaction.execute("INSERT INTO setting(name, value) VALUES ('a', x'01')")
        for table in ("protected_span", "coverage", "clip"):
            transaction.execute(f"DROP TABLE {table}")
        transaction.execute("ALTER TABLE outbox DROP COLUMN created_us")
        transaction.execute("INSERT INTO outbox(stream, seq, data) VALUES ('audit', 7, x'01')")
        transaction.execute("PRAGMA user_version=1")
    old.close()
    new = Store(tmp_path / "edge.db")
    with new.read() as connection:
        assert connection.execute("SELECT count(*) FROM setting").fetchone()[0] == 1
        waiting = connection.execute("SELECT seq, created_us FROM outbox").fetchall()
        assert [tuple(row) for row in waiting] == [(7, None)]
        for table in ("protected_span", "coverage", "clip"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
        assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    new.close()


# --- a damaged database -----------------------------------------------------------------


@pytest.mark.parametrize("damage", [b"not a database" * 1000, b"\xff" * 300], ids=["header", "schema"])
def test_a_damaged_database_is_kept_aside_and_a_new_one_begins(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "edge.db"
    old = Store(path)
    assert old.damaged == []
    old.close()
    data = bytearray(path.read_bytes())
    at = 0 if damage.startswith(b"not") else 120
    data[at : at + len(damage)] = damage
    path.write_bytes(data)
    with pytest.raises(StoreDamaged, match="danificado"):
        Store(path)
    assert path.read_bytes() == bytes(data), "who only looks leaves it where it is"
    assert list(tmp_path.glob("*.damaged-*")) == []
    new = Store(path, replace_damaged=True)
    (aside,) = new.damaged
    assert aside.read_bytes() == bytes(data)
    with new.transaction() as transaction:
        transaction.execute("INSERT INTO setting(name, value) VALUES ('a', x'01')")
    new.close()


def test_damage_met_in_use_is_looked_for_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge_agent.store.CHECK_UP_TO_BYTES", 0)  # as for a database that has grown
    path = tmp_path / "edge.db"
    store = Store(path)
    with store.transaction() as transaction:
        transaction.executemany(
            "INSERT INTO setting(name, value) VALUES (?, zeroblob(3000))", [(str(n),) for n in range(200)]
        )
    store.close()
    store = Store(path)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 100_000)
    with pytest.raises(sqlite3.DatabaseError), store.read() as connection:
        connection.execute("SELECT sum(length(value)) FROM setting").fetchone()
    store.close()
    assert (tmp_path / "edge.db.suspect").exists()
    again = Store(path, replace_damaged=True)
    assert len(again.damaged) == 1
    assert not (tmp_path / "edge.db.suspect").exists()
    again.close()


def test_a_folder_that_cannot_hold_a_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        Store(tmp_path / "file" / "edge.db")
    (tmp_path / "edge.db").mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        Store(tmp_path / "edge.db")
