"""Sessions: opening one at login, refreshing, listing and ending it.

A session is a family of refresh tokens (RFC 9700, section 4.14.2). Access tokens name it, and
every request asks whether it is still open: an ended session is over at once, not when its last
access token expires.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings as jwt_settings
from rest_framework_simplejwt.tokens import RefreshToken

from central_hub.accounts.models import LoginSession, User
from central_hub.audit import services as audit
from central_hub.kernel import Caller, NotFound

#: The claim of both tokens that names their session.
SESSION_CLAIM = "sid"

#: However often it is refreshed, a session ends after this; then the password is asked for again.
LONGEST_SESSION = timedelta(days=30)

#: The token before the newest is still taken for this long: two tabs, or an answer that got lost.
GRACE = timedelta(seconds=20)

#: How long ended sessions are remembered.
REMEMBERED = timedelta(days=180)


@dataclass(frozen=True)
class Login:
    """What a successful login or refresh gives out."""

    user: User
    access: str
    refresh: str
    session_id: uuid.UUID


@dataclass(frozen=True)
class Peer:
    """Where a request comes from: the peer's address, and what its browser calls itself."""

    address: str = ""
    device: str = ""


def open_session(user: User, peer: Peer) -> Login:
    """A new session of a person who has just proved who they are."""
    now = timezone.now()
    session = LoginSession(
        user=user,
        started_at=now,
        last_seen_at=now,
        rotated_at=now,
        address=peer.address[:45],
        device=peer.device[:200],
    )
    return _rotate(session, now)


def refresh(token: str, peer: Peer) -> Login | None:
    """A new pair of tokens for a refresh token, which is then worth nothing. None if it is not good.

    A token that was used before ends its session: one of the two who have it is a thief.
    """
    try:
        old = RefreshToken(token)  # type: ignore[arg-type]
    except TokenError:
        return None
    with transaction.atomic():
        session = _lock(old)
        if session is None or not _password_unchanged(old, session.user):
            return None
        now = timezone.now()
        if now - session.started_at > LONGEST_SESSION:
            _end([session], "expired", now)
            return None
        if not _newest(session, str(old[jwt_settings.JTI_CLAIM]), now):
            _end([session], "reused-token", now)
            audit.record(
                session.user,
                "session-token-reused",
                str(session.pk),
                city_code=_city_code(session.user),
                details={"address": peer.address},
            )
            return None
        session.address, session.device = peer.address[:45], peer.device[:200]
        return _rotate(session, now)


def is_open(user_id: int, session_id: object) -> bool:
    """Is this session of the user's still open? `session_id` is whatever the token claims."""
    try:
        key = uuid.UUID(str(session_id))
    except ValueError:
        return False
    return bool(LoginSession.objects.filter(pk=key, user_id=user_id, ended_at=None).exists())


def log_out(token: str) -> None:
    """End the session of this refresh token, if it is one."""
    try:
        old = RefreshToken(token)  # type: ignore[arg-type]
    except TokenError:
        return
    with transaction.atomic():
        session = _lock(old)
        if session is not None:
            _end([session], "logout", timezone.now())
            audit.record(session.user, "logout", city_code=_city_code(session.user))


def of_user(user: User) -> list[LoginSession]:
    """The user's open sessions, the one used last first."""
    alive_since = timezone.now() - jwt_settings.REFRESH_TOKEN_LIFETIME
    found = user.login_sessions.filter(ended_at=None, last_seen_at__gt=alive_since)
    return list(found.order_by("-last_seen_at"))


@transaction.atomic
def end_one(user: User, session_id: uuid.UUID) -> None:
    """End one of the user's own sessions. Raises NotFound."""
    session = user.login_sessions.select_for_update().filter(pk=session_id, ended_at=None).first()
    if session is None:
        raise NotFound("Sessão não encontrada; talvez já tenha terminado.")
    _end([session], "ended-by-user", timezone.now())
    audit.record(user, "session-ended", str(session.pk), city_code=_city_code(user))


@transaction.atomic
def end_all(user: User, reason: str, *, by: Caller | str, but: object = None) -> int:
    """End the user's sessions, except `but`; how many there were."""
    sessions = user.login_sessions.select_for_update().filter(ended_at=None)
    ended = [session for session in sessions if str(session.pk) != str(but)]
    _end(ended, reason, timezone.now())
    if ended:
        audit.record(
            by,
            "sessions-ended",
            user.username,
            city_code=_city_code(user),
            details={"reason": reason, "count": len(ended)},
        )
    return len(ended)


def forget_old() -> int:
    """Delete sessions that ended, or were left, long ago; how many."""
    long_ago = timezone.now() - REMEMBERED
    gone, _ = LoginSession.objects.filter(Q(ended_at__lt=long_ago) | Q(last_seen_at__lt=long_ago)).delete()
    return gone


def _lock(token: RefreshToken) -> LoginSession | None:
    """The open session of an active user that this token belongs to. The lock lets one refresh win."""
    try:
        key = uuid.UUID(str(token.get(SESSION_CLAIM)))
    except ValueError:
        return None
    return (
        LoginSession.objects.select_for_update(of=("self",))
        .select_related("user__city")
        .filter(pk=key, ended_at=None, user__is_active=True)
        .first()
    )


def _password_unchanged(token: RefreshToken, user: User) -> bool:
    # for_user() puts a digest of the password hash into the token: a new password ends old sessions.
    claim = jwt_settings.REVOKE_TOKEN_CLAIM
    return bool(token.get(claim) == RefreshToken.for_user(user).get(claim))


def _newest(session: LoginSession, jti: str, now: datetime) -> bool:
    if jti == session.refresh_jti:
        return True
    return jti == session.previous_jti and now - session.rotated_at < GRACE


def _rotate(session: LoginSession, now: datetime) -> Login:
    token = RefreshToken.for_user(session.user)
    token[SESSION_CLAIM] = str(session.pk)
    session.previous_jti, session.refresh_jti = session.refresh_jti, str(token[jwt_settings.JTI_CLAIM])
    session.rotated_at = session.last_seen_at = now
    session.save()
    return Login(session.user, str(token.access_token), str(token), session.pk)


def _end(sessions: list[LoginSession], reason: str, now: datetime) -> None:
    for session in sessions:
        session.ended_at, session.end_reason = now, reason
        session.save(update_fields=["ended_at", "end_reason"])


def _city_code(user: User) -> str:
    return user.city.code if user.city else ""
