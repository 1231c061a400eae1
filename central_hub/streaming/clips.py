"""Clips that people at the hub order: cut and signed by the box, kept in the object store.

    ordered ──box made it──► made ──all parts went──► sent ──whole, and its digest right──► done
       └──────────┴── refused, or not finished within GIVE_UP_AFTER ──► failed

A reply of the box only changes the row. What must be done next is found in the rows by
`pursue`, which runs every few seconds: so a lost command, a lost reply, a box that is
away and a hub that was stopped all end in being asked again. The box knows a clip and an
upload by name, and makes and sends nothing twice.

Order of the durable steps: parts in the store, their ETags in the row, the object, its
digest compared, state `done`. What is `done` is downloadable and is what the box signed.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone
from minio.error import InvalidResponseError, MinioException, S3Error
from urllib3.exceptions import HTTPError

from central_hub import objects
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.fleet import services as fleet
from central_hub.kernel import (
    Caller,
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    Permission,
    Unavailable,
    governs,
    require,
)
from central_hub.streaming import domain, services
from central_hub.streaming.models import Clip
from protocol import messages

log = structlog.get_logger()

State = Clip.State
UNFINISHED = (State.ORDERED, State.MADE, State.SENT)

#: S3 takes parts from 5 MiB on, the last excepted; one is sent again whole when the line breaks.
PART_BYTES = 16 * 1024**2
#: The presigned addresses of one order live as long; then it is given with fresh ones.
UPLOAD_WITHIN = timedelta(hours=1)
#: Without a reply a command is repeated: a clip of an hour is cut in about a minute.
ASK_AGAIN_AFTER = {State.ORDERED: timedelta(minutes=2), State.MADE: timedelta(minutes=10)}
#: After a broken upload, or a broker that was away: the line has had time to come back.
RETRY_AFTER = timedelta(seconds=15)
#: A box that stays away longer than this does not get the order any more.
GIVE_UP_AFTER = timedelta(days=2)
#: In Portuguese, for the person who waits.
GAVE_UP = "A caixa não concluiu o recorte em dois dias. Peça de novo quando ela tiver contato."
NOT_AS_SIGNED = "O arquivo que chegou não é o que a caixa assinou. Peça de novo."


# --- what people do --------------------------------------------------------------------


def order(caller: Caller, camera_id: uuid.UUID, start: datetime, end: datetime, reason: str) -> Clip:
    """Whoever may watch may order, under his name. A box that is away gets the order when it is back."""
    require(caller, Permission.WATCH)
    camera = cities.visible_camera(caller, camera_id)
    domain.check_period(start, end)
    if end > timezone.now():
        raise InvalidInput.in_field("end", "O trecho ainda não terminou: escolha um fim que já passou.")
    if camera.node_id is None:
        raise Conflict("Esta câmera não tem caixa que a grave.", code="no-node")
    with transaction.atomic():
        clip = Clip.objects.create(
            city_id=camera.city_id,
            camera_id=camera.pk,
            requester_id=caller.pk,
            start=start,
            end=end,
            reason=reason,
        )
        _audit(caller, clip, "clip-ordered", camera.city.code)
        transaction.on_commit(lambda: _pursue(clip.pk))
    return clip


def visible(caller: Caller) -> list[Clip]:
    """Newest first."""
    require(caller, Permission.WATCH)
    return list(Clip.objects.visible_to(caller).select_related("camera", "city", "requester"))


def get(caller: Caller, clip_id: uuid.UUID) -> Clip:
    require(caller, Permission.WATCH)
    clip = (
        Clip.objects.visible_to(caller)
        .select_related("camera", "city", "requester")
        .filter(pk=clip_id)
        .first()
    )
    if clip is None:
        raise NotFound("Recorte não encontrado.")
    return clip


def download_url(caller: Caller, clip_id: uuid.UUID) -> str:
    """An address that gives the ZIP, whole or in ranges, for some minutes."""
    clip = get(caller, clip_id)
    if clip.state != State.DONE:
        raise Conflict("O recorte ainda não está pronto.", code="clip-not-ready")
    _audit(caller, clip, "clip-downloaded", clip.city.code)
    return objects.presigned_download(_key(clip), f"recorte-{clip.start:%Y%m%d-%H%M%S}-{clip.pk.hex[:8]}.zip")


def delete(caller: Caller, clip_id: uuid.UUID) -> None:
    """For who ordered it, and who governs the city. The box keeps its own copy until it is deleted there."""
    clip = get(caller, clip_id)
    if clip.requester_id != caller.pk and not governs(caller, clip.city_id):
        raise NotPermitted("Só quem pediu o recorte, o gestor ou um administrador pode apagá-lo.")
    try:
        if clip.upload and clip.state == State.MADE:
            objects.abort_upload(_key(clip), clip.upload)
        objects.delete(_key(clip))
    except (MinioException, HTTPError):
        log.warning("clip_not_deleted", clip=str(clip.pk))
        raise Unavailable("O armazenamento não respondeu. Tente de novo em instantes.") from None
    with transaction.atomic():
        _audit(caller, clip, "clip-deleted", clip.city.code)
        clip.delete()


# --- what the box answers --------------------------------------------------------------------


@transaction.atomic
def box_replied(command_id: uuid.UUID, reply: messages.Reply) -> None:
    """Take the reply to a clip's command, if it is one."""
    clip = Clip.objects.select_for_update().filter(command_id=command_id).first()
    if clip is None:
        return
    clip.command_id = clip.asked_at = None
    if clip.state == State.ORDERED:
        _take_made(clip, reply)
    elif clip.state == State.MADE:
        _take_sent(clip, reply)
    clip.save()


def _take_made(clip: Clip, reply: messages.Reply) -> None:
    if not reply.ok or reply.clip is None or reply.clip.clip != clip.pk.hex:
        _fail(clip, reply.error or "A caixa não disse o que fez.")
        return
    clip.state = State.MADE
    clip.size_bytes, clip.sha256 = reply.clip.size_bytes, reply.clip.sha256
    clip.manifest = reply.clip.manifest


def _take_sent(clip: Clip, reply: messages.Reply) -> None:
    clip.etags = [part.etag for part in sorted(reply.parts, key=lambda part: part.number)]
    if reply.ok and len(clip.etags) == len(_part_sizes(clip)):
        clip.state = State.SENT
    else:  # a broken line, mostly: asked again for what is missing
        clip.asked_at = timezone.now()
        log.info("clip_upload_interrupted", clip=str(clip.pk), parts=len(clip.etags), error=reply.error)


# --- what is to be done next --------------------------------------------------------------------


def pursue() -> int:
    """Take every unfinished clip one step on; how many were looked at."""
    unfinished = Clip.objects.filter(state__in=UNFINISHED)
    ids = list(unfinished.order_by("created_at").values_list("pk", flat=True))
    for clip_id in ids:
        _pursue(clip_id)
    return len(ids)


def _pursue(clip_id: uuid.UUID) -> None:
    """One step of one clip. Whatever the store or the broker does, the others go on."""
    try:
        with transaction.atomic():
            clip = _locked(clip_id)
            if clip is None:  # deleted, or another worker is at it
                return
            order = _step(clip)
            clip.save()
        if order is not None:
            _send(clip, *order)
    except (MinioException, HTTPError) as error:
        # The text of a store's error may hold a presigned address.
        log.warning("clip_step_failed", clip=str(clip_id), error=type(error).__name__)


def _locked(clip_id: uuid.UUID) -> Clip | None:
    rows = Clip.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.select_related("camera", "city", "requester").filter(pk=clip_id).first()


def _step(clip: Clip) -> tuple[uuid.UUID, messages.Action] | None:
    """What follows from the row; returns which box is to be asked for what, once the row is committed."""
    now = timezone.now()
    if clip.state not in UNFINISHED:
        return None
    if now - clip.created_at > GIVE_UP_AFTER:
        _fail(clip, GAVE_UP)
    elif clip.state == State.SENT:
        _finish(clip)
    elif _due(clip, now) and (node_id := services.box_for(clip.camera, clip.start, clip.end)):
        clip.asked_at, clip.command_id = now, uuid.uuid4()
        return node_id, _make(clip) if clip.state == State.ORDERED else _upload(clip)
    return None


def _due(clip: Clip, now: datetime) -> bool:
    """Whether a box is to be asked: none was yet, or long ago, or it broke off a while ago."""
    pause = ASK_AGAIN_AFTER[State(clip.state)] if clip.command_id else RETRY_AFTER
    return clip.asked_at is None or now - clip.asked_at > pause


def _send(clip: Clip, node_id: uuid.UUID, action: messages.Action) -> None:
    """The row with the command's id is committed: a reply, however quick, finds its clip."""
    try:
        fleet.send_command(
            node_id,
            action,
            requester=clip.requester.username,
            within=UPLOAD_WITHIN,
            command_id=clip.command_id,
        )
    except Unavailable:
        Clip.objects.filter(pk=clip.pk, command_id=clip.command_id).update(command_id=None)


def _make(clip: Clip) -> messages.MakeClip:
    span = messages.ClipSpan(str(clip.camera_id), clip.start, clip.end)
    return messages.MakeClip(clip.pk.hex, [span], clip.reason)


def _upload(clip: Clip) -> messages.UploadClip:
    if not clip.upload:
        clip.upload = objects.begin_upload(_key(clip), "application/zip")
    parts = [
        messages.UploadPart(objects.presigned_part(_key(clip), clip.upload, number, UPLOAD_WITHIN), size)
        for number, size in enumerate(_part_sizes(clip), 1)
    ]
    return messages.UploadClip(clip.pk.hex, clip.upload, parts)


def _finish(clip: Clip) -> None:
    """Make one object of the parts and compare its digest with what the box signed.

    A crash after the first step repeats it, which the store answers with an error while the
    object is there: so the object itself is looked at. Without it the upload is begun anew.
    """
    try:
        objects.complete_upload(_key(clip), clip.upload, clip.etags)
    except (S3Error, InvalidResponseError) as error:  # not the store's own trouble, nor the line's
        log.info("clip_parts_not_joined", clip=str(clip.pk), error=type(error).__name__)
    digest = objects.sha256(_key(clip))
    if digest is None:
        clip.state, clip.upload, clip.etags = State.MADE, "", []
    elif digest == clip.sha256:
        clip.state, clip.error = State.DONE, ""
        log.info("clip_done", clip=str(clip.pk), size_bytes=clip.size_bytes)
    else:
        objects.delete(_key(clip))
        _fail(clip, NOT_AS_SIGNED)


def _fail(clip: Clip, error: str) -> None:
    clip.state, clip.error = State.FAILED, error.replace("\0", "")[:500]
    log.warning("clip_failed", clip=str(clip.pk), error=clip.error)


def _part_sizes(clip: Clip) -> Sequence[int]:
    return domain.part_sizes(clip.size_bytes, PART_BYTES)


def progress(clip: Clip) -> float:
    """How much of it is done, 0 to 1: cutting counts as nothing, it is quick beside the line."""
    if clip.state == State.MADE:
        return len(clip.etags) / max(1, len(_part_sizes(clip)))
    return 1.0 if clip.state in (State.SENT, State.DONE) else 0.0


def _key(clip: Clip) -> str:
    return f"{clip.city.code}/clips/{clip.pk.hex}.zip"


def _audit(caller: Caller, clip: Clip, action: str, city_code: str) -> None:
    details = {"clip": str(clip.pk), "start": clip.start.isoformat(), "end": clip.end.isoformat()}
    details["reason"] = clip.reason
    audit.record(caller, action, str(clip.camera_id), city_code=city_code, details=details)
