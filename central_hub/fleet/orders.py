"""What people order of a box: a fixed set of commands, with their reply kept.

An order waits for a box that is out of contact, until its deadline: the broker keeps nothing
for a box that is away, so the hub sends the order again when the box comes (`send_waiting`).
The box carries out each order once, however often it gets it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from central_hub import mqtt
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.fleet.models import Command, NodeState
from central_hub.kernel import Caller, Conflict, InvalidInput, NotFound, require_admin, require_governs
from protocol import messages
from protocol.messages import CollectLogs, ProbeCamera, RestartAgent, RunDoctor, TechnicianAction, encode
from protocol.topics import NodeAddress, Stream

#: What the API calls them; `probe-camera` is for who governs the city, the others are for admins.
ACTIONS = ("run-doctor", "collect-logs", "probe-camera", "restart-agent")

#: How long an order may wait for its box.
WITHIN = range(10, 86_401)

#: Orders that are listed of a box; older ones are in the audit trail.
LISTED = 50


def give(
    caller: Caller, city_code: str, node_code: str, action: str, *, camera: uuid.UUID | None, within_s: int
) -> Command:
    """Note the order, and send it if the box is in contact. Raises Conflict for a revoked box."""
    node = cities.visible_node(caller, city_code, node_code)
    if action == "probe-camera":
        require_governs(caller, node.city_id)
    else:
        require_admin(caller)
    asked = _action(action, node.pk, camera)
    state = NodeState.objects.get(node_id=node.pk)
    if state.revoked_at is not None:
        raise Conflict("O certificado desta caixa foi revogado.", code="node-revoked")
    with transaction.atomic():
        command = Command.objects.create(
            node_id=node.pk,
            action=action,
            requester=caller.username,
            deadline=timezone.now() + timedelta(seconds=within_s),
            order=msgspec.to_builtins(asked),
        )
        address = f"{city_code}/{node_code}"
        details = {"command": str(command.pk), "action": action, "camera": str(camera or "")}
        audit.record(caller, "node-command", address, city_code=city_code, details=details)
    if state.online:
        transaction.on_commit(lambda: _send(NodeAddress(city_code, node_code), command))
    return command


def send_waiting(node_id: uuid.UUID, address: NodeAddress) -> None:
    """The box has come: what waits for it goes out, oldest first."""
    waiting = Command.objects.filter(
        node_id=node_id, order__isnull=False, replied_at__isnull=True, deadline__gt=timezone.now()
    )
    for command in waiting.order_by("created_at"):
        _send(address, command)


def visible_orders(caller: Caller, city_code: str, node_code: str) -> Sequence[Command]:
    """Newest first; for who governs the city: a log tells what goes on there."""
    node = cities.visible_node(caller, city_code, node_code)
    require_governs(caller, node.city_id)
    return list(Command.objects.filter(node_id=node.pk, order__isnull=False).order_by("-created_at")[:LISTED])


def visible_order(caller: Caller, command_id: uuid.UUID) -> Command:
    found = Command.objects.visible_to(caller).select_related("node__city").filter(order__isnull=False)
    command = found.filter(pk=command_id).first()
    if command is None:
        raise NotFound("Comando não encontrado.")
    require_governs(caller, command.node.city_id)
    return command


def state_of(command: Command, now: datetime) -> str:
    """`waiting`, `done`, `failed`, or `expired`: not answered in time; the box will not carry it out."""
    if command.replied_at is not None:
        return "done" if command.ok else "failed"
    return "waiting" if now < command.deadline else "expired"


def result_of(reply: messages.Reply) -> dict[str, Any]:
    """What of a reply is an order's result."""
    built = msgspec.to_builtins(reply)
    return {name: built[name] for name in ("findings", "log", "stream")}


def _action(action: str, node_id: uuid.UUID, camera: uuid.UUID | None) -> TechnicianAction:
    simple: dict[str, TechnicianAction] = {
        "run-doctor": RunDoctor(),
        "collect-logs": CollectLogs(),
        "restart-agent": RestartAgent(),
    }
    if action in simple:
        return simple[action]
    if camera not in {one.pk for one in cities.cameras_of_node(node_id)}:
        raise InvalidInput.in_field("camera", "Informe uma câmera desta caixa.")
    return ProbeCamera(str(camera))


def _send(address: NodeAddress, command: Command) -> None:
    """Nobody waits for it; what the broker does not get is sent again when the box comes."""
    action = msgspec.convert(command.order, TechnicianAction)
    message = messages.Command(
        id=str(command.pk), deadline=command.deadline, requester=command.requester, action=action
    )
    mqtt.publisher().post(address.topic(Stream.CMD), encode(message))
