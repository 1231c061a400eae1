"""Use cases about boxes in the field: enrolment, presence and health, commands and replies."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from central_hub import events, mqtt, pki
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.fleet import domain
from central_hub.fleet.desired import publish_desired, refresh_city, refresh_node
from central_hub.fleet.models import Command, EnrolmentToken, NodeState
from central_hub.kernel import Caller, InvalidInput, Unavailable, require_admin
from protocol import messages
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream

__all__ = ["publish_desired", "refresh_city", "refresh_node"]

log = structlog.get_logger()

#: Differences and alarms kept of one box: one for each of its cameras, and some.
MAX_REPORTED = 1100


@dataclass(frozen=True)
class Enrolment:
    """What a box gets for its token."""

    city: str
    node: str
    certificate_pem: str
    ca_pem: str
    broker_host: str
    broker_port: int


# --- nodes and enrolment ----------------------------------------------------------


def visible_nodes(caller: Caller) -> list[NodeState]:
    return list(NodeState.objects.visible_to(caller).select_related("node__city__plan"))


def visible_node_state(caller: Caller, city_code: str, node_code: str) -> NodeState:
    node = cities.visible_node(caller, city_code, node_code)
    return NodeState.objects.select_related("node__city__plan").get(node_id=node.pk)


@transaction.atomic
def issue_token(caller: Caller | None, city_code: str, node_code: str) -> domain.NewToken:
    """A one-time enrolment token; `caller` is None for the operator's command line."""
    node = (
        cities.visible_node(caller, city_code, node_code) if caller else cities.node_at(city_code, node_code)
    )
    if caller is not None:
        require_admin(caller)
    if node is None:
        raise InvalidInput(f"Não existe a caixa {city_code}/{node_code}.")
    new = domain.new_token(timezone.now())
    EnrolmentToken.objects.create(
        node_id=node.pk,
        token_sha256=new.digest,
        created_by=caller.username if caller else "cli",
        expires_at=new.expires_at,
    )
    audit.record(caller or "cli", "enrolment-token-issued", f"{city_code}/{node_code}", city_code=city_code)
    return new


@transaction.atomic
def enrol(token: str, csr_pem: str) -> Enrolment:
    """A certificate for a token. The token's row is locked: of two boxes with one token, one gets in."""
    now = timezone.now()
    row = EnrolmentToken.objects.select_for_update().filter(token_sha256=domain.token_digest(token)).first()
    if row is None or not domain.token_is_good(row.expires_at, row.used_at, now):
        raise InvalidInput(
            "Token inválido, vencido ou já usado. Peça outro na central.", code="enrolment-token"
        )
    node = cities.node_by_id(row.node_id)
    address = NodeAddress(node.city.code, node.code)
    try:
        issued = pki.Authority(settings.GTV_PKI_DIR).issue_for_node(csr_pem, str(address))
    except pki.InvalidRequest as error:
        raise InvalidInput.in_field("csr_pem", f"Pedido de certificado inválido: {error}") from None
    row.used_at = now
    row.save(update_fields=["used_at"])
    NodeState.objects.filter(node_id=node.pk).update(
        certificate_serial=issued.serial, certificate_expires_at=issued.expires_at
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


# --- presence and health ------------------------------------------------------------


@transaction.atomic
def node_status(node_id: uuid.UUID, status: messages.NodeStatus) -> bool:
    """Take a presence message; True if the node came online by it."""
    state = NodeState.objects.select_for_update().get(node_id=node_id)
    came_online = status.online and not state.online
    if state.online != status.online:
        log.info("node_presence_changed", node=str(node_id), online=status.online)
    state.online = status.online
    if status.online:
        state.last_seen_at = timezone.now()
    state.save(update_fields=["online", "last_seen_at"])
    return came_online


def node_health(node_id: uuid.UUID, health: messages.Health) -> None:
    """Take a health message, unless a newer one came first."""
    newer = NodeState.objects.filter(node_id=node_id).exclude(reported_at__gt=health.at)
    newer.update(
        last_seen_at=timezone.now(),
        reported_at=health.at,
        reported_revision=health.desired_revision,
        differences=list(health.differences)[:MAX_REPORTED],
        alarms=msgspec.to_builtins(health.alarms[:MAX_REPORTED]),
        agent_version=health.agent_version[:64],
        disk_free_bytes=max(health.disk_free_bytes, 0),
        disk_total_bytes=max(health.disk_total_bytes, 0),
        outbox_depth=max(health.outbox_depth, 0),
    )


def footage_forced_out(node_id: uuid.UUID, until: datetime) -> None:
    """A full disk took footage of before this instant, inside its retention. In any order."""
    states = NodeState.objects.filter(node_id=node_id)
    states.exclude(forced_out_until__gte=until).update(forced_out_until=until)


def online_nodes(node_ids: set[uuid.UUID] | None = None) -> set[uuid.UUID]:
    """The nodes in contact, among these or of all."""
    states = NodeState.objects.filter(online=True)
    if node_ids is not None:
        states = states.filter(node_id__in=node_ids)
    return set(states.values_list("node_id", flat=True))


# --- commands -------------------------------------------------------------------------


def send_command(
    node_id: uuid.UUID,
    action: messages.Action,
    *,
    requester: str,
    within: timedelta,
    command_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Store the command, then publish it. Raises Unavailable if the broker does not take it.

    The row comes first: a reply always finds its command.
    """
    node = cities.node_by_id(node_id)
    deadline: datetime = timezone.now() + within
    command = Command.objects.create(
        id=command_id or uuid.uuid4(),
        node_id=node_id,
        action=str(action.__struct_config__.tag),
        requester=requester,
        deadline=deadline,
    )
    message = messages.Command(id=str(command.pk), deadline=deadline, requester=requester, action=action)
    topic = NodeAddress(node.city.code, node.code).topic(Stream.CMD)
    try:
        mqtt.publisher().publish(topic, encode(message))
    except mqtt.NotPublished:
        log.warning("command_not_published", command=str(command.pk), action=command.action)
        raise Unavailable("A central não conseguiu falar com a caixa. Tente de novo em instantes.") from None
    return command.pk


def awaits_reply(node_id: uuid.UUID, action: type[messages.Action], since: datetime) -> bool:
    """Whether a command of this kind, sent since then, has had no answer yet."""
    sent = Command.objects.filter(node_id=node_id, created_at__gte=since, replied_at__isnull=True)
    return sent.filter(action=str(action.__struct_config__.tag)).exists()


@transaction.atomic
def take_reply(node_id: uuid.UUID, reply: messages.Reply) -> bool:
    """Settle the command that this answers; False if it is unknown, another node's, or settled already."""
    try:
        command_id = uuid.UUID(reply.command)
    except ValueError:
        return False
    settled = Command.objects.filter(pk=command_id, node_id=node_id, replied_at__isnull=True).update(
        replied_at=timezone.now(), ok=reply.ok, error=reply.error.replace("\0", "")[:500]
    )
    if settled:
        events.command_replied.send(sender=Command, node_id=node_id, command_id=command_id, reply=reply)
    return bool(settled)
