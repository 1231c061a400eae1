"""Use cases about recorded coverage, camera states and relay sessions."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.cities.services import CameraRef
from central_hub.fleet import services as fleet
from central_hub.kernel import Caller, Conflict, NotFound, Permission, Unavailable, require
from central_hub.relay import closings
from central_hub.relay.tokens import Audience, issue
from central_hub.streaming import domain, line
from central_hub.streaming.domain import CoverageChange, Span
from central_hub.streaming.models import CameraStream, Coverage, RelaySession, UnsettledCoverage
from protocol import messages

log = structlog.get_logger()


@dataclass(frozen=True)
class CameraStatus:
    """What is known of a camera now. `reason`, for people: why it is not recorded, or what is wrong."""

    state: str
    last_seen_at: datetime | None
    reason: str = ""
    measured: Mapping[str, Any] = field(default_factory=dict)


UNKNOWN = CameraStatus("unknown", None)


@dataclass(frozen=True)
class OpenedSession:
    """What the viewer needs to play."""

    id: uuid.UUID
    playlist_url: str
    start: datetime
    end: datetime
    expires_at: datetime


# --- camera states ---------------------------------------------------------------


def camera_statuses(camera_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, CameraStatus]:
    """States by camera. What the box said last means nothing while it is not in contact."""
    known = list(CameraStream.objects.filter(camera_id__in=camera_ids).select_related("camera"))
    online = fleet.online_nodes({row.camera.node_id for row in known if row.camera.node_id})
    return {
        row.camera_id: CameraStatus(row.state, row.last_seen_at, row.reason, row.measured)
        if row.camera.node_id in online
        else CameraStatus("unknown", row.last_seen_at)
        for row in known
    }


def plate_feed(camera_id: uuid.UUID) -> messages.PlateFeed | None:
    """How a camera's plates reach its box, as the box said last; None: it has said nothing."""
    row = CameraStream.objects.filter(camera_id=camera_id).first()
    return msgspec.convert(row.plates, messages.PlateFeed) if row and row.plates else None


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
            measured={name: getattr(health, name) for name in domain.MEASURED},
            plates=msgspec.to_builtins(health.plates) if health.plates else {},
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
        else:  # a change of state tells no measures, an offline camera not when it was seen
            new.last_seen_at = new.last_seen_at or old.last_seen_at
            new.plates = new.plates if new.measured else old.plates
            new.measured = new.measured or old.measured
    CameraStream.objects.bulk_create(
        [newest[camera_id] for camera_id in sorted(newest)],
        update_conflicts=True,
        unique_fields=["camera"],
        update_fields=["state", "at", "reason", "last_seen_at", "measured", "plates"],
    )


# --- coverage ----------------------------------------------------------------------
#
# Invariant: `Coverage` and then `UnsettledCoverage`, in the order of its numbers, are what
# the box says it holds. Events come in any order, the newest first after an outage, so a
# purge may come before the recording that it speaks of, and a recording after a purge of
# the same minutes (a repaired file is told as missing, then as recorded). A change waits
# until none can come any more that was made before it (docs/adr/0020).


def coverage(caller: Caller, camera_id: uuid.UUID, since: datetime, until: datetime) -> list[Span]:
    """What the box holds of a period, by what it has told so far: also what is held past the plan."""
    camera = cities.visible_camera(caller, camera_id)
    held = _held(camera.pk, since, until)
    return domain.merge_spans(span for spans in held.values() for span in spans)


def box_for(camera: CameraRef, start: datetime, end: datetime) -> uuid.UUID | None:
    """Which box to ask for footage of a camera: another than its own, where it was moved (docs/adr/0051).

    None: the one to ask is out of contact, or there is none.
    """
    held = _held(camera.pk, start, end)
    online = fleet.online_nodes({node for node in (*held, camera.node_id) if node is not None})
    there = {node: spans for node, spans in held.items() if node is not None and node in online}
    chosen = domain.box_to_ask(there, camera.node_id, end, timezone.now())
    return chosen if chosen in online else None


def _held(camera_id: uuid.UUID, since: datetime, until: datetime) -> dict[uuid.UUID | None, list[Span]]:
    """What each box holds of a period."""
    inside = {"camera_id": camera_id, "end__gt": since, "start__lt": until}
    spans: dict[uuid.UUID | None, list[Span]] = defaultdict(list)
    changes: dict[uuid.UUID | None, list[CoverageChange]] = defaultdict(list)
    for node_id, start, end in Coverage.objects.filter(**inside).values_list("node_id", "start", "end"):
        spans[node_id].append(Span(start, end))
    for row in UnsettledCoverage.objects.filter(**inside):
        changes[row.node_id].append(_change(row))
    return {
        node_id: domain.clip_spans(domain.after_changes(spans[node_id], changes[node_id]), since, until)
        for node_id in spans.keys() | changes.keys()
    }


def take_coverage(node_id: uuid.UUID, changes: Iterable[tuple[uuid.UUID, CoverageChange]]) -> None:
    """Take what a box told, each number once; `settle_coverage` follows in the same transaction."""
    UnsettledCoverage.objects.bulk_create(
        UnsettledCoverage(
            node_id=node_id,
            seq=change.seq,
            camera_id=camera_id,
            start=change.span.start,
            end=change.span.end,
            purged=change.purged,
        )
        for camera_id, change in changes
        if change.span.start < change.span.end
    )


@transaction.atomic
def settle_coverage(city_id: int, node_id: uuid.UUID, through: int) -> None:
    """Work in what no earlier change of this box can come before any more.

    The caller holds the lock of the node's stream, so nobody else changes its cameras' rows.
    """
    due = UnsettledCoverage.objects.filter(node_id=node_id, seq__lte=through)
    changes: dict[uuid.UUID, list[CoverageChange]] = defaultdict(list)
    for row in due:
        changes[row.camera_id].append(_change(row))
    for camera_id in sorted(changes):
        _change_coverage(city_id, node_id, camera_id, changes[camera_id])
    if changes:
        due.delete()


def _change_coverage(
    city_id: int, node_id: uuid.UUID, camera_id: uuid.UUID, changes: Sequence[CoverageChange]
) -> None:
    near = Coverage.objects.filter(
        camera_id=camera_id,
        node_id=node_id,
        start__lte=max(change.span.end for change in changes) + domain.JOIN_WITHIN,
        end__gte=min(change.span.start for change in changes) - domain.JOIN_WITHIN,
    )
    known = {Span(row.start, row.end): row.pk for row in near}
    wanted = domain.after_changes(known, changes)
    Coverage.objects.filter(pk__in=[known[span] for span in known.keys() - set(wanted)]).delete()
    Coverage.objects.bulk_create(
        Coverage(city_id=city_id, camera_id=camera_id, node_id=node_id, start=span.start, end=span.end)
        for span in wanted
        if span not in known
    )


def _change(row: UnsettledCoverage) -> CoverageChange:
    return CoverageChange(row.seq, Span(row.start, row.end), row.purged)


# --- relay sessions ------------------------------------------------------------------


def open_session(caller: Caller, camera_id: uuid.UUID, start: datetime, end: datetime) -> OpenedSession:
    """Let the caller play a camera's footage, and tell its box to dial the relay.

    The session is committed before the command goes out; if it cannot, the session is closed.
    """
    require(caller, Permission.WATCH)
    camera = cities.visible_camera(caller, camera_id)
    domain.check_period(start, end)
    node_id = box_for(camera, start, end)
    if node_id is None:
        raise Conflict(
            "A caixa desta câmera está sem contato com a central. Tente quando ela voltar.",
            code="node-offline",
        )
    now = timezone.now()
    with transaction.atomic():
        cities.lock_city(camera.city.code)
        line.require_room_playback(node_id, camera.pk)
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
    _tell_box_to_dial(session, node_id, caller.username, now)
    return OpenedSession(
        id=session.pk,
        playlist_url=domain.playlist_url(
            settings.GTV_RELAY_URL, _token(Audience.VIEWER, session, session.expires_at)
        ),
        start=start,
        end=end,
        expires_at=session.expires_at,
    )


def _tell_box_to_dial(session: RelaySession, node_id: uuid.UUID, requester: str, now: datetime) -> None:
    action = messages.OpenUplink(
        session=str(session.pk),
        url=domain.uplink_url(settings.GTV_RELAY_UPLINK_URL),
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
    _end([session_id])


def end_sessions_of(node_id: uuid.UUID) -> None:
    """Hang up every uplink of this box."""
    open_now = RelaySession.objects.filter(camera__node_id=node_id, closed_at__isnull=True)
    _end(list(open_now.values_list("pk", flat=True)))


def _end(session_ids: Sequence[uuid.UUID]) -> None:
    RelaySession.objects.filter(pk__in=session_ids, closed_at__isnull=True).update(closed_at=timezone.now())
    try:
        with Redis.from_url(settings.GTV_REDIS_URL) as redis:
            for session_id in session_ids:
                closings.announce(redis, str(session_id))
    except RedisError as error:
        # The uplinks then end with the sessions' own time.
        log.warning("relay_not_told", sessions=len(session_ids), error=str(error))


def expire_sessions() -> int:
    """Close what has outlived its time; how many."""
    now = timezone.now()
    return RelaySession.objects.filter(closed_at__isnull=True, expires_at__lt=now).update(closed_at=now)


def box_refused(command_id: uuid.UUID, reason: str) -> None:
    """The box did not open the uplink: the session is over before it began."""
    RelaySession.objects.filter(command_id=command_id, closed_at__isnull=True).update(
        closed_at=timezone.now(), refusal=reason.replace("\0", "")[:500]
    )
