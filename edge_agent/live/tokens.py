"""Short-lived keys to one camera's live video, carried in the path of its URLs.

In the path, so that the relative URIs of a playlist carry it by themselves. A
token dies IDLE_S after its last use, and with the login it was made for. Tokens
are in memory only: after a restart the player asks for a new one.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from edge_agent.console.auth import Login

IDLE_S = 60.0
#: Two hundred people with sixteen cameras each, and a few reloads.
MAX_TOKENS = 10_000


class TokenRefused(Exception):
    """The token is unknown, too old, or another camera's."""


@dataclass(slots=True)
class _Grant:
    camera: str
    login: Login
    used_mono: float


class LiveTokens:
    """The tokens that are valid now."""

    def __init__(
        self, holds: Callable[[Login], bool], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._holds = holds
        self._monotonic = monotonic
        self._grants: dict[str, _Grant] = {}

    def issue(self, camera: str, login: Login) -> str:
        """A new token; the oldest one goes when there are too many."""
        now = self._monotonic()
        self._grants = {token: grant for token, grant in self._grants.items() if self._valid(grant, now)}
        if len(self._grants) >= MAX_TOKENS:
            del self._grants[next(iter(self._grants))]
        token = secrets.token_urlsafe(24)
        self._grants[token] = _Grant(camera, login, now)
        return token

    def use(self, token: str, camera: str) -> Login:
        """Whose token it is, and keep it alive. Raises TokenRefused."""
        now = self._monotonic()
        grant = self._grants.get(token)
        if grant is None or grant.camera != camera or not self._valid(grant, now):
            raise TokenRefused
        grant.used_mono = now
        return grant.login

    def _valid(self, grant: _Grant, now_mono: float) -> bool:
        return now_mono - grant.used_mono < IDLE_S and self._holds(grant.login)
