"""Who may use the LAN console: the people in the desired state, checked offline.

The password hashes came from the hub (argon2id, RFC 9106). A session is a JWT
(RFC 7519, HS256 with the box's own key) in an HttpOnly, SameSite=Strict cookie,
so that pictures and video load without a script touching the token.

A session ends by itself after a shift; before that when its person logs out, is
removed at the hub, or has another password there. What outlives a request (a live
picture, a recording that plays) keeps its Login and asks `holds` whether it goes on.
"""

import hashlib
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

import argon2
import jwt
import msgspec

from edge_agent.config import Settings
from edge_agent.console.limits import TooManyRequests
from protocol.messages import DesiredState, DesiredUser

SESSION_S = 12 * 3600  # one shift
COOKIE = "gtv_session"
_ALGORITHM = "HS256"
_AUDIENCE = "gtv-console"

#: Failed logins per user name within WINDOW_S before the name is refused for the rest of it.
MAX_FAILURES = 5
WINDOW_S = 300.0
REMEMBERED_NAMES = 10_000
#: More people than a city has log out in one shift; beyond, the oldest entries are dropped.
REMEMBERED_LOGOUTS = 10_000
_LOGOUTS = "ended-sessions"

#: Verified when the user name is unknown, so that the answer takes as long as a wrong password.
_NOBODY = argon2.PasswordHasher().hash("nobody has this password")


class LoginFailed(Exception):
    """Wrong name or password."""


class TooManyAttempts(TooManyRequests):
    """Too many wrong passwords for this name lately."""

    text = "Muitas tentativas com senha errada. Espere cinco minutos e tente de novo."


class NotLoggedIn(Exception):
    """No session, or one that is over."""


@dataclass(frozen=True, slots=True)
class Login:
    """One session of one person."""

    username: str
    session: str
    password_mark: str
    expires: int  # Unix seconds


class EndedSessions:
    """Sessions that were logged out before their time, until their time; kept over a restart."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        stored = settings.get(_LOGOUTS)
        self._expiry: dict[str, int] = msgspec.json.decode(stored, type=dict[str, int]) if stored else {}

    def __contains__(self, session: str) -> bool:
        return session in self._expiry

    def add(self, session: str, expires: int) -> None:
        """`expires`: Unix seconds."""
        now = time.time()
        live = [(known, at) for known, at in self._expiry.items() if at > now]
        self._expiry = dict([*live, (session, expires)][-REMEMBERED_LOGOUTS:])
        self._settings.set(_LOGOUTS, msgspec.json.encode(self._expiry))


class Authenticator:
    """Logs people in and recognises their sessions."""

    def __init__(
        self,
        key: bytes,
        ended: EndedSessions,
        desired: Callable[[], DesiredState | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key = key
        self._ended = ended
        self._desired = desired
        self._monotonic = monotonic
        self._hasher = argon2.PasswordHasher()
        self._failures: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MAX_FAILURES))

    def log_in(self, username: str, password: str) -> tuple[DesiredUser, str]:
        """The user and a new session token. Raises LoginFailed, TooManyAttempts."""
        failures = self._failures_of(username)
        wait_s = failures[0] + WINDOW_S - self._monotonic() if len(failures) == MAX_FAILURES else 0.0
        if wait_s > 0:
            raise TooManyAttempts(wait_s)
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

    def login(self, token: str | None) -> Login:
        """Which session a token is. Raises NotLoggedIn."""
        login = self._read(token)
        self._user_of(login)
        return login

    def user(self, token: str | None) -> DesiredUser:
        """Whose session a token is. Raises NotLoggedIn."""
        return self._user_of(self._read(token))

    def holds(self, login: Login) -> bool:
        """Whether a session is still one."""
        try:
            self._user_of(login)
        except NotLoggedIn:
            return False
        return login.expires > time.time()

    def log_out(self, token: str | None) -> None:
        """End this session now, wherever its token was copied to. Idempotent."""
        try:
            login = self._read(token)
        except NotLoggedIn:
            return
        self._ended.add(login.session, login.expires)

    def _user_of(self, login: Login) -> DesiredUser:
        """Raises NotLoggedIn."""
        user = self._find(login.username)
        if user is None or login.session in self._ended or login.password_mark != _mark(user):
            raise NotLoggedIn
        return user

    def _read(self, token: str | None) -> Login:
        """Raises NotLoggedIn for what is no token of ours, or too old."""
        try:
            claims = jwt.decode(
                token or "",
                self._key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["sub", "exp", "jti", "pwd"]},
            )
        except jwt.InvalidTokenError:
            raise NotLoggedIn from None
        return Login(claims["sub"], claims["jti"], claims["pwd"], claims["exp"])

    def _failures_of(self, username: str) -> deque[float]:
        """Recent failures of a name. Names that nobody has are counted too, but not without end."""
        if len(self._failures) >= REMEMBERED_NAMES and username not in self._failures:
            del self._failures[next(iter(self._failures))]
        return self._failures[username]

    def _token(self, user: DesiredUser) -> str:
        claims = {
            "sub": user.username,
            "aud": _AUDIENCE,
            "exp": int(time.time()) + SESSION_S,
            "jti": secrets.token_urlsafe(16),
            "pwd": _mark(user),
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def _find(self, username: str) -> DesiredUser | None:
        desired = self._desired()
        users = desired.users if desired else []
        return next((user for user in users if user.username == username), None)


def _mark(user: DesiredUser) -> str:
    """Changes with the password; tells nothing of its hash."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]
