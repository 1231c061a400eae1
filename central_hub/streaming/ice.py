"""How browsers reach the relay's WebRTC where UDP does not go straight through: STUN and TURN servers.

Credentials are good for a while and made without asking the TURN server ("A REST API For Access To TURN
Services", draft-uberti-behave-turn-rest-00; coturn's `use-auth-secret`). Pure functions.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class IceServer:
    """As RTCIceServer of a browser takes it (W3C WebRTC, 4.2.4); STUN needs no credential."""

    urls: list[str]
    username: str = ""
    credential: str = ""


def ice_servers(urls: Sequence[str], secret: str, user: str, expires_at: datetime) -> list[IceServer]:
    """What a viewer is given: the servers, and leave to use TURN until `expires_at`.

    `user` tells sessions apart in the TURN server's log; it is to name no person.
    """
    stun = [url for url in urls if not _is_turn(url)]
    turn = [url for url in urls if _is_turn(url)]
    servers = [IceServer(stun)] if stun else []
    if turn and secret:
        username = f"{int(expires_at.timestamp())}:{user}"
        servers.append(IceServer(turn, username, turn_credential(secret, username)))
    return servers


def turn_credential(secret: str, username: str) -> str:
    """The password that goes with a username made of its expiry and a name."""
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _is_turn(url: str) -> bool:
    return url.startswith(("turn:", "turns:"))
