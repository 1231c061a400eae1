"""Use cases about recorded coverage, camera states and relay sessions."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.fleet import services as fleet
from central_hub.kernel import Caller, Conflict, NotFound, Unavailable
from central_hub.relay import closings
from central_hub.relay.tokens import Audience, issue
from central_hub.streaming import domain
from central_hub.streaming.domain import Span
from central_hub.streaming.models import CameraStream, Coverage, RelaySession
from protocol import messages

log = structlog.get_logger()


@dataclass(frozen=True)
class CameraStatus:
    """What is known of a camera now."""

    state: str
    last_seen_at: datetime | None


UNKNOWN = CameraStatus("unknown", None)


@dataclass(frozen=True)
class OpenedSession:
    """What the viewer needs to play."""

    id: uuid.UUID
    playlist_url: str
    token: str
    start: datetime
    end: datetime
    expires_at: datetime


# --- camera states ---------------------------------------------------------------


def camera_statuses(camera_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, CameraStatus]:
    """States by camera. What the box said last means nothing while it is not in contact."""
    rows = CameraStream.objects.filter(camera_id__in=camera_ids).values_list(
        "camera_id", "camera__node_id", "state", "last_seen_at"
    )
    known = list(rows)
    online = fleet.online_nodes({node_id for _, node_id, _, _ in known if node_id})
    return {
        camera_id: CameraStatus(state if node_id in online else "unknown", last_seen_at)
        for camera_id, node_id, state, last_seen_at in known
    }


def store_camera_status(events: Iterable[tuple[uuid.UUID, messages.CameraStatus]]) -> None:
    """Take state changes of cameras, in any order."""
    _set_states(
        CameraStream(
            camera_id=camera_id,
            state=event.state,
            at=event.at,
            reason=event.reason,
            last_seen_at=event.at if event.state == "online" else None,
        )
        for camera_id, event in events
    )


def store_camera_health(city_id: int, cameras: Sequence[messages.CameraHealth], at: datetime) -> None:
    """Take the states in a box's health message; what is no camera of its city is left out."""
    reported = {}
    for camera in cameras:
        try:
            reported[uuid.UUID(camera.camera)] = camera
        except ValueError:
            continue
    known = cities.camera_ids_of_city(city_id, set(reported))
    _set_states(
        CameraStream(
            camera_id=camera_id,
            state=health.state,
            at=at,
            reason=health.reason,
            last_seen_at=health.last_packet_at,
        )
        for camera_id, health in reported.items()
        if camera_id in known
    )


@transaction.atomic
def _set_states(reported: Iterable[CameraStream]) -> None:
    """The newest state of each camera stays, whatever order they come in."""
    newest: dict[uuid.UUID, CameraStream] = {}
    for row in reported:
        if row.camera_id not in newest or row.at > newest[row.camera_id].at:
            newest[row.camera_id] = row
    present = CameraStream.objects.select_for_update().filter(camera_id__in=newest).order_by("camera_id")
    for old in present:
        new = newest[old.camera_id]
        if old.at > new.at:
            del newest[old.camera_id]
        elif new.last_seen_at is None:
            new.last_seen_at = old.last_seen_at
    CameraStream.objects.bulk_create(
        [newest[camera_id] for camera_id in sorted(newest)],
        update_conflicts=True,
        unique_fields=["camera"],
        update_fields=["state", "at", "reason", "last_seen_at"],
    )


# --- coverage ----------------------------------------------------------------------


def coverage(caller: Caller, camera_id: uuid.UUID, since: datetime, until: datetime) -> list[Span]:
    """What was recorded inside a period, by what the box has told so far."""
    camera = cities.visible_camera(caller, camera_id)
    # Older than the plan keeps is gone from the box, though nobody said so.
    since = max(since, timezone.now() - timedelta(days=camera.city.plan.retention_days))
    rows = Coverage.objects.filter(camera_id=camera_id, end__gt=since, start__lt=until)
    spans = [Span(start, end) for start, end in rows.order_by("start").values_list("start", "end")]
    return domain.clip_spans(domain.merge_spans(spans), since, until)


@transaction.atomic
def store_coverage(city_id: int, camera_id: uuid.UUID, spans: Sequence[Span]) -> None:
    """Add spans of one camera to what is known of it; known ones change nothing.

    The caller holds the lock of the node's stream, so nobody else changes this camera's rows.
    """
    new = domain.merge_spans(span for span in spans if span.start < span.end)
    for span in new:
        near = Coverage.objects.filter(
            camera_id=camera_id,
            start__lte=span.end + domain.JOIN_WITHIN,
            end__gte=span.start - domain.JOIN_WITHIN,
        )
        known = {row.pk: Span(row.start, row.end) for row in near}
        merged = domain.merge_spans([span, *known.values()])
        if merged == list(known.values()):
            continue
        Coverage.objects.filter(pk__in=known).delete()
        Coverage.objects.bulk_create(
            Coverage(city_id=city_id, camera_id=camera_id, start=part.start, end=part.end) for part in merged
        )


# --- relay sessions ------------------------------------------------------------------


def open_session(caller: Caller, camera_id: uuid.UUID, start: datetime, end: datetime) -> OpenedSession:
    """Let the caller play a camera's footage, and tell its box to dial the relay.

    The session is committed before the command goes out; if it cannot, the session is closed.
    """
    camera = cities.visible_camera(caller, camera_id)
    domain.check_period(start, end)
    if camera.node_id is None or camera.node_id not in fleet.online_nodes({camera.node_id}):
        raise Conflict(
            "A caixa desta câmera está sem contato com a central. Tente quando ela voltar.",
            code="node-offline",
        )
    now = timezone.now()
    with transaction.atomic():
        session = RelaySession.objects.create(
            city_id=camera.city_id,
            camera_id=camera.pk,
            requester_id=caller.pk,
            start=start,
            end=end,
            expires_at=now + domain.SESSION_LIFE,
            command_id=uuid.uuid4(),
        )
        details = {"session": str(session.pk), "start": start.isoformat(), "end": end.isoformat()}
        audit.record(caller, "playback", str(camera.pk), city_code=camera.city.code, details=details)
    _tell_box_to_dial(session, camera.node_id, caller.username, now)
    return OpenedSession(
        id=session.pk,
        playlist_url=domain.playlist_url(settings.GTV_RELAY_URL, str(session.pk)),
        token=_token(Audience.VIEWER, session, session.expires_at),
        start=start,
        end=end,
        expires_at=session.expires_at,
    )


def _tell_box_to_dial(session: RelaySession, node_id: uuid.UUID, requester: str, now: datetime) -> None:
    action = messages.OpenUplink(
        session=str(session.pk),
        url=domain.uplink_url(settings.GTV_RELAY_URL),
        token=_token(Audience.UPLINK, session, now + domain.DIAL_WITHIN),
        camera=str(session.camera_id),
        start=session.start,
        end=session.end,
        expires_at=session.expires_at,
    )
    try:
        fleet.send_command(
            node_id, action, requester=requester, within=domain.DIAL_WITHIN, command_id=session.command_id
        )
    except Unavailable:
        RelaySession.objects.filter(pk=session.pk).update(closed_at=timezone.now())
        raise


def _token(audience: Audience, session: RelaySession, shown_before: datetime) -> str:
    return issue(settings.GTV_RELAY_SECRET, audience, str(session.pk), shown_before, session.expires_at)


def close_session(caller: Caller, session_id: uuid.UUID) -> None:
    """The viewer is done. Closing twice is no error."""
    session = RelaySession.objects.visible_to(caller).filter(pk=session_id, requester_id=caller.pk).first()
    if session is None:
        raise NotFound("Sessão não encontrada.")
    RelaySession.objects.filter(pk=session_id, closed_at__isnull=True).update(closed_at=timezone.now())
    try:
        with Redis.from_url(settings.GTV_REDIS_URL) as redis:
            closings.announce(redis, str(session_id))
    except RedisError as error:
        # The uplink then ends with the session's own time.
        log.warning("relay_not_told", session=str(session_id), error=str(error))


def expire_sessions() -> int:
    """Close what has outlived its time; how many."""
    now = timezone.now()
    return RelaySession.objects.filter(closed_at__isnull=True, expires_at__lt=now).update(closed_at=now)


def box_refused(command_id: uuid.UUID, reason: str) -> None:
    """The box did not open the uplink: the session is over before it began."""
    RelaySession.objects.filter(command_id=command_id, closed_at__isnull=True).update(
        closed_at=timezone.now(), refusal=reason.replace("\0", "")[:500]
    )
