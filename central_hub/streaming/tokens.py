"""The tokens that the relay trusts: signed with the key it shares with the hub, nothing else to look up."""

import uuid
from datetime import datetime

import jwt
from django.conf import settings

VIEWER = "gtv-relay-viewer"
UPLINK = "gtv-relay-uplink"


def viewer_token(session: uuid.UUID, expires_at: datetime) -> str:
    """For the browser: good as long as the session."""
    return _token(VIEWER, session, expires_at)


def uplink_token(session: uuid.UUID, expires_at: datetime) -> str:
    """For the box: good for one connection, which the relay sees to."""
    return _token(UPLINK, session, expires_at)


def _token(audience: str, session: uuid.UUID, expires_at: datetime) -> str:
    claims = {"aud": audience, "sub": str(session), "exp": expires_at, "jti": uuid.uuid4().hex}
    return jwt.encode(claims, settings.GTV_RELAY_SECRET, algorithm="HS256")
