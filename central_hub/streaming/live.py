"""Live video at the hub: who may watch which camera, and its box, which is asked once for all of them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.fleet import services as fleet
from central_hub.kernel import (
    Caller,
    Conflict,
    NotFound,
    Permission,
    Unavailable,
    is_central,
    may,
    require,
)
from central_hub.relay import closings, watching
from central_hub.relay.tokens import Audience, issue, live_uplink
from central_hub.scoping import CityScopedQuerySet
from central_hub.streaming import domain, line
from central_hub.streaming.ice import IceServer, ice_servers
from central_hub.streaming.models import CameraStream, LiveSession
from protocol import messages
from protocol.uplink import Quality

log = structlog.get_logger()


@dataclass(frozen=True)
class OpenedLive:
    """What a player needs. `adaptive_url` None: there is one stream."""

    id: uuid.UUID
    camera: uuid.UUID
    expires_at: datetime
    adaptive_url: str | None
    qualities: list[domain.LiveQuality]
    ice_servers: list[IceServer]


def open_session(caller: Caller, camera_id: uuid.UUID, quality: Quality) -> OpenedLive:
    """Let the caller watch a camera live, and have its box dial the relay if it has not.

    Raises NotPermitted, NotFound, Conflict, Unavailable.
    """
    require(caller, Permission.WATCH)
    camera = cities.visible_camera(caller, camera_id)
    node_id = _require_contact(camera.node_id)
    now = timezone.now()
    names = domain.watchable(quality, camera.sub_stream)
    with transaction.atomic():
        cities.lock_city(camera.city.code)
        line.require_room_live(node_id, camera.pk, names[0])
        session = LiveSession.objects.create(
            city_id=camera.city_id,
            camera_id=camera.pk,
            node_id=node_id,
            requester_id=caller.pk,
            quality=names[0],
            expires_at=now + domain.LIVE_LIFE,
        )
        audit.record(
            caller,
            "live",
            str(camera.pk),
            city_code=camera.city.code,
            details={"session": str(session.pk), "quality": names[0]},
        )
    try:
        _have_box_dial(session, caller)
    except Unavailable:
        _end([session.pk])
        raise
    return _opened(session, names)


def resume_session(caller: Caller, session_id: uuid.UUID) -> OpenedLive:
    """Go on where the picture was lost: fresh addresses, and the box asked again if it is not connected.

    Nothing is granted that was not: the session's end stays. Raises as `open_session`.
    """
    require(caller, Permission.WATCH)
    session = _own(caller, session_id).first()
    if session is not None and session.expires_at <= timezone.now():
        raise Conflict(
            "Esta câmera está aberta há duas horas. Continue, se ainda estiver assistindo.", code="live-over"
        )
    if session is None or session.closed_at is not None:
        raise NotFound("A sessão ao vivo terminou. Abra a câmera de novo.")
    camera = cities.visible_camera(caller, session.camera_id)
    node_id = _require_contact(camera.node_id)
    if node_id != session.node_id:  # another box took the camera meanwhile (docs/adr/0051)
        session.node_id = node_id
        session.save(update_fields=["node_id"])
    _have_box_dial(session, caller)
    wanted: Quality = "main" if session.quality == "main" else "sub"
    return _opened(session, domain.watchable(wanted, camera.sub_stream))


def close_session(caller: Caller, session_id: uuid.UUID) -> None:
    """The viewer is done. Closing twice is no error."""
    if not _own(caller, session_id).exists():
        raise NotFound("Sessão não encontrada.")
    _end([session_id])


def end_sessions_of(node_id: uuid.UUID) -> None:
    """Nobody watches anything of this box any more, and it gives nothing."""
    open_now = list(LiveSession.objects.filter(node_id=node_id, closed_at__isnull=True))
    _end([session.pk for session in open_now], {live_uplink(session.camera_id) for session in open_now})


def end_forbidden() -> int:
    """End the sessions of who may not watch any more, and of cameras that were put out of use; how many."""
    open_now = LiveSession.objects.filter(closed_at__isnull=True).select_related("requester", "camera")
    return _end([session.pk for session in open_now if not _is_allowed(session)])


def _is_allowed(session: LiveSession) -> bool:
    person = session.requester
    if not person.is_active or session.camera.archived_at is not None or not may(person, Permission.WATCH):
        return False
    return is_central(person) or person.city_id == session.city_id


def expire_sessions() -> int:
    """Close what has outlived its time, and what nobody has watched for long; how many."""
    now = timezone.now()
    ended = end_forbidden()
    open_now = LiveSession.objects.filter(closed_at__isnull=True)
    over = list(open_now.filter(expires_at__lt=now).values_list("pk", flat=True))
    quiet = open_now.filter(expires_at__gte=now, created_at__lt=now - domain.LIVE_IDLE)
    try:
        with _redis() as redis:
            ids = [str(pk) for pk in quiet.values_list("pk", flat=True)]
            over += [uuid.UUID(idle) for idle in set(ids) - watching.watched(redis, ids)]
    except RedisError as error:  # who watches is not known: they end with their time
        log.warning("live_watchers_unknown", error=str(error))
    return ended + _end(over)


def box_refused(command_id: uuid.UUID, reason: str) -> None:
    """The box did not dial; whoever wants the camera has it asked again."""
    session = LiveSession.objects.filter(command_id=command_id).first()
    if session is None:
        return
    log.warning("live_refused_by_box", camera=str(session.camera_id), reason=reason[:200])
    session.refusal = reason.replace("\0", "")[:500]
    session.save(update_fields=["refusal"])
    try:
        with _redis() as redis:
            watching.box_does_not_dial(redis, live_uplink(session.camera_id))
    except RedisError as error:  # the note that it was asked ends by itself
        log.warning("live_refusal_not_noted", error=str(error))


# --- how ---------------------------------------------------------------------------------


def _own(caller: Caller, session_id: uuid.UUID) -> CityScopedQuerySet[LiveSession]:
    return LiveSession.objects.visible_to(caller).filter(pk=session_id, requester_id=caller.pk)


def _require_contact(node_id: uuid.UUID | None) -> uuid.UUID:
    """Raises Conflict."""
    if node_id is None or node_id not in fleet.online_nodes({node_id}):
        raise Conflict(
            "A caixa desta câmera está sem contato com a central. O vídeo volta quando ela voltar.",
            code="node-offline",
        )
    return node_id


def _have_box_dial(session: LiveSession, caller: Caller) -> None:
    """Unless its uplink is open or it has just been asked. Raises Conflict, Unavailable."""
    uplink = live_uplink(session.camera_id)
    try:
        with _redis() as redis:
            if not watching.box_is_to_dial(redis, uplink):
                return
            try:
                _order(session, uplink, caller.username)
            except Exception:
                watching.box_does_not_dial(redis, uplink)
                raise
    except RedisError as error:
        log.error("live_without_redis", error=str(error))
        raise Unavailable("A central está com uma falha. Tente de novo em instantes.") from None


def _order(session: LiveSession, uplink: str, requester: str) -> None:
    """Raises Conflict, Unavailable."""
    now = timezone.now()
    ends_at = now + domain.LIVE_UPLINK_LIFE
    action = messages.OpenLive(
        uplink=uplink,
        url=domain.uplink_url(settings.GTV_RELAY_UPLINK_URL),
        token=issue(settings.GTV_RELAY_SECRET, Audience.UPLINK, uplink, now + domain.DIAL_WITHIN, ends_at),
        camera=str(session.camera_id),
        expires_at=ends_at,
    )
    session.command_id = uuid.uuid4()
    session.save(update_fields=["command_id"])
    fleet.send_command(
        session.node_id,
        action,
        requester=requester,
        within=domain.DIAL_WITHIN,
        command_id=session.command_id,
    )


def _opened(session: LiveSession, names: Sequence[Quality]) -> OpenedLive:
    token = issue(
        settings.GTV_RELAY_SECRET,
        Audience.LIVE_VIEWER,
        str(session.pk),
        session.expires_at,
        uplink=live_uplink(session.camera_id),
        qualities=names,
    )
    relay_url = settings.GTV_RELAY_URL
    return OpenedLive(
        id=session.pk,
        camera=session.camera_id,
        expires_at=session.expires_at,
        adaptive_url=domain.adaptive_url(relay_url, token) if len(names) > 1 else None,
        qualities=[
            domain.live_quality(relay_url, token, name, _codec(session.camera_id) if name == "main" else "")
            for name in names
        ],
        ice_servers=ice_servers(
            settings.GTV_ICE_URLS, settings.GTV_TURN_SECRET, str(session.pk), session.expires_at
        ),
    )


def _codec(camera_id: uuid.UUID) -> str:
    """Of the main stream, as its recorder found it."""
    known = CameraStream.objects.filter(camera_id=camera_id).values_list("measured", flat=True).first()
    return str((known or {}).get("video_codec", ""))


def _end(session_ids: Sequence[uuid.UUID], uplinks: Iterable[str] = ()) -> int:
    """Also hangs up these uplinks. How many sessions were open."""
    if not session_ids:
        return 0
    open_now = LiveSession.objects.filter(pk__in=session_ids, closed_at__isnull=True)
    closed = open_now.update(closed_at=timezone.now())
    try:
        with _redis() as redis:
            watching.end(redis, map(str, session_ids), domain.LIVE_LIFE)
            for uplink in uplinks:
                closings.announce(redis, uplink)
    except RedisError as error:
        # Their viewers then go on until the sessions' own time.
        log.warning("relay_not_told", sessions=len(session_ids), error=str(error))
    return closed


def _redis() -> Redis:
    return Redis.from_url(settings.GTV_REDIS_URL)
