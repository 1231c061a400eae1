"""Where the box keeps things, and who it is to the hub.

Everything lies in one data folder: `identity/` (certificate and key from
enrolment, the key of sealed settings), `edge.db`, `recordings/`, `images/`.

Invariant: what carries a credential (cameras' addresses, password hashes, keys)
is in the database only sealed, so a copy of `edge.db` alone (a backup, a disk
handed in) gives nobody a camera.
"""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edge_agent.store import Store
from protocol.topics import NodeAddress

log = structlog.get_logger()

KEY_BYTES = 32
#: The sealed settings that have a copy. Not the session key: with the list of ended sessions
#: lost, every session must end.
COPIED = frozenset({"desired-state", "local-cameras", "camera-names", "holds"})
#: NIST SP 800-38D, 8.2.2: random 96-bit nonces are safe for 2^32 values under one key.
_NONCE_BYTES = 12
_SEALED = "sealed:"


class NotEnrolled(Exception):
    """The box has no identity yet."""


class AlreadyRunning(Exception):
    """Another process works on this data folder."""


class DataFolderUnusable(Exception):
    """The data folder cannot be read or written."""

    def __init__(self, root: Path, error: OSError) -> None:
        super().__init__(
            f"A pasta de dados {root} não pode ser usada ({error.strerror}: {error.filename or root}). "
            "Confira o dono e as permissões da pasta e se o disco está montado para escrita."
        )


class Identity(msgspec.Struct, frozen=True):
    """What enrolment gave the box, beside its certificate files."""

    city: str
    node: str
    broker_host: str
    broker_port: int

    @property
    def address(self) -> NodeAddress:
        return NodeAddress(self.city, self.node)


class DataFolder:
    """The paths below a box's data folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "edge.db"
        self.recordings = root / "recordings"
        self.images = root / "images"
        self.thumbnails = root / "thumbnails"
        self.clips = root / "clips"
        self.identity = root / "identity"
        self.key = self.identity / "node.key"
        self.certificate = self.identity / "node.crt"
        #: Issued by the hub, and not yet proven (edge_agent.renewal).
        self.next_certificate = self.identity / "next.crt"
        self.ca = self.identity / "ca.crt"
        self.console_certificate = self.identity / "console.crt"
        self.console_key = self.identity / "console.key"
        self.metrics_token = self.identity / "metrics.token"
        self.secrets_key = self.identity / "secrets.key"
        self._identity_file = self.identity / "identity.json"

    def prepare(self) -> Self:
        """Raises DataFolderUnusable."""
        with self.in_use():
            for folder in (self.root, self.recordings, self.images, self.clips, self.identity):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """What the system refuses here becomes DataFolderUnusable, in words for the technician."""
        try:
            yield
        except OSError as error:
            raise DataFolderUnusable(self.root, error) from None

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Be the only process that records or repairs here; a lock of the system, so a crash leaves none.

        Raises AlreadyRunning, DataFolderUnusable.
        """
        with self.in_use():
            lock_file = (self.root / "agent.lock").open("w")
        with lock_file as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(f"a caixa está em uso em {self.root}: pare o serviço antes") from None
            yield

    def load_identity(self) -> Identity:
        """Raises NotEnrolled, DataFolderUnusable."""
        enrol = "(GTV_ENROLMENT_TOKEN=... gtv edge enrol --hub URL --data-dir DIR)"
        try:
            return msgspec.json.decode(self._identity_file.read_bytes(), type=Identity)
        except FileNotFoundError:
            raise NotEnrolled(
                f"Não há identidade em {self.identity}: registre esta caixa primeiro {enrol}"
            ) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise NotEnrolled(
                f"A identidade em {self._identity_file} está danificada: registre esta caixa de novo {enrol}"
            ) from None
        except OSError as error:
            raise DataFolderUnusable(self.root, error) from None

    def save_identity(self, identity: Identity, key_pem: bytes, certificate_pem: str, ca_pem: str) -> None:
        """Written last: identity.json, so that a half-written enrolment is no identity.

        Raises DataFolderUnusable.
        """
        with self.in_use():
            self.next_certificate.unlink(missing_ok=True)
            _write_durably(self.key, key_pem)
            _write_durably(self.certificate, certificate_pem.encode())
            _write_durably(self.ca, ca_pem.encode())
            _write_durably(self._identity_file, msgspec.json.encode(identity))

    def keep_next_certificate(self, certificate_pem: str) -> None:
        """Raises OSError."""
        _write_durably(self.next_certificate, certificate_pem.encode())

    def adopt_next_certificate(self) -> None:
        """One rename: the old certificate or the new one, whenever the power goes. Raises OSError."""
        self.next_certificate.replace(self.certificate)


class Settings:
    """Small values that the box keeps in its database; what is secret, sealed with a key beside it.

    What is to be recorded, how it is called and what is held as evidence has a copy in a file beside the
    key, because it must not be lost with a damaged database on a box without internet. The file is written
    before the row is committed, and read only where there is no row.
    """

    def __init__(self, store: Store, key_file: Path) -> None:
        """The key is made when there is none. Raises OSError."""
        self.store = store
        self._cipher = AESGCM(_load_or_make_key(key_file))
        self._copies = key_file.parent
        #: Sealed settings that came from their copies: the database is new.
        self.restored: set[str] = set()
        #: Sealed settings that this key does not open: the key was lost or changed.
        self.unreadable: set[str] = set()

    def get(self, name: str) -> bytes | None:
        with self.store.read() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name=?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, name: str, value: bytes) -> None:
        with self.store.transaction() as transaction:
            _put(transaction, name, value)

    def get_sealed(self, name: str) -> bytes | None:
        """None also when the key does not open it: the value is then as good as lost, and is asked
        for again where it came from. A value that an older version kept plain is sealed now."""
        self._seal_plain(name)
        stored = self.get(_SEALED + name)
        if stored is None:
            stored = self._copy_of(name)
        if stored is None:
            return None
        nonce, sealed = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, name.encode())
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            self.unreadable.add(name)
            log.error("sealed_setting_unreadable", setting=name, cause="identity/secrets.key lost or changed")
            return None

    def set_sealed(self, name: str, value: bytes) -> None:
        with self.store.transaction() as transaction:
            self.put_sealed(transaction, name, value)

    def put_sealed(self, transaction: sqlite3.Connection, name: str, value: bytes) -> None:
        """As `set_sealed`, in the transaction of what belongs to it."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, value, name.encode())
        self._keep_copy(name, sealed)
        _put(transaction, _SEALED + name, sealed)
        self.unreadable.discard(name)
        self.restored.discard(name)

    def secret(self, name: str) -> bytes:
        """A random key of 32 bytes, kept sealed, made the first time it is asked for."""
        value = self.get_sealed(name)
        if value is None:
            value = secrets.token_bytes(KEY_BYTES)
            self.set_sealed(name, value)
        return value

    def _copy_of(self, name: str) -> bytes | None:
        if name not in COPIED:
            return None
        try:
            copy = self._copy_file(name).read_bytes()
        except OSError:
            return None
        log.warning("setting_restored", setting=name)
        self.restored.add(name)
        return copy

    def _keep_copy(self, name: str, sealed: bytes) -> None:
        if name not in COPIED:
            return
        try:
            _write_durably(self._copy_file(name), sealed)
        except OSError as error:  # a full disk: the row, if there is room for it, is enough
            log.warning("setting_not_copied", setting=name, error=str(error))

    def _copy_file(self, name: str) -> Path:
        return self._copies / f"{name}.sealed"

    def _seal_plain(self, name: str) -> None:
        """Sealed first, then deleted: a power cut in between repeats this and loses nothing."""
        plain = self.get(name)
        if plain is None:
            return
        self.set_sealed(name, plain)
        with self.store.transaction() as transaction:
            transaction.execute("DELETE FROM setting WHERE name=?", (name,))
        self.store.forget_deleted()
        log.info("setting_sealed", setting=name)


def _put(transaction: sqlite3.Connection, name: str, value: bytes) -> None:
    transaction.execute(
        "INSERT INTO setting(name, value) VALUES (?, ?) "
        "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _load_or_make_key(file: Path) -> bytes:
    """The box's own sealing key; a file of another size is no key and is replaced."""
    if file.exists() and len(key := file.read_bytes()) == KEY_BYTES:
        return key
    key = AESGCM.generate_key(bit_length=8 * KEY_BYTES)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_durably(file, key)
    return key


def _write_durably(file: Path, content: bytes) -> None:
    """Whole or not at all, for the box alone. Raises OSError."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
