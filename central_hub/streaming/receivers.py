"""What streaming does when a box has answered a command."""

import uuid
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from central_hub import events
from central_hub.streaming import clips, services
from protocol.messages import Reply


@receiver(events.node_revoked)
def node_revoked(sender: Any, node_id: uuid.UUID, **_: Any) -> None:
    transaction.on_commit(lambda: services.end_sessions_of(node_id))


@receiver(events.command_replied)
def command_replied(sender: Any, command_id: uuid.UUID, reply: Reply, **_: Any) -> None:
    if not reply.ok:
        services.box_refused(command_id, reply.error)
    clips.box_replied(command_id, reply)
