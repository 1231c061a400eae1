"""What a box is told and what it has applied, as facts that can be compared and shown.

Pure. What carries a credential (addresses of cameras, password hashes, secrets for plates) is
there as a keyed fingerprint only: that it changed is seen, what it is never.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from protocol.messages import DesiredCamera, DesiredState, DesiredUser

#: Field by field: `{"cameras/<id>/name": "Praça", …}`.
Facts = Mapping[str, Any]

HIDDEN = "hidden:"

#: Differences that are shown of one box.
MAX_DIFFERENCES = 500


@dataclass(frozen=True)
class Difference:
    """A field whose value at the box is not the one that it should have; None: it is not there.

    `secret`: the values are not shown, only that they differ.
    """

    field: str
    applied: Any
    desired: Any
    secret: bool


def facts_of(state: DesiredState, key: bytes) -> dict[str, Any]:
    """Everything in a desired state but its revision."""
    facts: dict[str, Any] = {
        "city_name": state.city_name,
        "timezone": state.timezone,
        "retention_days": state.retention_days,
        "plates/retention_days": state.plates.retention_days,
        "plates/viewers_see_plates": state.plates.viewers_see_plates,
        "watchlist": _fingerprint(msgspec.json.encode(state.watchlist), key),
    }
    for camera in state.cameras:
        facts |= {f"cameras/{camera.id}/{name}": value for name, value in _of_camera(camera, key)}
    for user in state.users:
        facts |= {f"users/{user.username}/{name}": value for name, value in _of_user(user, key)}
    facts |= {f"refused/{refused.id}": refused.reason for refused in state.refused}
    return facts


def differences(applied: Facts, desired: Facts) -> list[Difference]:
    """In the order of their names."""
    changed = sorted(
        name for name in applied.keys() | desired.keys() if applied.get(name) != desired.get(name)
    )
    return [_difference(name, applied.get(name), desired.get(name)) for name in changed[:MAX_DIFFERENCES]]


def _difference(name: str, applied: Any, desired: Any) -> Difference:
    if any(isinstance(value, str) and value.startswith(HIDDEN) for value in (applied, desired)):
        return Difference(name, None, None, secret=True)
    return Difference(name, applied, desired, secret=False)


def _of_camera(camera: DesiredCamera, key: bytes) -> Iterator[tuple[str, Any]]:
    yield "name", camera.name
    yield "transport", camera.transport
    yield "rtsp_url", _fingerprint(camera.rtsp_url.encode(), key)
    yield "sub_rtsp_url", _fingerprint(camera.sub_rtsp_url.encode(), key)
    yield "lpr", _fingerprint(camera.lpr_secret_sha256.encode() + msgspec.json.encode(camera.lpr), key)


def _of_user(user: DesiredUser, key: bytes) -> Iterator[tuple[str, Any]]:
    yield "name", user.name
    yield "role", user.role
    yield "password", _fingerprint(user.password_hash.encode(), key)


def _fingerprint(content: bytes, key: bytes) -> str:
    return HIDDEN + hmac.new(key, content, hashlib.sha256).hexdigest()[:16]
