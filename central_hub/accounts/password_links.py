"""A link by which a person chooses the own password, first or again: nobody else ever knows it.

Who looks after the person makes the link and hands it over. It is good once and for two days, a newer
one takes its place, and the database keeps a digest. Its token is in the address' fragment, which no
browser sends and no proxy writes down.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from central_hub.accounts.models import PasswordLink, User
from central_hub.audit import services as audit
from central_hub.kernel import Caller, InvalidInput

#: A weekend.
GOOD_FOR = timedelta(days=2)


@dataclass(frozen=True)
class NewLink:
    """What is handed over; it cannot be shown again."""

    url: str
    expires_at: datetime


@transaction.atomic
def make(caller: Caller, user: User) -> NewLink:
    """For who may look after this person, which the caller of this has asked."""
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + GOOD_FOR
    kept = {"token_sha256": _digest(token), "expires_at": expires_at, "made_by": caller.username}
    PasswordLink.objects.update_or_create(user=user, defaults=kept)
    audit.record(caller, "password-link-made", user.username, city_code=_city_code(user))
    return NewLink(f"{settings.GTV_PUBLIC_URL}/senha#{token}", expires_at)


@transaction.atomic
def take(token: str) -> User:
    """The person whose link this is, who then sets a password in this transaction. Raises InvalidInput."""
    link = (
        PasswordLink.objects.select_for_update(of=("self",))
        .select_related("user__city")
        .filter(token_sha256=_digest(token), expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )
    if link is None:
        raise InvalidInput(
            "Este link já foi usado, venceu ou foi substituído. Peça outro a quem cuida do seu acesso.",
            code="password-link",
        )
    link.delete()
    return link.user


def forget_old() -> int:
    """Delete links that were not used in time; how many."""
    gone, _ = PasswordLink.objects.filter(expires_at__lt=timezone.now()).delete()
    return gone


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _city_code(user: User) -> str:
    return user.city.code if user.city else ""
