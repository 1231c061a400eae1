"""The desired state as the box holds it: kept on disk (sealed), applied at start with no internet.

What the rest of the box sees as `current` is what the hub wants together with the
cameras that were added here and that the hub has not adopted yet: they are merged in
this one place.

A new database (the old one was damaged) takes the state from its copy beside the key
(config.Settings). Where it cannot be opened (its key is lost) the box has none, as when
it was new: the broker holds the state retained and gives it at the next
connection.
"""

from collections.abc import Callable

import msgspec
import structlog

from edge_agent.cameras.domain import merge
from edge_agent.cameras.local import LocalCameras
from edge_agent.cameras.names import CameraNames
from edge_agent.config import Settings
from edge_agent.sync.domain import supersedes
from protocol.messages import DesiredCamera, DesiredState, DesiredUser

log = structlog.get_logger()

_SETTING = "desired-state"

#: Before the hub has spoken nothing is purged by age: no plan is known.
UNKNOWN_PLAN_DAYS = 365


class DesiredStateKeeper:
    """The current desired state; `on_change` is called with each new one, and at start."""

    def __init__(self, settings: Settings, city: str = "") -> None:
        """`city` is what the box is called by until the hub has spoken."""
        self._settings = settings
        self._city = city
        self._on_change: list[Callable[[DesiredState], None]] = []
        self._local = LocalCameras(settings)
        self._names = CameraNames(settings)
        stored = settings.get_sealed(_SETTING)
        self._from_hub = msgspec.json.decode(stored, type=DesiredState) if stored else None
        self.current = self._remembered()

    def on_change(self, apply: Callable[[DesiredState], None]) -> None:
        """Call `apply` now, if there is a state, and at every change."""
        self._on_change.append(apply)
        if self.current is not None:
            apply(self.current)

    def receive(self, desired: DesiredState) -> None:
        """Keep and apply a state from the hub, unless it is old.

        The hub's state is on disk before a local camera that it holds is dropped: a crash in
        between leaves both, which `merge` takes for one.
        """
        if not supersedes(desired, self._from_hub):
            return
        self._settings.set_sealed(_SETTING, msgspec.json.encode(desired))
        self._from_hub = desired
        self._local.apply(desired)
        log.info("desired_state_applied", revision=desired.revision, cameras=len(desired.cameras))
        self._apply()

    def add_local(self, camera: DesiredCamera, actor: str) -> None:
        """Record a camera from now on, and offer it to the hub."""
        self._local.add(camera, actor)
        log.info("camera_added", camera=camera.id)
        self._apply()

    def correct_local(self, camera: DesiredCamera, actor: str) -> None:
        """Record a camera as it was corrected here, until the hub says something new of it."""
        held = self._from_hub.cameras if self._from_hub else []
        self._local.correct(camera, next((one for one in held if one.id == camera.id), None), actor)
        log.info("camera_corrected", camera=camera.id)
        self._apply()

    def remove_local(self, camera_id: str, actor: str) -> bool:
        """Stop recording a camera that was added here; False if it is not such a one."""
        removed = self._local.remove(camera_id, actor)
        if removed:
            log.info("camera_removed", camera=camera_id)
            self._apply()
        return removed

    def local_cameras(self) -> list[DesiredCamera]:
        """Cameras added here and not adopted; also those that were refused."""
        return self._local.waiting()

    def is_corrected(self, camera_id: str) -> bool:
        """Whether a camera of the hub's has another address here."""
        return self._local.is_corrected(camera_id)

    def refusal(self, camera_id: str) -> str:
        """Why the hub did not adopt a camera; empty if it did not refuse it."""
        refused = self._from_hub.refused if self._from_hub else []
        return next((camera.reason for camera in refused if camera.id == camera_id), "")

    @property
    def revision(self) -> int:
        return self._from_hub.revision if self._from_hub else 0

    @property
    def plate_retention_days(self) -> int:
        """As the city decided, but no longer than the recordings."""
        own = self.current.plates.retention_days if self.current else None
        return min(own or self.retention_days, self.retention_days)

    def sees_plates(self, user: DesiredUser) -> bool:
        """Whole plates and their pictures; a city may keep them from its visualizadores."""
        hidden = self.current is not None and not self.current.plates.viewers_see_plates
        return not (hidden and user.role == "visualizador")

    @property
    def retention_days(self) -> int:
        return self.current.retention_days if self.current else UNKNOWN_PLAN_DAYS

    def camera(self, camera_id: str) -> DesiredCamera | None:
        cameras = self.current.cameras if self.current else []
        return next((camera for camera in cameras if camera.id == camera_id), None)

    def camera_name(self, camera_id: str) -> str:
        """The name of a camera, also of one that was removed; its id when it was never known."""
        return self._names.of(camera_id) or camera_id

    def _apply(self) -> None:
        self.current = self._remembered()
        if self.current is not None:
            for apply in self._on_change:
                apply(self.current)

    def _remembered(self) -> DesiredState | None:
        merged = self._merged()
        if merged is not None:
            self._names.remember(merged.cameras)
        return merged

    def _merged(self) -> DesiredState | None:
        if self._from_hub is None and not self._local.all:
            return None
        return merge(self._from_hub or self._nothing_yet(), self._local.all)

    def _nothing_yet(self) -> DesiredState:
        return DesiredState(
            revision=0,
            city=self._city,
            city_name=self._city,
            timezone="America/Sao_Paulo",
            retention_days=UNKNOWN_PLAN_DAYS,
            cameras=[],
            users=[],
        )
