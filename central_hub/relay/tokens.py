"""The two tokens of a relay session (JWT, RFC 7519, HS256 with the hub's relay secret)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

import jwt

_ALGORITHM = "HS256"


class Audience(StrEnum):
    UPLINK = "gtv-relay-uplink"
    VIEWER = "gtv-relay-viewer"


class InvalidToken(Exception):
    """A token that is missing, forged, expired, or for something else."""


@dataclass(frozen=True, slots=True)
class SessionToken:
    session: str
    token_id: str
    expires_at: datetime
    session_ends_at: datetime


def issue(
    secret: str,
    audience: Audience,
    session: str,
    expires_at: datetime,
    session_ends_at: datetime | None = None,
) -> str:
    """A token that must be shown before `expires_at`, for a session that ends then, or later if told so."""
    claims = {
        "aud": audience,
        "sub": session,
        "exp": int(expires_at.timestamp()),
        "until": int((session_ends_at or expires_at).timestamp()),
        "jti": uuid4().hex,
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def bearer_token(authorization: str) -> str:
    """The token of an `Authorization: Bearer` header (RFC 6750). Raises InvalidToken."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken("no bearer token")
    return token


def verify(secret: str, audience: Audience, token: str) -> SessionToken:
    """What a token says. Raises InvalidToken."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=audience,
            options={"require": ["exp", "until", "sub", "aud", "jti"]},
        )
    except jwt.InvalidTokenError as error:
        raise InvalidToken(str(error)) from None
    expires_at, session_ends_at = (datetime.fromtimestamp(claims[name], UTC) for name in ("exp", "until"))
    return SessionToken(claims["sub"], claims["jti"], expires_at, session_ends_at)
