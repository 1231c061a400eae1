"""What plate reading does when a box has answered a command."""

import uuid
from typing import Any

from django.dispatch import receiver

from central_hub import events
from central_hub.lpr import box_erasures, services
from protocol.messages import Reply


@receiver(events.command_replied)
def command_replied(sender: Any, node_id: uuid.UUID, command_id: uuid.UUID, reply: Reply, **_: Any) -> None:
    if reply.uploaded:
        services.images_uploaded(node_id, reply)
    box_erasures.answered(node_id, command_id, reply)
