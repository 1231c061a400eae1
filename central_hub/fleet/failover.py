"""Cameras of a box that is away for long are given to others, in cities that want it (docs/adr/0051)."""

from datetime import timedelta

import structlog
from django.utils import timezone

from central_hub.cities import placement
from central_hub.fleet.models import NodeState

log = structlog.get_logger()


def move_cameras() -> int:
    """Look at every such city; how many cameras went. Again, nothing is left to move."""
    moved = 0
    for city_id, minutes in placement.cities_with_failover().items():
        states = list(NodeState.objects.filter(node__city_id=city_id))
        online = {state.node_id for state in states if state.online}
        since = timezone.now() - timedelta(minutes=minutes)
        for state in states:
            if not state.online and state.last_seen_at is not None and state.last_seen_at < since:
                count = placement.move_away(state.node_id, online)
                if count:
                    log.warning("cameras_moved_away", node=str(state.node_id), cameras=count)
                moved += count
    return moved
