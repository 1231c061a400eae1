"""The cameras that were added at this box, on disk.

Invariant: a camera that waits for the hub is in the sealed setting if and only if its
CameraAdded is in the outbox or was acknowledged: both change in one transaction.
"""

import sqlite3

import msgspec

from edge_agent.cameras.domain import LocalCamera, after_desired, announced, without_credentials
from edge_agent.clock import now_us, to_datetime
from edge_agent.config import Settings
from edge_agent.sync import outbox
from protocol.messages import AuditEvent, CameraAdded, DesiredCamera, DesiredState
from protocol.topics import Stream

_SETTING = "local-cameras"
#: Addresses that the hub may have heard of a camera before it is adopted; who corrects more often waits.
MAX_HEARD = 20


class LocalCameras:
    """Kept in memory and, sealed, in the box's database."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        stored = settings.get_sealed(_SETTING)
        self.all = msgspec.json.decode(stored, type=list[LocalCamera]) if stored else []
        if _SETTING in settings.restored:
            self._announce_again()

    def waiting(self) -> list[DesiredCamera]:
        """Those that the hub has not adopted."""
        return [one.camera for one in self.all if not one.adopted]

    def is_corrected(self, camera_id: str) -> bool:
        """Whether the hub holds the camera with another address than this box."""
        return any(one.adopted and one.corrects for one in self.all if one.camera.id == camera_id)

    def add(self, camera: DesiredCamera, actor: str) -> None:
        """Keep a camera and tell the hub, without its credentials."""
        with self._settings.store.transaction() as transaction:
            self._settings.put_sealed(transaction, _SETTING, _encoded([*self.all, LocalCamera(camera)]))
            outbox.append(transaction, Stream.CAMERA_ADDED, _announcement(camera, actor))
            outbox.append(transaction, Stream.AUDIT, _audit(actor, "camera.add", camera.id))
        self.all = [*self.all, LocalCamera(camera)]

    def _announce_again(self) -> None:
        """The outbox was lost with the database; the hub takes a camera that it knows for the same."""
        with self._settings.store.transaction() as transaction:
            self._settings.put_sealed(transaction, _SETTING, _encoded(self.all))
            for camera in self.waiting():
                outbox.append(transaction, Stream.CAMERA_ADDED, _announcement(camera, "gtv edge"))

    def remove(self, camera_id: str, actor: str) -> bool:
        """Forget a camera that the hub has not adopted; False if there is none of this id."""
        left = [one for one in self.all if one.adopted or one.camera.id != camera_id]
        if len(left) == len(self.all):
            return False
        with self._settings.store.transaction() as transaction:
            self._settings.put_sealed(transaction, _SETTING, _encoded(left))
            _take_back(transaction, camera_id)
            outbox.append(transaction, Stream.AUDIT, _audit(actor, "camera.remove", camera_id))
        self.all = left
        return True

    def correct(self, camera: DesiredCamera, from_hub: DesiredCamera | None, actor: str) -> None:
        """Keep a camera as it was corrected here. `from_hub`: as the hub has it, if it does.

        One that waits for the hub is offered again: whichever address the hub adopts, this one is used.
        """
        before = next((one for one in self.all if one.camera.id == camera.id), None)
        if from_hub is not None:
            kept = LocalCamera(camera, adopted=True, corrects=[from_hub])
        else:
            heard = [*before.corrects, announced(before.camera)] if before else []
            kept = LocalCamera(camera, corrects=[*heard[-MAX_HEARD:], announced(camera)])
        changed = [one for one in self.all if one.camera.id != camera.id] + [kept]
        with self._settings.store.transaction() as transaction:
            self._settings.put_sealed(transaction, _SETTING, _encoded(changed))
            if from_hub is None:
                _take_back(transaction, camera.id)
                outbox.append(transaction, Stream.CAMERA_ADDED, _announcement(camera, actor))
            outbox.append(transaction, Stream.AUDIT, _audit(actor, "camera.set", camera.id))
        self.all = changed

    def apply(self, desired: DesiredState) -> None:
        """Drop what the hub now holds itself."""
        left = after_desired(self.all, desired)
        if left != self.all:
            self._settings.set_sealed(_SETTING, _encoded(left))
            self.all = left


def _take_back(transaction: sqlite3.Connection, camera_id: str) -> None:
    """What the hub has not heard of it need not hear any more."""
    transaction.execute(
        "DELETE FROM outbox WHERE stream=? AND json_extract(data, '$.id')=?", (Stream.CAMERA_ADDED, camera_id)
    )


def _announcement(camera: DesiredCamera, actor: str) -> CameraAdded:
    return CameraAdded(
        id=camera.id,
        name=camera.name,
        rtsp_url=without_credentials(camera.rtsp_url),
        sub_rtsp_url=without_credentials(camera.sub_rtsp_url),
        at=to_datetime(now_us()),
        actor=actor,
    )


def _encoded(cameras: list[LocalCamera]) -> bytes:
    return msgspec.json.encode(cameras)


def _audit(actor: str, action: str, target: str) -> AuditEvent:
    return AuditEvent(at=to_datetime(now_us()), actor=actor, action=action, target=target)
