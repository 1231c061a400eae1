"""The hub's order to update: begun as a task of the agent, and noted in the box's audit trail."""

import asyncio

from edge_agent.box import Box
from edge_agent.updates.updater import Refused, Updater
from protocol.messages import Command, InstallRelease, Reply


class UpdateOrders:
    """The reply says only whether the box begins; health messages tell the rest."""

    def __init__(self, box: Box, updater: Updater, group: asyncio.TaskGroup) -> None:
        self._box = box
        self._updater = updater
        self._group = group

    def begin(self, command: Command, order: InstallRelease) -> Reply:
        """Raises OSError."""
        try:
            release = self._updater.check(order)
        except Refused as refused:
            return Reply(command.id, ok=False, error=str(refused))
        if release is not None:
            self._box.audit(f"{command.requester} (central)", "install-release", release.version)
            self._group.create_task(self._updater.carry_out(order, release))
        return Reply(command.id, ok=True)
