"""An update of the box's software: what is refused, what is fetched, and when a new version works."""

import asyncio
import hashlib
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from central_hub.pki import Authority
from edge_agent import schema
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from edge_agent.updates import archive, install, updater
from edge_agent.updates.domain import MARGIN_BYTES, Wellness, refusal, room_needed, works
from edge_agent.updates.launcher import Slots
from edge_agent.updates.updater import Refused, Updater
from protocol import releases
from protocol.messages import InstallRelease, UpdateReport
from protocol.releases import NotTrusted, Release, SignedRelease
from tests.integration.hub.box import new_csr

WORKED = Wellness(cameras=0, hub=False)


def release_of(content: bytes, version: str = "9.0.0") -> Release:
    return Release(version, hashlib.sha256(content).hexdigest(), len(content), 1)


@pytest.fixture
def hub(tmp_path: Path) -> Authority:
    made = Authority(tmp_path / "pki")
    made.ensure("127.0.0.1")
    return made


def names_in(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


# --- decisions -------------------------------------------------------------------------


@given(st.integers(0, 1000), st.integers(0, 1000), st.booleans(), st.booleans())
def test_a_new_version_works_when_it_does_what_the_old_one_did(
    before: int, now: int, hub_before: bool, hub_now: bool
) -> None:
    well = works(Wellness(before, hub_before), Wellness(now, hub_now))
    if now >= before and (hub_now or not hub_before):
        assert well
    if hub_before and not hub_now:
        assert not well, "a box that the hub cannot reach any more could not be mended from there"
    if before and not now:
        assert not well, "a version that records nothing never stays"
    if before - now > before / 10:
        assert not well


NUMBERS = st.tuples(*[st.integers(0, 999_999)] * 3)


@given(NUMBERS, NUMBERS, st.booleans())
def test_an_older_version_is_refused_unless_it_was_asked_for(
    new: tuple[int, ...], running: tuple[int, ...], allow_older: bool
) -> None:
    version, now = (".".join(map(str, numbers)) for numbers in (new, running))
    why = refusal(release_of(b"x", version), now, allow_older=allow_older, free_bytes=2**40)
    assert (why is not None) == (new == running or (new < running and not allow_older))


def test_a_release_that_does_not_fit_on_the_disk_is_refused_before_it_is_fetched() -> None:
    release = Release("9.0.0", "0" * 64, 100_000_000, 300_000_000)
    needed = room_needed(release)
    assert needed > 100_000_000 + 300_000_000 + MARGIN_BYTES
    assert refusal(release, "1.0.0", allow_older=False, free_bytes=needed) is None
    why = refusal(release, "1.0.0", allow_older=False, free_bytes=needed - 1)
    assert why is not None and "espaço" in why


# --- who is believed ----------------------------------------------------------------------


def ca_of(hub: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificate((hub.folder / "ca.crt").read_bytes())


def test_a_release_that_the_own_hub_signed_is_believed(hub: Authority) -> None:
    release = release_of(b"wheels")
    assert releases.verify(hub.sign_release(release), ca_of(hub), datetime.now(UTC)) == release


def test_nothing_else_is_believed(hub: Authority, tmp_path: Path) -> None:
    release, now = release_of(b"wheels"), datetime.now(UTC)
    good = hub.sign_release(release)
    other = Authority(tmp_path / "other")
    other.ensure("127.0.0.1")
    csr, key_pem = new_csr()
    box_key = serialization.load_pem_private_key(key_pem, password=None)
    assert isinstance(box_key, ec.EllipticCurvePrivateKey)
    by_a_box = releases.sign(release, box_key, hub.issue_for_node(csr, "x/y").certificate_pem)
    forged = {
        "another hub's": other.sign_release(release),
        "a box's certificate": by_a_box,
        "a changed statement": msgspec.structs.replace(
            good, statement=good.statement.replace("9.0.0", "9.0.1")
        ),
        "another signature": msgspec.structs.replace(good, signature=by_a_box.signature),
        "no signature": msgspec.structs.replace(good, signature="?"),
        "no certificate": msgspec.structs.replace(good, certificate_pem="?"),
        "the authority itself": msgspec.structs.replace(
            good, certificate_pem=(hub.folder / "ca.crt").read_text()
        ),
    }
    for what, signed in forged.items():
        with pytest.raises(NotTrusted):
            releases.verify(signed, ca_of(hub), now)
            pytest.fail(what)
    with pytest.raises(NotTrusted, match="prazo"):
        releases.verify(good, ca_of(hub), now.replace(year=now.year + 3))


# --- fetching --------------------------------------------------------------------------------


@dataclass
class Shelf:
    """An HTTP server with one object, that breaks off after so many bytes, as often as it is told to."""

    content: bytes
    cuts: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf(os.urandom(300_000))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            since = self.headers.get("Range", "")
            shelf.asked.append(since)
            start = int(since.removeprefix("bytes=").rstrip("-") or 0)
            body = shelf.content[start:]
            self.send_response(206 if since else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: shelf.cuts.pop(0)] if shelf.cuts else body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shelf.url = f"http://127.0.0.1:{server.server_port}/release"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield shelf
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_download_that_breaks_off_goes_on_where_it_was(shelf: Shelf, tmp_path: Path) -> None:
    shelf.cuts = [100_000, 50_000]
    fetched = await archive.fetch(release_of(shelf.content), shelf.url, tmp_path)
    assert fetched.read_bytes() == shelf.content
    assert len(shelf.asked) == 3 and shelf.asked[0] == ""
    starts = [int(asked.removeprefix("bytes=").rstrip("-")) for asked in shelf.asked[1:]]
    assert 0 < starts[0] < starts[1] < 300_000


async def test_a_download_that_never_ends_is_given_up(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "FIRST_WAIT_S", 0.001)
    whole = shelf.content
    shelf.content = whole[:-1]
    with pytest.raises(archive.ArchiveRefused, match="inteiro"):
        await archive.fetch(release_of(whole), shelf.url, tmp_path)


async def test_other_bytes_than_the_signed_ones_are_thrown_away(shelf: Shelf, tmp_path: Path) -> None:
    signed = release_of(shelf.content)
    shelf.content = shelf.content[:-1] + bytes([shelf.content[-1] ^ 1])
    with pytest.raises(archive.ArchiveRefused, match="SHA-256"):
        await archive.fetch(signed, shelf.url, tmp_path)
    assert not names_in(tmp_path), "the next attempt begins anew"
    shelf.content += b"more"
    with pytest.raises(archive.ArchiveRefused, match="maior"):
        await archive.fetch(signed, shelf.url, tmp_path)


def test_an_archive_holds_wheels_and_nothing_that_climbs_out(tmp_path: Path) -> None:
    for name in ("../x.whl", "setup.py", "a/b.whl"):
        file = tmp_path / "archive.zip"
        with zipfile.ZipFile(file, "w") as opened:
            opened.writestr(name, b"")
        with pytest.raises(install.InstallFailed, match="não é um pacote"):
            install.unpack(file, tmp_path / "wheels")
    (tmp_path / "archive.zip").write_bytes(b"no zip")
    with pytest.raises(install.InstallFailed, match="ZIP"):
        install.unpack(tmp_path / "archive.zip", tmp_path / "wheels")


# --- the updater: an order, and what becomes of it ------------------------------------------


class Rig:
    """An updater over slots of which `a` runs; installing is a matter of the integration tests."""

    def __init__(self, root: Path, hub: Authority) -> None:
        self.slots = Slots(root)
        root.mkdir()
        self.slots.point_to("a")
        self.hub = hub
        self.wellness = WORKED
        self.restarts = 0
        self.updater = self.anew()

    def anew(self) -> Updater:
        """As after a restart."""
        return Updater(self.slots, self.hub.folder / "ca.crt", lambda: self.wellness, self._restart)

    def _restart(self) -> None:
        self.restarts += 1

    def order(self, shelf: Shelf, attempt: str = "one", **changes: Any) -> InstallRelease:
        signed = changes.pop("release", None) or self.hub.sign_release(release_of(shelf.content))
        return InstallRelease(attempt, signed, shelf.url, **changes)

    async def carry_out(self, order: InstallRelease) -> UpdateReport | None:
        release = self.updater.check(order)
        assert release is not None
        await self.updater.carry_out(order, release)
        return self.updater.report


@pytest.fixture
def rig(tmp_path: Path, hub: Authority, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setattr(updater, "__version__", "1.0.0")
    return Rig(tmp_path / "slots", hub)


def filled(*_: object) -> None:
    """The slot was installed."""


async def test_an_update_ends_in_a_trial_of_the_other_slot(
    rig: Rig, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updater, "_fill", filled)
    rig.wellness = Wellness(7, True)
    report = await rig.carry_out(rig.order(shelf))
    assert report == UpdateReport("one", "9.0.0", "trial") and rig.restarts == 1
    trial = rig.slots.trial()
    assert trial is not None and (trial["slot"], trial["cameras"], trial["hub"]) == ("b", 7, True)
    assert rig.slots.current == "a", "until the new version has shown that it works"
    assert not any(name.endswith(".part") for name in names_in(rig.slots.root)), "the archive is not kept"
    assert rig.updater.check(rig.order(shelf)) is None, "the same order again is no news"
    with pytest.raises(Refused, match="andamento"):
        rig.anew().check(rig.order(shelf, "two"))


async def test_what_was_refused_is_told_also_after_a_restart(rig: Rig, shelf: Shelf, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    other.ensure("127.0.0.1")
    forged = other.sign_release(release_of(shelf.content))
    with pytest.raises(Refused, match="central desta caixa"):
        rig.updater.check(rig.order(shelf, release=forged))
    report = rig.anew().report
    assert report is not None and (report.attempt, report.step) == ("one", "failed")
    assert not shelf.asked, "nothing is fetched of what is not believed"
    assert rig.updater.check(rig.order(shelf)) is None, "that attempt is over"
    assert rig.updater.check(rig.order(shelf, "two")) is not None, "another one may be good"


async def test_older_and_equal_versions_are_refused(rig: Rig, shelf: Shelf) -> None:
    older = rig.hub.sign_release(release_of(shelf.content, "0.9.0"))
    with pytest.raises(Refused, match="mais antiga"):
        rig.updater.check(rig.order(shelf, "one", release=older))
    assert rig.updater.check(rig.order(shelf, "two", release=older, allow_older=True)) is not None
    same = rig.hub.sign_release(release_of(shelf.content, "1.0.0"))
    with pytest.raises(Refused, match="já está em uso"):
        rig.anew().check(rig.order(shelf, "three", release=same))


async def test_a_disk_that_fills_meanwhile_fails_the_update_and_nothing_else(
    rig: Rig, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(updater, "_fill", full)
    report = await rig.carry_out(rig.order(shelf))
    assert report is not None and report.step == "failed" and "disco" in report.reason
    assert rig.slots.trial() is None and rig.slots.current == "a" and rig.restarts == 0


async def test_an_address_that_is_none_fails_the_update_and_nothing_else(rig: Rig, shelf: Shelf) -> None:
    shelf.url = "http://127.0.0.1:none/"
    report = await rig.carry_out(rig.order(shelf))
    assert report is not None and report.step == "failed" and "erro interno" in report.reason


async def test_a_release_that_was_given_up_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "older.part").write_bytes(b"half")
    fetched = await archive.fetch(release_of(shelf.content), shelf.url, tmp_path)
    assert names_in(tmp_path) == {fetched.name}


async def test_an_archive_that_is_no_software_fails_the_update(rig: Rig, shelf: Shelf) -> None:
    report = await rig.carry_out(rig.order(shelf))
    assert report is not None and report.step == "failed" and "ZIP" in report.reason
    assert rig.slots.trial() is None and rig.restarts == 0


async def test_a_box_without_the_launcher_says_so(shelf: Shelf, hub: Authority) -> None:
    plain = Updater(None, hub.folder / "ca.crt", lambda: WORKED, lambda: None)
    await plain.confirm_when_well()  # nothing to confirm
    order = InstallRelease("one", SignedRelease("", "", ""), shelf.url)
    with pytest.raises(Refused, match="lançador"):
        plain.check(order)
    assert plain.report is not None and plain.report.step == "failed"


async def test_a_version_confirms_itself_when_it_has_been_well_in_one_go(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = {"cameras": 2, "hub": True, "deadline_s": 180.0}
    rig.slots.begin_trial({"slot": "b", "attempt": "one", "version": "9.0.0", **compared})
    seen = iter([Wellness(2, True)] * 6 + [Wellness(0, True)] + [Wellness(2, True)] * 10)
    asked = 0

    def wellness() -> Wellness:
        nonlocal asked
        asked += 1
        assert rig.slots.current == "a"
        return next(seen)

    slept = SimpleNamespace(sleep=_no_sleep, to_thread=asyncio.to_thread)
    monkeypatch.setattr(updater, "asyncio", slept)
    new = Updater(rig.slots, rig.hub.folder / "ca.crt", wellness, lambda: None)
    await new.confirm_when_well()
    assert asked == 17, "a moment without its cameras begins the count anew"
    assert rig.slots.current == "b" and rig.slots.trial() is None
    assert new.report == UpdateReport("one", "9.0.0", "confirmed")


async def _no_sleep(_: float) -> None:
    return None


# --- the database -------------------------------------------------------------------------------


def _columns(db: Database) -> dict[str, dict[str, tuple[Any, ...]]]:
    """Of each table, each column's type and the rest that SQLite says of it."""
    return {
        table: {row[1]: tuple(row[2:]) for row in db.conn.execute(f"PRAGMA table_info([{table}])")}
        for table in db.table_names()
    }


def test_the_version_before_can_go_on_with_the_database_of_the_new_one() -> None:
    """ADR 63: a schema step only adds what may be left out."""
    old, new = Database(memory=True), Database(memory=True)
    schema._create_tables(old)
    for step in (schema._create_recording_tables, schema._create_evidence_tables):
        step(old)
    schema.migrate(new, lambda: 0)
    before, after = _columns(old), _columns(new)
    for table, columns in before.items():
        for name, kind in columns.items():
            assert after[table][name] == kind, f"{table}.{name} is no longer what the version before writes"
        for name in after[table].keys() - columns.keys():
            _, not_null, default, _ = after[table][name]
            assert not not_null or default is not None, f"{table}.{name} cannot be left out"


def test_a_database_of_a_newer_version_is_opened_as_it_is(tmp_path: Path) -> None:
    store = Store(tmp_path / "edge.db")
    with store.transaction() as transaction:
        transaction.execute("ALTER TABLE plate_read ADD COLUMN of_the_future TEXT")
        transaction.execute(f"PRAGMA user_version={schema.SCHEMA_VERSION + 1}")
    store.close()
    Outbox(reopened := Store(tmp_path / "edge.db"))
    with reopened.read() as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        assert version == schema.SCHEMA_VERSION + 1, "the new version does not begin its steps again"
    reopened.close()
