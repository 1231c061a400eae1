"""Who may use the LAN console: the people in the desired state, checked offline.

The password hashes came from the hub (argon2id, RFC 9106). A session is a JWT
(RFC 7519, HS256 with the box's own key) in an HttpOnly, SameSite=Strict cookie,
so that pictures and video load without a script touching the token.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable

import argon2
import jwt

from protocol.messages import DesiredState, DesiredUser

SESSION_S = 12 * 3600  # one shift
COOKIE = "gtv_session"
_ALGORITHM = "HS256"
_AUDIENCE = "gtv-console"

#: Failed logins per user name within WINDOW_S before the name is refused for the rest of it.
MAX_FAILURES = 5
WINDOW_S = 300.0
REMEMBERED_NAMES = 10_000

#: Verified when the user name is unknown, so that the answer takes as long as a wrong password.
_NOBODY = argon2.PasswordHasher().hash("nobody has this password")


class LoginFailed(Exception):
    """Wrong name or password."""


class TooManyAttempts(Exception):
    """Too many wrong passwords for this name lately."""


class NotLoggedIn(Exception):
    """No session, or one that is over."""


class Authenticator:
    """Logs people in and recognises their sessions."""

    def __init__(
        self,
        key: bytes,
        desired: Callable[[], DesiredState | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key = key
        self._desired = desired
        self._monotonic = monotonic
        self._hasher = argon2.PasswordHasher()
        self._failures: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MAX_FAILURES))

    def log_in(self, username: str, password: str) -> tuple[DesiredUser, str]:
        """The user and a new session token. Raises LoginFailed, TooManyAttempts."""
        failures = self._failures_of(username)
        if len(failures) == MAX_FAILURES and self._monotonic() - failures[0] < WINDOW_S:
            raise TooManyAttempts
        user = self._find(username)
        try:
            self._hasher.verify(user.password_hash if user else _NOBODY, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            user = None
        if user is None:
            failures.append(self._monotonic())
            raise LoginFailed
        failures.clear()
        return user, self._token(user)

    def user(self, token: str | None) -> DesiredUser:
        """Whose session a token is; a person removed at the hub has none. Raises NotLoggedIn."""
        try:
            claims = jwt.decode(token or "", self._key, algorithms=[_ALGORITHM], audience=_AUDIENCE)
        except jwt.InvalidTokenError:
            raise NotLoggedIn from None
        user = self._find(claims["sub"])
        if user is None:
            raise NotLoggedIn
        return user

    def _failures_of(self, username: str) -> deque[float]:
        """Recent failures of a name. Names that nobody has are counted too, but not without end."""
        if len(self._failures) >= REMEMBERED_NAMES and username not in self._failures:
            del self._failures[next(iter(self._failures))]
        return self._failures[username]

    def _token(self, user: DesiredUser) -> str:
        claims = {"sub": user.username, "aud": _AUDIENCE, "exp": int(time.time()) + SESSION_S}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def _find(self, username: str) -> DesiredUser | None:
        desired = self._desired()
        users = desired.users if desired else []
        return next((user for user in users if user.username == username), None)
