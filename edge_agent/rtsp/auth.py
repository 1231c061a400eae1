"""The Authorization header of RTSP requests: Basic and Digest (RFC 7617, RFC 7616, RFC 2069)."""

import base64
import hashlib
import secrets
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

_HASHES = {"MD5": "md5", "MD5-SESS": "md5", "SHA-256": "sha256", "SHA-256-SESS": "sha256"}


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
        # One for the whole challenge: a camera may reckon a session's key with that of the first request,
        # or with each request's (RFC 7616, 3.4.2, was understood in both ways).
        self._own = secrets.token_hex(8)

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
        return 2 if self._algorithm.startswith("SHA") else 1

    @property
    def _algorithm(self) -> str:
        return self._fields.get("algorithm", "MD5").upper()

    def authorization(self, who: Credentials, method: str, uri: str) -> str:
        """The header's value for a request."""
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{who.username}:{who.password}".encode()).decode()
        return self._digest(who, method, uri)

    def _digest(self, who: Credentials, method: str, uri: str) -> str:
        qop = self._qop
        self._count += bool(qop)
        fields = {
            "username": who.username,
            "realm": self._fields.get("realm", ""),
            "nonce": self._fields.get("nonce", ""),
            "uri": uri,
        }
        bare = {"qop": qop, "nc": f"{self._count:08x}"} if qop else {}
        if qop or self._is_of_a_session:
            fields["cnonce"] = self._own
        fields["response"] = self._response(who, method, uri, qop)
        fields |= {name: self._fields[name] for name in ("opaque",) if name in self._fields}
        bare |= {name: self._fields[name] for name in ("algorithm",) if name in self._fields}
        quoted = [f'{name}="{_escaped(value)}"' for name, value in fields.items()]
        return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in bare.items())])

    @property
    def _is_of_a_session(self) -> bool:
        return self._algorithm.endswith("-SESS")

    @property
    def _qop(self) -> str:
        """What is protected; empty where a camera knows only RFC 2069. None of our requests has a body,
        so that "auth-int", where nothing else is offered, costs nothing."""
        offered = [option.strip().lower() for option in self._fields.get("qop", "").split(",")]
        return next((known for known in ("auth", "auth-int") if known in offered), "")

    def _response(self, who: Credentials, method: str, uri: str, qop: str) -> str:
        """RFC 7616, 3.4.1 to 3.4.3."""
        nonce = self._fields.get("nonce", "")
        secret = self._hash(f"{who.username}:{self._fields.get('realm', '')}:{who.password}")
        if self._is_of_a_session:
            secret = self._hash(f"{secret}:{nonce}:{self._own}")
        body = f":{self._hash('')}" if qop == "auth-int" else ""
        request = self._hash(f"{method}:{uri}{body}")
        count = f"{self._count:08x}:{self._own}:{qop}:" if qop else ""
        return self._hash(f"{secret}:{nonce}:{count}{request}")

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
