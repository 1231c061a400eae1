"""Browsers are given STUN and TURN servers with leave that ends by itself."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from central_hub.streaming.ice import IceServer, ice_servers

ENDS_AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SECRET = "north"
URLS = [
    "stun:turn.example:3478",
    "turn:turn.example:3478?transport=udp",
    "turns:turn.example:443?transport=tcp",
]


def test_a_credential_is_the_hmac_of_its_expiry_and_name() -> None:
    """As coturn computes it: base64 of HMAC-SHA1 of the username with the shared secret as key."""
    stun, turn = ice_servers(URLS, SECRET, "s1", ENDS_AT)
    assert stun == IceServer(URLS[:1])
    assert (turn.urls, turn.username) == (URLS[1:], f"{int(ENDS_AT.timestamp())}:s1")
    expected = hmac.new(b"north", turn.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(turn.credential) == expected


def test_what_is_not_configured_is_not_given() -> None:
    assert ice_servers([], SECRET, "s1", ENDS_AT) == []
    assert ice_servers(URLS, "", "s1", ENDS_AT) == [IceServer(URLS[:1])], (
        "TURN without a secret lets nobody in"
    )
    assert [server.urls for server in ice_servers(URLS[1:], SECRET, "s1", ENDS_AT)] == [URLS[1:]]
