"""Use cases about rollouts: an admin starts, pauses and ends them; a job drives them on (`advance`).

The job may run twice or be late: it looks at the rollout's row, locked, and at what the boxes report. Orders
go out after the commit; one that is lost is given again a minute later, and a box knows an order that it has
had.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from central_hub import objects
from central_hub.audit import services as audit
from central_hub.fleet import rollout_rules as rules
from central_hub.fleet import services
from central_hub.fleet.models import NodeState
from central_hub.fleet.rollout_models import Release, Rollout, RolloutNode
from central_hub.kernel import Caller, Conflict, HubError, InvalidInput, NotFound, require_admin
from protocol.messages import InstallRelease, UpdateReport
from protocol.releases import SignedRelease

log = structlog.get_logger()

#: What an admin does to a rollout: from which states, and to which.
ACTIONS = {
    "pause": (("running",), "paused"),
    "resume": (("paused", "halted"), "running"),
    "cancel": (rules.OPEN_STATES, "cancelled"),
}
#: An order and its address of the archive are good for so long.
ORDER_WITHIN = rules.WITHIN


def visible_rollouts(caller: Caller) -> Sequence[Rollout]:
    """Newest first."""
    require_admin(caller)
    return list(Rollout.objects.select_related("release"))


def visible_rollout(caller: Caller, rollout_id: int) -> Rollout:
    require_admin(caller)
    rollout = Rollout.objects.select_related("release").filter(pk=rollout_id).first()
    if rollout is None:
        raise NotFound("Atualização não encontrada.")
    return rollout


def nodes_of(rollout: Rollout) -> Sequence[RolloutNode]:
    """By stage; each with what its box reports."""
    return list(rollout.nodes.select_related("node__city", "node__fleet_state"))


def start(
    caller: Caller,
    version: str,
    *,
    canaries: Sequence[str],
    shares: Sequence[int],
    soak_minutes: int,
    allow_older: bool,
) -> Rollout:
    """To every box that is not revoked; `canaries` are `<city>/<node>`. Raises Conflict while one is open."""
    require_admin(caller)
    release = Release.objects.filter(version=version).first()
    if release is None:
        raise InvalidInput.in_field("version", "Não há esta versão.")
    if list(shares) != sorted(set(shares)) or shares[-1] != 100:
        raise InvalidInput.in_field("shares", "As porcentagens precisam crescer até 100.")
    states = NodeState.objects.filter(revoked_at__isnull=True).select_related("node__city")
    boxes = {f"{state.node.city.code}/{state.node.code}": state.node_id for state in states}
    if unknown := set(canaries) - boxes.keys():
        raise InvalidInput.in_field("canaries", f"Não há a caixa {min(unknown)}.")
    if not boxes:
        raise Conflict("Não há caixa a atualizar.", code="no-nodes")
    placed = rules.stages(sorted(boxes), canaries, shares, version)
    try:
        with transaction.atomic():
            rollout = Rollout.objects.create(
                release=release,
                stages=max(placed.values()) + 1,
                soak_s=soak_minutes * 60,
                allow_older=allow_older,
                created_by=caller.username,
            )
            RolloutNode.objects.bulk_create(
                RolloutNode(rollout=rollout, node_id=boxes[name], stage=stage)
                for name, stage in placed.items()
            )
            details = {"nodes": len(placed), "stages": rollout.stages, "allow_older": allow_older}
            audit.record(caller, "rollout-started", version, details=details)
    except IntegrityError:
        raise Conflict("Já há uma atualização em andamento.", code="rollout-open") from None
    return rollout


@transaction.atomic
def act(caller: Caller, rollout_id: int, action: str) -> Rollout:
    """Pause, resume or cancel; resumed after a failure, the boxes that failed get another try."""
    visible_rollout(caller, rollout_id)
    rollout = Rollout.objects.select_for_update(of=("self",)).select_related("release").get(pk=rollout_id)
    allowed, state = ACTIONS[action]
    if rollout.state not in allowed:
        raise Conflict("A atualização não está num estado em que isto se possa fazer.", code="rollout-state")
    if action == "resume":
        for row in rollout.nodes.filter(state__in=rules.LOST):
            row.attempt = uuid.uuid4()
            _put(row, rules.again(_progress(row)))
    rollout.state, rollout.reason = state, ""
    rollout.ended_at = timezone.now() if action == "cancel" else None
    rollout.save(update_fields=["state", "reason", "ended_at"])
    audit.record(caller, f"rollout-{action}", rollout.release.version)
    return rollout


def advance() -> int:
    """Look at the open rollout and do what is due; how many boxes were told."""
    with transaction.atomic():
        found = Rollout.objects.select_for_update(of=("self",)).select_related("release")
        rollout = found.filter(state__in=rules.OPEN_STATES).first()
        if rollout is None:
            return 0
        told = _look(rollout, timezone.now())
    for row in told:
        _tell(rollout, row)
    return len(told)


def _look(rollout: Rollout, now: datetime) -> list[RolloutNode]:
    rows = {row.node_id: row for row in nodes_of(rollout)}
    members = [rules.Member(node_id, row.stage, _seen(row), _progress(row)) for node_id, row in rows.items()]
    soak = timedelta(seconds=rollout.soak_s)
    plan = rules.look(members, rollout.state, rollout.stage, rollout.release.version, soak, now)
    for node_id, row in rows.items():
        if (progress := plan.progress[node_id]) != _progress(row):
            _put(row, progress)
    if (plan.state, plan.stage) != (rollout.state, rollout.stage):
        _move(rollout, plan.state, plan.stage, plan.reason, now)
    return [rows[node_id] for node_id in plan.tell]


def _move(rollout: Rollout, state: str, stage: int, reason: str, now: datetime) -> None:
    log.info("rollout_moved", version=rollout.release.version, state=state, stage=stage, reason=reason)
    if state != rollout.state:
        details = {"reason": reason, "stage": stage}
        audit.record("system", f"rollout-{state}", rollout.release.version, details=details)
    rollout.state, rollout.stage, rollout.reason = state, stage, reason
    rollout.ended_at = now if state == "done" else None
    rollout.save(update_fields=["state", "stage", "reason", "ended_at"])


def _tell(rollout: Rollout, row: RolloutNode) -> None:
    """What is not heard is told again."""
    order = InstallRelease(
        attempt=str(row.attempt),
        release=msgspec.convert(rollout.release.signed, SignedRelease),
        url=objects.presigned_get(rollout.release.object_key, ORDER_WITHIN),
        allow_older=rollout.allow_older,
    )
    try:
        services.send_command(row.node_id, order, requester=rollout.created_by, within=rules.TOLD_AGAIN_AFTER)
    except HubError as error:
        log.warning("release_not_ordered", node=str(row.node_id), error=error.detail)


def _seen(row: RolloutNode) -> rules.Seen:
    state: NodeState = row.node.fleet_state
    report = msgspec.convert(state.update, UpdateReport) if state.update else None
    of_this = report if report is not None and report.attempt == str(row.attempt) else None
    return rules.Seen(state.online, state.agent_version, state.cameras_online, of_this)


def _progress(row: RolloutNode) -> rules.Progress:
    return rules.Progress(
        row.state, row.ordered_at, row.told_at, row.cameras_before, row.well_since, row.reason
    )


def _put(row: RolloutNode, progress: rules.Progress) -> None:
    row.state, row.reason, row.cameras_before = progress.state, progress.reason, progress.cameras_before
    row.ordered_at, row.told_at, row.well_since = progress.ordered_at, progress.told_at, progress.well_since
    row.save()
