"""The desired state as the box holds it: kept on disk (sealed), applied at start with no internet.

Where the stored state cannot be opened (its key is lost) the box has none, as
when it was new: the broker holds the state retained and gives it at the next
connection.
"""

from collections.abc import Callable

import msgspec
import structlog

from edge_agent.config import Settings
from edge_agent.sync.domain import supersedes
from protocol.messages import DesiredCamera, DesiredState

log = structlog.get_logger()

_SETTING = "desired-state"


class DesiredStateKeeper:
    """The current desired state; `on_change` is called with each new one, and at start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._on_change: list[Callable[[DesiredState], None]] = []
        stored = settings.get_sealed(_SETTING)
        self.current = msgspec.json.decode(stored, type=DesiredState) if stored else None

    def on_change(self, apply: Callable[[DesiredState], None]) -> None:
        """Call `apply` now, if there is a state, and at every change."""
        self._on_change.append(apply)
        if self.current is not None:
            apply(self.current)

    def receive(self, desired: DesiredState) -> None:
        """Keep and apply a state from the hub, unless it is old."""
        if not supersedes(desired, self.current):
            return
        self._settings.set_sealed(_SETTING, msgspec.json.encode(desired))
        self.current = desired
        log.info("desired_state_applied", revision=desired.revision, cameras=len(desired.cameras))
        for apply in self._on_change:
            apply(desired)

    @property
    def revision(self) -> int:
        return self.current.revision if self.current else 0

    def camera(self, camera_id: str) -> DesiredCamera | None:
        cameras = self.current.cameras if self.current else []
        return next((camera for camera in cameras if camera.id == camera_id), None)
