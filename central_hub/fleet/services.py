"""Use cases about boxes in the field: presence and health, commands and replies."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import transaction
from django.utils import timezone

from central_hub import events, mqtt
from central_hub.cities import services as cities
from central_hub.fleet import certificates, configuration, domain, orders
from central_hub.fleet.desired import publish_desired, refresh_city, refresh_node
from central_hub.fleet.models import Command, NodeConfiguration, NodeSample, NodeState
from central_hub.kernel import Caller, Conflict, Unavailable, require_governs
from protocol import messages
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream

__all__ = ["publish_desired", "refresh_city", "refresh_node"]

log = structlog.get_logger()

#: Differences and alarms kept of one box: one for each of its cameras, and some.
MAX_REPORTED = 1100


# --- nodes ----------------------------------------------------------------------


def visible_nodes(caller: Caller) -> list[NodeState]:
    return list(NodeState.objects.visible_to(caller).select_related("node__city__plan"))


def visible_node_state(caller: Caller, city_code: str, node_code: str) -> NodeState:
    node = cities.visible_node(caller, city_code, node_code)
    return NodeState.objects.select_related("node__city__plan").get(node_id=node.pk)


@dataclass(frozen=True)
class ConfigurationState:
    """Of one box. `differences` None: the box reports a revision of which nothing was kept."""

    state: NodeState
    differences: list[configuration.Difference] | None


def configuration_state(caller: Caller, city_code: str, node_code: str) -> ConfigurationState:
    """For who governs the city: it names its people."""
    state = visible_node_state(caller, city_code, node_code)
    require_governs(caller, state.node.city_id)
    kept = NodeConfiguration.objects.filter(node_id=state.node_id).first()
    if kept is None or state.reported_revision == state.desired_revision:
        return ConfigurationState(state, [])
    if state.reported_revision in (None, 0):
        return ConfigurationState(state, configuration.differences({}, kept.desired))
    if kept.applied is None or kept.applied_revision != state.reported_revision:
        return ConfigurationState(state, None)
    return ConfigurationState(state, configuration.differences(kept.applied, kept.desired))


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
    online = sum(camera.state == "online" for camera in health.cameras)
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
        cpu_share=health.cpu_share,
        clock_synchronised=health.clock_synchronised,
        clock_error_ms=health.clock_error_ms,
        cameras_online=online,
        cameras_total=len(health.cameras),
        system=health.system,
        update=msgspec.to_builtins(health.update),
    )
    NodeState.objects.filter(
        node_id=node_id, behind_since__isnull=False, desired_revision__lte=health.desired_revision
    ).update(behind_since=None)
    _sample(node_id, health, online)
    certificates.in_use(node_id, health.certificate_serial)


def _sample(node_id: uuid.UUID, health: messages.Health, cameras_online: int) -> None:
    """Keep one message of many, for the history."""
    at = domain.sample_instant(health.at)
    due = NodeState.objects.filter(node_id=node_id).exclude(sampled_at__gte=at)
    if due.update(sampled_at=at):
        sample = NodeSample(
            node_id=node_id,
            at=at,
            disk_free_bytes=max(health.disk_free_bytes, 0),
            cpu_share=health.cpu_share,
            clock_error_ms=health.clock_error_ms,
            outbox_depth=max(health.outbox_depth, 0),
            cameras_online=cameras_online,
            cameras_total=len(health.cameras),
        )
        NodeSample.objects.bulk_create([sample], ignore_conflicts=True)


def history(node_id: uuid.UUID) -> list[NodeSample]:
    """Oldest first."""
    return list(NodeSample.objects.filter(node_id=node_id))


def prune_samples() -> int:
    count, _ = NodeSample.objects.filter(at__lt=timezone.now() - domain.SAMPLES_FOR).delete()
    return count


def footage_forced_out(node_id: uuid.UUID, until: datetime) -> None:
    """A full disk took footage of before this instant, inside its retention. In any order."""
    states = NodeState.objects.filter(node_id=node_id)
    states.exclude(forced_out_until__gte=until).update(forced_out_until=until)


def is_revoked(node_id: uuid.UUID) -> bool:
    """Whether nothing of this box is to be believed, and nothing to be told to it."""
    return NodeState.objects.filter(node_id=node_id, revoked_at__isnull=False).exists()


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

    The row comes first: a reply always finds its command. A revoked box gets none, and with them no
    address of the relay and the object store. Raises Conflict.
    """
    if is_revoked(node_id):
        raise Conflict("O certificado desta caixa foi revogado.", code="node-revoked")
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
    Command.objects.filter(pk=command_id, node_id=node_id, order__isnull=False, result__isnull=True).update(
        result=orders.result_of(reply)
    )
    if settled:
        events.command_replied.send(sender=Command, node_id=node_id, command_id=command_id, reply=reply)
    return bool(settled)
