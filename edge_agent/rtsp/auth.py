"""The Authorization header of RTSP requests: Basic and Digest (RFC 7617, RFC 7616, RFC 2069)."""

import base64
import hashlib
import secrets
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    username: str
    password: str


class Challenge:
    """How a camera wants to be told who is asking, from its WWW-Authenticate header."""

    def __init__(self, scheme: str, fields: dict[str, str]) -> None:
        self.scheme = scheme
        self._fields = fields
        self._count = 0

    @property
    def nonce(self) -> str:
        return self._fields.get("nonce", "")

    def authorization(self, who: Credentials, method: str, uri: str) -> str:
        """The header's value for a request."""
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{who.username}:{who.password}".encode()).decode()
        realm = self._fields.get("realm", "")
        secret = self._hash(f"{who.username}:{realm}:{who.password}")
        request = self._hash(f"{method}:{uri}")
        fields = {"username": who.username, "realm": realm, "nonce": self.nonce, "uri": uri}
        bare = {}
        if "auth" in [option.strip() for option in self._fields.get("qop", "").split(",")]:
            self._count += 1
            count, own = f"{self._count:08x}", secrets.token_hex(8)
            response = self._hash(f"{secret}:{self.nonce}:{count}:{own}:auth:{request}")
            fields["cnonce"], bare = own, {"qop": "auth", "nc": count}
        else:
            response = self._hash(f"{secret}:{self.nonce}:{request}")
        fields["response"] = response
        fields |= {name: self._fields[name] for name in ("opaque",) if name in self._fields}
        bare |= {name: self._fields[name] for name in ("algorithm",) if name in self._fields}
        quoted = [f'{name}="{value}"' for name, value in fields.items()]
        return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in bare.items())])

    def _hash(self, text: str) -> str:
        name = _HASHES[self._fields.get("algorithm", "MD5").upper()]
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def choose(headers: Sequence[str]) -> Challenge | None:
    """The strongest challenge that can be answered, of a 401's WWW-Authenticate headers; None: none can."""
    found = [challenge for header in headers if (challenge := _parse(header)) is not None]
    return max(found, key=_strength, default=None)


def _parse(header: str) -> Challenge | None:
    scheme, _, rest = header.strip().partition(" ")
    fields = urllib.request.parse_keqv_list(
        [item for item in urllib.request.parse_http_list(rest) if "=" in item]
    )
    fields = {name.lower(): value for name, value in fields.items()}
    if scheme.lower() == "digest" and fields.get("algorithm", "MD5").upper() not in _HASHES:
        return None
    return Challenge(scheme.lower(), fields) if scheme.lower() in ("basic", "digest") else None


def _strength(challenge: Challenge) -> int:
    if challenge.scheme == "basic":
        return 0
    return 2 if challenge.authorization(Credentials("", ""), "", "").find("SHA-256") >= 0 else 1
