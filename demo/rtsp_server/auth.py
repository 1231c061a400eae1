"""HTTP authentication as cameras ask for it in RTSP: Basic and Digest (RFC 2617, RFC 7616)."""

import base64
import hashlib
import hmac
import secrets
import urllib.request
from dataclasses import dataclass, field
from typing import Literal

REALM = "camera"
Scheme = Literal["basic", "digest", "digest-sha256"]


@dataclass(frozen=True)
class Login:
    username: str
    password: str
    scheme: Scheme = "digest"
    _nonce: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    #: The logins that were not accepted, one for each request with one.
    refused: list[str] = field(default_factory=list, repr=False)

    def challenge(self) -> str:
        """The WWW-Authenticate header."""
        if self.scheme == "basic":
            return f'Basic realm="{REALM}"'
        algorithm = ", algorithm=SHA-256" if self.scheme == "digest-sha256" else ""
        return f'Digest realm="{REALM}", nonce="{self._nonce}"{algorithm}'

    def accepts(self, authorization: str, method: str) -> bool:
        accepted = self._matches(authorization, method)
        if authorization and not accepted:
            self.refused.append(method)
        return accepted

    def _matches(self, authorization: str, method: str) -> bool:
        kind, _, value = authorization.partition(" ")
        if self.scheme == "basic":
            expected = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
            return kind.lower() == "basic" and hmac.compare_digest(value.strip(), expected)
        return kind.lower() == "digest" and self._digest_matches(value, method)

    def _digest_matches(self, value: str, method: str) -> bool:
        given = urllib.request.parse_keqv_list(urllib.request.parse_http_list(value))
        secret = self._hash(f"{self.username}:{REALM}:{self.password}")
        request = self._hash(f"{method}:{given.get('uri', '')}")
        middle = [self._nonce]
        if given.get("qop"):
            middle += [given.get("nc", ""), given.get("cnonce", ""), given["qop"]]
        expected = self._hash(":".join([secret, *middle, request]))
        same_user = given.get("username") == self.username and given.get("nonce") == self._nonce
        return same_user and hmac.compare_digest(given.get("response", ""), expected)

    def _hash(self, text: str) -> str:
        if self.scheme == "digest-sha256":
            return hashlib.sha256(text.encode()).hexdigest()
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
