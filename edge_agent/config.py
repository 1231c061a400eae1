"""Where the box keeps things, and who it is to the hub.

Everything lies in one data folder: `identity/` (certificate and key from
enrolment), `edge.db`, `recordings/`, `images/`.
"""

import secrets
from pathlib import Path
from typing import Self

import msgspec

from edge_agent.store import Store
from protocol.topics import NodeAddress


class NotEnrolled(Exception):
    """The box has no identity yet."""


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
        self.identity = root / "identity"
        self.key = self.identity / "node.key"
        self.certificate = self.identity / "node.crt"
        self.ca = self.identity / "ca.crt"
        self._identity_file = self.identity / "identity.json"

    def prepare(self) -> Self:
        for folder in (self.root, self.recordings, self.images, self.identity):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    def load_identity(self) -> Identity:
        """Raises NotEnrolled."""
        if not self._identity_file.exists():
            raise NotEnrolled(
                f"no identity in {self.identity}: enrol this box first "
                "(GTV_ENROLMENT_TOKEN=... gtv edge enrol --hub URL --data-dir DIR)"
            )
        return msgspec.json.decode(self._identity_file.read_bytes(), type=Identity)

    def save_identity(self, identity: Identity, key_pem: bytes, certificate_pem: str, ca_pem: str) -> None:
        """Written last: identity.json, so that a half-written enrolment is no identity."""
        self.key.touch(mode=0o600)
        self.key.write_bytes(key_pem)
        self.certificate.write_text(certificate_pem)
        self.ca.write_text(ca_pem)
        self._identity_file.write_bytes(msgspec.json.encode(identity))


class Settings:
    """Small values that the box keeps in its database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> bytes | None:
        with self._store.read() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name=?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, name: str, value: bytes) -> None:
        with self._store.transaction() as transaction:
            transaction.execute(
                "INSERT INTO setting(name, value) VALUES (?, ?) "
                "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def secret(self, name: str) -> bytes:
        """A random key of 32 bytes, made the first time it is asked for."""
        value = self.get(name)
        if value is None:
            value = secrets.token_bytes(32)
            self.set(name, value)
        return value
