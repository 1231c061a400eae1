"""What streaming does when something happened in another context."""

import uuid
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from central_hub import events
from central_hub.streaming import clips, live, services
from protocol.messages import Reply


@receiver(events.node_revoked)
def node_revoked(sender: Any, node_id: uuid.UUID, **_: Any) -> None:
    transaction.on_commit(lambda: services.end_sessions_of(node_id))
    transaction.on_commit(lambda: live.end_sessions_of(node_id))


@receiver(events.configuration_changed)
def configuration_changed(sender: Any, **_: Any) -> None:
    """A person or a camera among it may be one of somebody's live session."""
    transaction.on_commit(live.end_forbidden)


@receiver(events.command_replied)
def command_replied(sender: Any, command_id: uuid.UUID, reply: Reply, **_: Any) -> None:
    if not reply.ok:
        services.box_refused(command_id, reply.error)
        live.box_refused(command_id, reply.error)
    clips.box_replied(command_id, reply)
