"""What the fleet does when other contexts report a change."""

import uuid
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from central_hub import events
from central_hub.fleet import desired
from central_hub.fleet.models import NodeState


@receiver(events.configuration_changed)
def configuration_changed(sender: Any, city_id: int | None, **_: Any) -> None:
    transaction.on_commit(lambda: desired.refresh_city(city_id))


@receiver(events.node_added)
def node_added(sender: Any, node_id: uuid.UUID, **_: Any) -> None:
    NodeState.objects.get_or_create(node_id=node_id)
    transaction.on_commit(lambda: desired.refresh_node(node_id))
