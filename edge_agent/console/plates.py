"""LAN API: number plates, newest first, and each read's picture.

Reads are personal data: who looks at them is in the audit trail, and who looks for a plate says why (ADR 38).
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from msgspec.structs import asdict
from starlette.concurrency import run_in_threadpool

from edge_agent.box import Box
from edge_agent.console import schemas
from edge_agent.console.dependencies import BoxDep, MasksDep, UserDep, instant_us
from edge_agent.lpr.search import PlateQuery, StoredRead
from edge_agent.problems import ProblemError
from edge_agent.store import MAX_INTEGER
from protocol.plates import MAX_PATTERN, InvalidPattern, is_exact, masked, parse_pattern

router = APIRouter(prefix="/api/plate-reads", tags=["plates"])

#: As the hub asks for it (LGPD, art. 6, I).
_WITHOUT_PURPOSE = "Informe a finalidade da busca por uma placa, por exemplo o número do BO."
_WHOLE_ONLY = "Sua prefeitura só permite que visualizadores procurem placas inteiras."
#: A whole Brazilian plate; a shorter text is a part of one.
_WHOLE_PLATE = 7


class Asked(NamedTuple):
    """A search that may be made, and why it is."""

    query: PlateQuery
    purpose: str


def _asked(
    masks: MasksDep,
    plate: Annotated[str, Query(max_length=2 * MAX_PATTERN)] = "",
    tolerant: bool = False,
    camera: Annotated[str, Query(max_length=64)] = "",
    start: datetime | None = None,
    end: datetime | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=0)] = None,
    purpose: Annotated[str, Query(max_length=500)] = "",
) -> Asked:
    """Raises ProblemError (403, 422)."""
    pattern = _pattern(plate)
    if masks and pattern and (tolerant or not is_exact(pattern)):
        # Character by character, wildcards would tell what the mask hides.
        raise ProblemError(HTTPStatus.FORBIDDEN, _WHOLE_ONLY)
    if pattern and not purpose.strip():
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, _WITHOUT_PURPOSE)
    query = PlateQuery(
        pattern=pattern,
        tolerant=tolerant,
        camera=camera,
        start_us=instant_us(start) if start else 0,
        end_us=instant_us(end) if end else MAX_INTEGER,
        before=before,
        limit=limit,
    )
    return Asked(query, purpose.strip())


@router.get("", operation_id="plateReads")
async def plate_reads(
    box: BoxDep, user: UserDep, masks: MasksDep, asked: Annotated[Asked, Depends(_asked)]
) -> schemas.PlateReadPage:
    """Newest first. `plate` is a whole plate, in either Brazilian spelling, a part of one, or a pattern
    (`?` one character, `*` any number); `tolerant` also finds what OCR confuses with it. With a plate,
    `purpose` says why it is looked for. A list that is asked for again and again is one entry in the
    audit trail."""
    query, purpose = asked
    if box.looks.first(user.username, "plates", query.pattern, purpose):
        action = "console.plates.search" if query.pattern else "console.plates.watch"
        await run_in_threadpool(box.audit, user.username, action, query.pattern, purpose)
    found = await run_in_threadpool(box.plates.find, query)
    next_page = str(found[-1].order) if len(found) == query.limit else None
    return schemas.PlateReadPage(results=[shown_read(box, stored, masks) for stored in found], next=next_page)


@router.get("/{read_id}", operation_id="plateRead")
async def plate_read(box: BoxDep, user: UserDep, masks: MasksDep, read_id: str) -> schemas.PlateReadOut:
    """One read, as somebody opens it."""
    stored = await run_in_threadpool(box.plates.one, read_id)
    if stored is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "Esta leitura não existe, ou já passou do prazo de guarda.")
    if box.looks.first(user.username, "plate", read_id):
        await run_in_threadpool(box.audit, user.username, "console.plates.look", read_id)
    return shown_read(box, stored, masks)


@router.get(
    "/{read_id}/image",
    operation_id="plateReadImage",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
)
async def image(box: BoxDep, masks: MasksDep, read_id: str) -> Response:
    """The picture that the camera sent with a read."""
    if masks:
        raise ProblemError(HTTPStatus.FORBIDDEN, "Sua prefeitura não mostra placas a visualizadores.")
    try:
        jpeg = await run_in_threadpool(box.plates.image, read_id)
    except OSError:
        jpeg = None
    if jpeg is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "Esta leitura não tem imagem.")
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


def _pattern(text: str) -> str:
    """What a person typed as a pattern; empty for any plate. Raises ProblemError (422)."""
    if not text.strip():
        return ""
    try:
        pattern = parse_pattern(text)
    except InvalidPattern:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "Use letras, números, ? (um caractere) e * (qualquer sequência)."
        ) from None
    return f"*{pattern}*" if is_exact(pattern) and len(pattern) < _WHOLE_PLATE else pattern


def shown_read(box: Box, stored: StoredRead, masks: bool = False) -> schemas.PlateReadOut:
    """As the LAN API tells of a read; masked: without picture, and without what it has to do with a list."""
    read = stored.read
    return schemas.PlateReadOut(
        id=read.id,
        plate=masked(read.plate) if masks else read.plate,
        confidence=read.confidence,
        captured_at=read.captured_at,
        received_at=read.received_at,
        clock_off=read.clock_off,
        camera_at=read.camera_at,
        group=read.group,
        group_size=read.group_size,
        hits=[] if masks else [schemas.PlateHit(**asdict(hit)) for hit in read.hits],
        camera=schemas.CameraRef(id=read.camera, name=box.camera_name(read.camera)),
        direction=read.direction,
        lane=read.lane,
        speed_kmh=read.speed_kmh,
        vehicle_type=read.vehicle_type,
        vehicle_make=read.vehicle_make,
        vehicle_model=read.vehicle_model,
        vehicle_color=read.vehicle_color,
        country=read.country,
        image_url=f"/api/plate-reads/{read.id}/image" if stored.image_path and not masks else None,
    )
