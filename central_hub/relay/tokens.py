"""The tokens of relay sessions, for box and viewer (JWT, RFC 7519, HS256 with the hub's relay secret)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

import jwt

_ALGORITHM = "HS256"


class Audience(StrEnum):
    UPLINK = "gtv-relay-uplink"
    VIEWER = "gtv-relay-viewer"
    LIVE_VIEWER = "gtv-relay-live-viewer"


class InvalidToken(Exception):
    """A token that is missing, forged, expired, or for something else."""


#: What the name of a camera's live uplink begins with; that of a recording is its session.
_LIVE = "live-"


@dataclass(frozen=True, slots=True)
class SessionToken:
    """`uplink`: the one that serves the session. `qualities`: of a live camera, those that may be watched."""

    session: str
    token_id: str
    expires_at: datetime
    session_ends_at: datetime
    uplink: str
    qualities: frozenset[str]


def live_uplink(camera_id: object) -> str:
    """The name of a camera's live uplink: one, however many watch."""
    return f"{_LIVE}{camera_id}"


def is_live(uplink: str) -> bool:
    return uplink.startswith(_LIVE)


def issue(
    secret: str,
    audience: Audience,
    session: str,
    expires_at: datetime,
    session_ends_at: datetime | None = None,
    *,
    uplink: str = "",
    qualities: Sequence[str] = (),
) -> str:
    """A token that must be shown before `expires_at`, for a session that ends then, or later if told so.

    A recording's session has an uplink of its own; a live one is told whose it shares.
    """
    claims: dict[str, Any] = {
        "aud": audience,
        "sub": session,
        "exp": int(expires_at.timestamp()),
        "until": int((session_ends_at or expires_at).timestamp()),
        "jti": uuid4().hex,
        "uplink": uplink or session,
        "qualities": list(qualities),
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
            options={"require": ["exp", "until", "sub", "aud", "jti", "uplink", "qualities"]},
        )
    except jwt.InvalidTokenError as error:
        raise InvalidToken(str(error)) from None
    expires_at, session_ends_at = (datetime.fromtimestamp(claims[name], UTC) for name in ("exp", "until"))
    return SessionToken(
        claims["sub"],
        claims["jti"],
        expires_at,
        session_ends_at,
        claims["uplink"],
        frozenset(claims["qualities"]),
    )
