"""The name of every camera that this box has known: footage, clips and holds outlive their camera.

Invariant: whoever was in a state that the box applied has its last name here. A state is applied at
start too, so a crash between the state and the names leaves what the next start puts right.
The names have a copy beside the key (config.Settings): footage is indexed again after the
database was lost, and its cameras are still called by their names.
"""

import sqlite3
from collections.abc import Iterable

import msgspec
import structlog

from edge_agent.config import Settings
from protocol.messages import DesiredCamera

log = structlog.get_logger()

SETTING = "camera-names"


class CameraNames:
    """Kept in memory and in the box's database."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        stored = settings.get_sealed(SETTING)
        self._stored = msgspec.json.decode(stored, type=dict[str, str]) if stored else {}
        self._names = dict(self._stored)

    def remember(self, cameras: Iterable[DesiredCamera]) -> None:
        """What the disk refuses is in memory, and tried again with the next state."""
        self._names |= {camera.id: camera.name for camera in cameras}
        if self._names == self._stored:
            return
        try:
            self._settings.set_sealed(SETTING, msgspec.json.encode(self._names))
        except sqlite3.Error as error:
            log.error("camera_names_not_stored", error=str(error))
        else:
            self._stored = dict(self._names)

    def of(self, camera_id: str) -> str | None:
        """The last name of a camera, also of one that was removed; None if it was never known."""
        return self._names.get(camera_id)
