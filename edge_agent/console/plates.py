"""LAN API: the plate reads of this box."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from edge_agent.box import Box
from edge_agent.console import schemas
from edge_agent.console.dependencies import BoxDep, UserDep
from edge_agent.lpr.services import StoredRead
from edge_agent.problems import ProblemError

router = APIRouter(prefix="/api/plate-reads", tags=["plates"])


@router.get("", operation_id="plateReads")
async def plate_reads(
    box: BoxDep,
    _user: UserDep,
    plate: Annotated[str, Query(max_length=16, pattern="^[A-Za-z0-9]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=0)] = None,
) -> schemas.PlateReadPage:
    """Newest first; `plate` matches any part of the plate."""
    found = await run_in_threadpool(box.reads.newest, limit, before, plate.upper())
    next_page = str(found[-1].order) if len(found) == limit else None
    return schemas.PlateReadPage(results=[_shown(box, stored) for stored in found], next=next_page)


@router.get("/{read_id}/image", operation_id="plateReadImage", response_class=FileResponse)
async def image(box: BoxDep, _user: UserDep, read_id: str) -> FileResponse:
    """The picture that the camera sent with a read."""
    file = await run_in_threadpool(box.reads.image, read_id)
    if file is None or not file.exists():
        raise ProblemError(HTTPStatus.NOT_FOUND, "Esta leitura não tem imagem.")
    return FileResponse(file, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


def _shown(box: Box, stored: StoredRead) -> schemas.PlateReadOut:
    read = stored.read
    return schemas.PlateReadOut(
        id=read.id,
        plate=read.plate,
        confidence=read.confidence,
        captured_at=read.captured_at,
        received_at=read.received_at,
        camera=schemas.CameraRef(id=read.camera, name=box.camera_name(read.camera)),
        direction=read.direction,
        lane=read.lane,
        speed_kmh=read.speed_kmh,
        vehicle_type=read.vehicle_type,
        vehicle_color=read.vehicle_color,
        image_url=f"/api/plate-reads/{read.id}/image" if stored.image_path else None,
    )
