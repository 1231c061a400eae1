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
    def can_be_answered(self) -> bool:
        return self.scheme == "basic" or (self.scheme == "digest" and self._algorithm in _HASHES)

    @property
    def is_stale(self) -> bool:
        """The credentials were right, but the nonce too old (RFC 7616, 3.3)."""
        return self._fields.get("stale", "").lower() == "true"

    @property
    def strength(self) -> int:
        """Basic gives the password away; SHA-256 is better than MD5."""
        if self.scheme == "basic":
            return 0
        return 2 if self._algorithm == "SHA-256" else 1

    @property
    def _algorithm(self) -> str:
        return self._fields.get("algorithm", "MD5").upper()

    def authorization(self, who: Credentials, method: str, uri: str) -> str:
        """The header's value for a request."""
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{who.username}:{who.password}".encode()).decode()
        realm = self._fields.get("realm", "")
        secret = self._hash(f"{who.username}:{realm}:{who.password}")
        request = self._hash(f"{method}:{uri}")
        nonce = self._fields.get("nonce", "")
        fields = {"username": who.username, "realm": realm, "nonce": nonce, "uri": uri}
        bare = {}
        if "auth" in [option.strip() for option in self._fields.get("qop", "").split(",")]:
            self._count += 1
            count, own = f"{self._count:08x}", secrets.token_hex(8)
            response = self._hash(f"{secret}:{nonce}:{count}:{own}:auth:{request}")
            fields["cnonce"], bare = own, {"qop": "auth", "nc": count}
        else:
            response = self._hash(f"{secret}:{nonce}:{request}")
        fields["response"] = response
        fields |= {name: self._fields[name] for name in ("opaque",) if name in self._fields}
        bare |= {name: self._fields[name] for name in ("algorithm",) if name in self._fields}
        quoted = [f'{name}="{_escaped(value)}"' for name, value in fields.items()]
        return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in bare.items())])

    def _hash(self, text: str) -> str:
        return hashlib.new(_HASHES[self._algorithm], text.encode(), usedforsecurity=False).hexdigest()


def _escaped(value: str) -> str:
    """As it stands between quotes (RFC 9110, 5.6.4)."""
    return value.replace("\\", "\\\\").replace('"', '\\"')


def choose(headers: Sequence[str]) -> Challenge | None:
    """The strongest challenge that can be answered, of a 401's WWW-Authenticate headers; None: none can."""
    found = [challenge for header in headers for challenge in _challenges(header)]
    return max(found, key=lambda challenge: challenge.strength, default=None)


def _challenges(header: str) -> list[Challenge]:
    """Those of one header that can be answered: several may stand in it (RFC 9110, 11.6.1)."""
    found: list[tuple[str, dict[str, str]]] = []
    for item in urllib.request.parse_http_list(header):
        name, equals, value = (part.strip() for part in item.partition("="))
        scheme, _, name = name.rpartition(" ") if equals else (name, "", "")
        if scheme:
            found.append((scheme.lower(), {}))
        if found and name:
            found[-1][1][name.lower()] = value[1:-1] if value.startswith('"') else value
    return [made for scheme, fields in found if (made := Challenge(scheme, fields)).can_be_answered]
