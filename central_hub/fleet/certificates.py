"""Certificates of boxes: enrolment by a one-time token, renewal over the box's own connection, revocation.

Order of steps: a certificate's row is committed before the box gets it, so there is none
that could not be revoked. A revocation is committed first; from then on the hub takes
nothing from the box and tells it nothing; the broker is told by `revocation` seconds later.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from central_hub import events, pki
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.fleet import domain
from central_hub.fleet.desired import refresh_node
from central_hub.fleet.models import EnrolmentToken, NodeCertificate, NodeState
from central_hub.kernel import Caller, Conflict, InvalidInput, NotFound, require_admin
from protocol.topics import NodeAddress

log = structlog.get_logger()


@dataclass(frozen=True)
class Enrolment:
    """What a box gets for its token."""

    city: str
    node: str
    certificate_pem: str
    ca_pem: str
    broker_host: str
    broker_port: int


@transaction.atomic
def issue_token(caller: Caller | None, city_code: str, node_code: str) -> domain.NewToken:
    """A one-time enrolment token; `caller` is None for the operator's command line."""
    node_id = _administered(caller, city_code, node_code)
    if node_id is None:
        raise InvalidInput(f"Não existe a caixa {city_code}/{node_code}.")
    new = domain.new_token(timezone.now())
    EnrolmentToken.objects.create(
        node_id=node_id,
        token_sha256=new.digest,
        created_by=caller.username if caller else "cli",
        expires_at=new.expires_at,
    )
    audit.record(caller or "cli", "enrolment-token-issued", f"{city_code}/{node_code}", city_code=city_code)
    return new


@transaction.atomic
def enrol(token: str, csr_pem: str, present: str = "") -> Enrolment:
    """A certificate for a token. The token's row is locked: of two boxes with one token, one gets in.

    `present` is what the box is called already, if anything: what it still has to deliver is that box's.
    """
    now = timezone.now()
    row = EnrolmentToken.objects.select_for_update().filter(token_sha256=domain.token_digest(token)).first()
    if row is None or not domain.token_is_good(row.expires_at, row.used_at, now):
        raise InvalidInput(
            "Token inválido, vencido ou já usado. Peça outro na central.", code="enrolment-token"
        )
    node = cities.node_by_id(row.node_id)
    address = NodeAddress(node.city.code, node.code)
    if present and present != str(address):
        raise InvalidInput(
            f"Esta caixa é {present}, e o token é de {address}. Peça na central um token de {present}, "
            "ou comece com uma pasta de dados vazia.",
            code="another-node",
        )
    try:
        issued = pki.Authority(settings.GTV_PKI_DIR).issue_for_node(csr_pem, str(address))
    except pki.InvalidRequest as error:
        raise InvalidInput.in_field("csr_pem", f"Pedido de certificado inválido: {error}") from None
    row.used_at = now
    row.save(update_fields=["used_at"])
    _keep(node.pk, issued, now)
    NodeState.objects.filter(node_id=node.pk).update(
        certificate_serial=issued.serial, certificate_expires_at=issued.expires_at, revoked_at=None
    )
    audit.record(str(address), "node-enrolled", str(address), city_code=address.city)
    transaction.on_commit(lambda: refresh_node(node.pk))
    return Enrolment(
        city=address.city,
        node=address.node,
        certificate_pem=issued.certificate_pem,
        ca_pem=issued.ca_pem,
        broker_host=settings.GTV_BROKER_PUBLIC_HOST,
        broker_port=settings.GTV_BROKER_PUBLIC_PORT,
    )


def prune_tokens() -> int:
    """Forget tokens that can no longer be used; how many."""
    count, _ = EnrolmentToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return count


# --- renewal -------------------------------------------------------------------------


@transaction.atomic
def renew(node_id: uuid.UUID, csr_pem: str) -> str:
    """A new certificate for the key that this box was enrolled with. Raises InvalidInput.

    The old one stays good: the box drops it when it has connected with the new one.
    """
    node = cities.node_by_id(node_id)
    address = NodeAddress(node.city.code, node.code)
    try:
        issued = pki.Authority(settings.GTV_PKI_DIR).issue_for_node(csr_pem, str(address))
    except pki.InvalidRequest as error:
        raise InvalidInput.in_field("csr_pem", f"Pedido de certificado inválido: {error}") from None
    known = NodeCertificate.objects.filter(node_id=node_id, revoked_at__isnull=True)
    if not known.filter(key_sha256__in=(issued.key_sha256, "")).exists():
        raise InvalidInput.in_field("csr_pem", "O pedido não é da chave com que a caixa foi registrada.")
    _keep(node_id, issued, timezone.now())
    audit.record(str(address), "certificate-renewed", str(address), city_code=address.city)
    return issued.certificate_pem


def in_use(node_id: uuid.UUID, serial: str) -> None:
    """The box is connected by this certificate; empty: an agent that does not say."""
    if not serial:
        return
    state = NodeState.objects.filter(node_id=node_id).exclude(certificate_serial=serial)
    certificate = NodeCertificate.objects.filter(node_id=node_id, serial=serial).first()
    if certificate is not None:
        state.update(certificate_serial=serial, certificate_expires_at=certificate.expires_at)


def _keep(node_id: uuid.UUID, issued: pki.Issued, now: datetime) -> None:
    NodeCertificate.objects.create(
        node_id=node_id,
        serial=issued.serial,
        key_sha256=issued.key_sha256,
        issued_at=now,
        expires_at=issued.expires_at,
    )


# --- revocation ----------------------------------------------------------------------


@transaction.atomic
def revoke(caller: Caller | None, city_code: str, node_code: str, reason: str) -> None:
    """Nothing of the box counts any more: its certificates, its tokens, its sessions. `caller` None: the
    operator's command line. Raises Conflict when it has no certificate."""
    node_id = _administered(caller, city_code, node_code)
    if node_id is None:
        raise NotFound("Caixa não encontrada.")
    now = timezone.now()
    state = NodeState.objects.select_for_update().get(node_id=node_id)
    revoked = NodeCertificate.objects.filter(node_id=node_id, revoked_at__isnull=True).update(revoked_at=now)
    if not revoked:
        raise Conflict("Esta caixa não tem certificado a revogar.", code="nothing-to-revoke")
    EnrolmentToken.objects.filter(node_id=node_id, used_at__isnull=True).delete()
    state.revoked_at, state.online = now, False
    state.save(update_fields=["revoked_at", "online"])
    details = {"reason": reason, "certificates": revoked}
    audit.record(
        caller or "cli", "node-revoked", f"{city_code}/{node_code}", city_code=city_code, details=details
    )
    events.node_revoked.send(sender=NodeCertificate, node_id=node_id)


def _administered(caller: Caller | None, city_code: str, node_code: str) -> uuid.UUID | None:
    """A box that the caller looks after, or the operator at the command line, whom alone None is told."""
    if caller is None:
        found = cities.node_at(city_code, node_code)
        return found.pk if found else None
    node = cities.visible_node(caller, city_code, node_code)
    require_admin(caller)
    return node.pk


def certificates_of(node_id: uuid.UUID) -> list[NodeCertificate]:
    """Newest first."""
    return list(NodeCertificate.objects.filter(node_id=node_id))
