"""Terms of use and privacy policy: versions that are published and never edited, and who agreed to which.

A session that began after a publication is answered nothing else until the person has accepted the present
version (docs/adr/0060). One that was open before goes on to its end: nobody is sent away from a screen that
they watch. Nothing is asked while nothing is published.
"""

import hashlib
import uuid
from collections.abc import Mapping
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from central_hub.accounts.models import Acceptance, LegalDocument, LoginSession, User
from central_hub.accounts.sessions import Peer
from central_hub.audit import services as audit
from central_hub.kernel import Caller, Conflict, InvalidInput, NotFound, Permission, require, require_admin

#: Where the texts lie that an administrator may start from, by kind.
TEMPLATES = Path(__file__).parent / "documents"


def versions() -> "QuerySet[LegalDocument]":
    """All of both kinds, the present one first."""
    return LegalDocument.objects.all()


def document(document_id: int) -> LegalDocument:
    found = LegalDocument.objects.filter(pk=document_id).first()
    if found is None:
        raise NotFound("Documento não encontrado.")
    return found


def current_ids() -> set[int]:
    newest = LegalDocument.objects.order_by("kind", "-version").distinct("kind")
    return set(newest.values_list("pk", flat=True))


def templates(caller: Caller) -> Mapping[str, str]:
    """A text of each kind to start from; nobody is asked to accept these."""
    require_admin(caller)
    return {
        kind: (TEMPLATES / f"{kind}.md").read_text(encoding="utf-8") for kind in LegalDocument.Kind.values
    }


@transaction.atomic
def publish(caller: Caller, kind: str, text: str) -> LegalDocument:
    """The next version. Raises Conflict for the text that is in force."""
    require_admin(caller)
    text = text.replace("\r\n", "\n").strip()
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    newest = LegalDocument.objects.filter(kind=kind).first()
    if newest is not None and newest.sha256 == sha256:
        raise Conflict("Este texto já é o da versão em vigor.", code="same-text")
    try:
        with transaction.atomic():
            published = LegalDocument.objects.create(
                kind=kind,
                version=newest.version + 1 if newest else 1,
                text=text,
                sha256=sha256,
                published_at=timezone.now(),
                published_by=caller.username,
            )
    except IntegrityError:
        raise Conflict("Outra versão acaba de ser publicada. Confira antes de publicar a sua.") from None
    audit.record(caller, "document-published", str(published), details={"sha256": sha256})
    return published


@transaction.atomic
def accept(user: User, document_id: int, sha256: str, peer: Peer) -> Acceptance:
    """The person has read the text with this digest and agrees. Once more is the same once."""
    wanted = document(document_id)
    if wanted.pk not in current_ids():
        raise Conflict("Há uma versão mais nova deste documento. Leia-a antes de aceitar.", code="superseded")
    if wanted.sha256 != sha256:
        raise InvalidInput.in_field("sha256", "Este não é o texto publicado. Abra o documento de novo.")
    given = {"accepted_at": timezone.now(), "address": peer.address[:45], "device": peer.device[:200]}
    acceptance, new = Acceptance.objects.get_or_create(user=user, document=wanted, defaults=given)
    if new:
        details = {"sha256": wanted.sha256, "address": peer.address}
        city_code = user.city.code if user.city else ""
        audit.record(user, "document-accepted", str(wanted), city_code=city_code, details=details)
    return acceptance


def is_pending(user: Caller, session_id: uuid.UUID | str) -> bool:
    """Must this session's person accept a version before anything else? A later one counts for an earlier."""
    begun = LoginSession.objects.filter(pk=session_id, user_id=user.pk).values("started_at")
    accepted = Acceptance.objects.filter(
        user_id=user.pk, document__kind=OuterRef("kind"), document__version__gte=OuterRef("version")
    )
    asked = LegalDocument.objects.filter(~Exists(accepted), published_at__lte=Subquery(begun))
    return bool(asked.exists())


def acceptances_of(user: User) -> "QuerySet[Acceptance]":
    """The person's own, newest first."""
    return user.acceptances.select_related("document").order_by("-pk")


def pending_of(user: User) -> list[LegalDocument]:
    """The present versions that the person has not accepted, whether or not the session waits for it."""
    accepted = user.acceptances.values("document_id")
    return list(LegalDocument.objects.filter(pk__in=current_ids()).exclude(pk__in=accepted))


def accepted_by(caller: Caller, document_id: int, before_id: int | None, limit: int) -> list[Acceptance]:
    """Who agreed to this version, newest first; for who may read the audit trail."""
    require(caller, Permission.READ_AUDIT)
    found = document(document_id).acceptances.select_related("user__city").order_by("-pk")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return list(found[:limit])


def state_of_acceptance(city_id: int | None) -> tuple[list[LegalDocument], int, int]:
    """For reports: what is in force, how many active people there are (of a city, or all), and how many of
    them have accepted all of it.
    """
    current = list(LegalDocument.objects.filter(pk__in=current_ids()))
    people = User.objects.filter(is_active=True)
    if city_id is not None:
        people = people.filter(city_id=city_id)
    counted = people.annotate(agreed=Count("acceptances", filter=Q(acceptances__document__in=current)))
    return current, people.count(), counted.filter(agreed=len(current)).count()
