"""How the boxes are, in numbers for who watches the hub.

A box dials out and cannot be scraped from here; what it reports every few seconds can.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from central_hub.fleet.models import NodeAlarm, NodeState


@dataclass(frozen=True)
class NodeFigures:
    """Of one box; None: it has not said so yet."""

    city: str
    node: str
    online: bool
    report_age_s: float | None
    disk_free_bytes: int | None
    disk_total_bytes: int | None
    outbox_events: int | None
    cpu_share: float | None
    clock_error_s: float | None
    cameras_online: int
    cameras: int
    certificate_left_s: float | None
    configuration_behind_s: float


def node_figures() -> Iterator[NodeFigures]:
    """Every box that is still ours."""
    now = timezone.now()
    for state in NodeState.objects.filter(revoked_at=None).select_related("node__city"):
        expires, behind = state.certificate_expires_at, state.behind_since
        yield NodeFigures(
            state.node.city.code,
            state.node.code,
            state.online,
            (now - state.reported_at).total_seconds() if state.reported_at else None,
            state.disk_free_bytes,
            state.disk_total_bytes,
            state.outbox_depth,
            state.cpu_share,
            None if state.clock_error_ms is None else state.clock_error_ms / 1000,
            state.cameras_online,
            state.cameras_total,
            (expires - now).total_seconds() if expires else None,
            (now - behind).total_seconds() if behind else 0.0,
        )


def open_alarms() -> dict[bool, int]:
    """How many alarms of boxes are open, critical ones and others."""
    found = NodeAlarm.objects.filter(closed_at=None).order_by().values_list("critical")
    return {True: 0, False: 0} | dict(found.annotate(count=Count("pk")))
