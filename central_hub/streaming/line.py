"""The line by which a box sends video to the hub: how much it takes, and refusing what it does not.

What is open counts as long as somebody watches it. A camera's stream counts once however many watch it live;
each playback of a recording counts as the camera's whole stream.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from central_hub import edits
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, require_governs
from central_hub.relay import watching
from central_hub.streaming import domain
from central_hub.streaming.domain import LineUse
from central_hub.streaming.models import BoxLine, CameraStream, LiveSession, RelaySession
from protocol.uplink import Quality

log = structlog.get_logger()


@dataclass(frozen=True)
class Line:
    """Of one box, in kbit/s. `is_default`: nobody has set it."""

    limit_kbps: int
    is_default: bool
    used_kbps: int
    etag: str


def visible_line(caller: Caller, city_code: str, node_code: str) -> Line:
    node = cities.visible_node(caller, city_code, node_code)
    limit = _set_limit(node.pk)
    return Line(_limit(limit), limit is None, _use(node.pk).kbps, edits.etag(_row(node.pk, limit)))


@transaction.atomic
def set_limit(
    caller: Caller,
    city_code: str,
    node_code: str,
    limit_kbps: int | None,
    expected: edits.Expected = edits.ANY,
) -> Line:
    """None: the default. What is open goes on. Raises NotFound, NotPermitted, ChangedMeanwhile."""
    node = cities.visible_node(caller, city_code, node_code)
    require_governs(caller, node.city_id)
    cities.lock_city(city_code)
    edits.check(_row(node.pk, _set_limit(node.pk)), expected)
    if limit_kbps is None:
        BoxLine.objects.filter(node_id=node.pk).delete()
    else:
        BoxLine.objects.update_or_create(node_id=node.pk, defaults={"limit_kbps": limit_kbps})
    details = {"node": node_code, "limit_kbps": limit_kbps}
    audit.record(caller, "line-changed", node_code, city_code=city_code, details=details)
    return visible_line(caller, city_code, node_code)


def _row(node_id: uuid.UUID, limit_kbps: int | None) -> BoxLine:
    """As its etag knows it, whether or not somebody has set it."""
    return BoxLine(node_id=node_id, limit_kbps=limit_kbps or 0)


def require_room_live(node_id: uuid.UUID, camera_id: uuid.UUID, quality: Quality) -> None:
    """Call it under the lock of the city's row. Raises Conflict."""
    use = _use(node_id, camera_id)
    _require(node_id, use, use.with_live(camera_id, quality))


def require_room_playback(node_id: uuid.UUID, camera_id: uuid.UUID) -> None:
    """As `require_room_live`."""
    use = _use(node_id, camera_id)
    _require(node_id, use, use.with_playback(camera_id))


def _require(node_id: uuid.UUID, now: LineUse, then: LineUse) -> None:
    limit_kbps = _limit(_set_limit(node_id))
    if domain.fits(now, then, limit_kbps):
        return
    raise Conflict(
        f"A conexão da caixa com a central está ocupada por outros vídeos: {domain.mbps(now.kbps)} de "
        f"{domain.mbps(limit_kbps)} Mbit/s. Feche um deles, assista em qualidade baixa ou tente mais tarde.",
        code="line-full",
    )


def _use(node_id: uuid.UUID, *asked_for: uuid.UUID) -> LineUse:
    """What is watched now, or has just been opened; it knows the rate of what is asked for, too."""
    now = timezone.now()
    unexpired = {"closed_at__isnull": True, "expires_at__gt": now}
    live = list(LiveSession.objects.filter(node_id=node_id, **unexpired))
    played = list(RelaySession.objects.filter(camera__node_id=node_id, **unexpired))
    opened: list[LiveSession | RelaySession] = [*live, *played]
    seen = _watched({str(session.pk): session.created_at for session in opened}, now)
    cameras = {*asked_for, *(session.camera_id for session in opened)}
    return LineUse(
        live=frozenset((row.camera_id, _quality(row.quality)) for row in live if str(row.pk) in seen),
        playback=tuple(row.camera_id for row in played if str(row.pk) in seen),
        main_kbps=_measured_kbps(cameras),
    )


def _watched(opened_at: dict[str, datetime], now: datetime) -> set[str]:
    just_opened = {session for session, at in opened_at.items() if now - at < domain.LIVE_IDLE}
    try:
        with Redis.from_url(settings.GTV_REDIS_URL) as redis:
            return just_opened | watching.watched(redis, list(opened_at))
    except RedisError as error:  # who watches is not known: all that is open counts
        log.warning("line_watchers_unknown", error=str(error))
        return set(opened_at)


def _measured_kbps(cameras: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    known = CameraStream.objects.filter(camera_id__in=list(cameras)).values_list("camera_id", "measured")
    return {camera: bps // 1000 for camera, measured in known if (bps := measured.get("bitrate_bps") or 0)}


def _quality(stored: str) -> Quality:
    return "main" if stored == "main" else "sub"


def _set_limit(node_id: uuid.UUID) -> int | None:
    return BoxLine.objects.filter(node_id=node_id).values_list("limit_kbps", flat=True).first()


def _limit(limit_kbps: int | None) -> int:
    default: int = settings.GTV_BOX_LINE_KBPS
    return default if limit_kbps is None else limit_kbps
