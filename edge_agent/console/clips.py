"""LAN API: clips, made in the background, downloaded with resume, deleted with a trace."""

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from zipfile import BadZipFile

from fastapi import APIRouter, Depends, Query, Request, Response, status
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from edge_agent.box import Box
from edge_agent.clock import to_datetime, to_us
from edge_agent.console import ranges
from edge_agent.console.dependencies import BoxDep, CostlyDep, UserDep
from edge_agent.console.schemas import CameraRef
from edge_agent.evidence.archive import entry
from edge_agent.evidence.domain import MAX_SPANS, Clip, ClipRefused, ClipSpan, NoSuchClip, State
from edge_agent.problems import ProblemError
from protocol.messages import DesiredUser

router = APIRouter(prefix="/api/clips", tags=["clips"])


class SpanIn(BaseModel):
    camera: str = Field(max_length=64, examples=["0f8fad5b-d9cb-469f-a165-70867728950e"])
    start: datetime = Field(examples=["2026-01-31T12:00:00Z"])
    end: datetime = Field(examples=["2026-01-31T12:05:00Z"])


class ClipOrder(BaseModel):
    """What to cut; `reason` goes into the signed manifest."""

    spans: list[SpanIn] = Field(min_length=1, max_length=MAX_SPANS)
    reason: str = Field(min_length=3, max_length=500, examples=["Boletim de ocorrência 123/2026"])


class SpanOut(BaseModel):
    camera: CameraRef
    start: datetime
    end: datetime


class ClipFileOut(BaseModel):
    name: str
    camera: CameraRef
    start: datetime
    end: datetime
    size_bytes: int
    sha256: str
    download_url: str | None


class ClipOut(BaseModel):
    id: str
    created: datetime
    requester: str
    reason: str
    state: State
    progress: float = Field(ge=0, le=1)
    error: str
    spans: list[SpanOut]
    gaps: list[SpanOut] = Field(description="Parts of the spans that no footage exists of")
    files: list[ClipFileOut]
    size_bytes: int
    sha256: str
    download_url: str | None
    may_delete: bool


class ClipPage(BaseModel):
    results: list[ClipOut]
    next: str | None = Field(description="Pass as `before` for the next page")


async def _clip(box: BoxDep, _user: UserDep, clip_id: str) -> Clip:
    try:
        return await run_in_threadpool(box.clips.get, clip_id)
    except NoSuchClip:
        raise ProblemError(HTTPStatus.NOT_FOUND, "Este recorte não existe mais.") from None


ClipDep = Annotated[Clip, Depends(_clip)]


@router.post("", operation_id="orderClip", status_code=status.HTTP_202_ACCEPTED)
async def order_clip(order: ClipOrder, box: BoxDep, user: CostlyDep) -> ClipOut:
    """Order a clip of one or several cameras; it is made in the background."""
    try:
        spans = [ClipSpan(s.camera, to_us(s.start), to_us(s.end)) for s in order.spans]
    except ValueError:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, "Informe os horários com fuso, como 2026-01-31T12:00:00Z."
        ) from None
    try:
        clip = await run_in_threadpool(box.clips.order, user.username, order.reason, spans)
    except ClipRefused as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, str(error)) from None
    box.clips.wake()
    await run_in_threadpool(box.audit, user.username, "console.clip.order", _told(clip))
    return _shown(box, clip, user)


@router.get("", operation_id="clips")
async def clips(
    box: BoxDep,
    user: UserDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    before: Annotated[int | None, Query(ge=0)] = None,
) -> ClipPage:
    """Newest first."""
    found = await run_in_threadpool(box.clips.newest, limit, before)
    next_page = str(found[-1].created_us) if len(found) == limit else None
    return ClipPage(results=[_shown(box, clip, user) for clip in found], next=next_page)


@router.get("/{clip_id}", operation_id="clip")
async def one_clip(box: BoxDep, user: UserDep, clip: ClipDep) -> ClipOut:
    """One clip with its progress."""
    return _shown(box, clip, user)


@router.get(
    "/{clip_id}/download",
    operation_id="downloadClip",
    response_class=FileResponse,
    responses={
        200: {"content": {"application/zip": {}}, "description": "The whole clip"},
        206: {"content": {"application/zip": {}}, "description": "The bytes asked for"},
    },
)
async def download(box: BoxDep, user: UserDep, clip: ClipDep) -> FileResponse:
    """The clip's ZIP; a Range continues a download that broke off (RFC 9110, 14)."""
    file = _archive(box, clip)
    if box.looks.first(user.username, "clip", clip.id):  # one entry, in however many ranges
        await run_in_threadpool(box.audit, user.username, "console.clip.download", clip.id)
    name = f"recorte-{to_datetime(clip.created_us):%Y%m%d-%H%M%S}-{clip.id[:8]}.zip"
    return FileResponse(file, media_type="application/zip", filename=name)


@router.get(
    "/{clip_id}/files/{name}",
    operation_id="downloadClipFile",
    response_class=Response,
    responses={
        200: {"content": {"video/mp4": {}}, "description": "One video of the clip"},
        206: {"content": {"video/mp4": {}}, "description": "The bytes asked for"},
    },
)
async def download_file(box: BoxDep, user: UserDep, clip: ClipDep, name: str, request: Request) -> Response:
    """One video of a clip, out of its ZIP; a Range continues a download that broke off (RFC 9110, 14)."""
    archive = _archive(box, clip)
    file = next((file for file in clip.files if file.name == name), None)
    if file is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "Este recorte não tem este vídeo.")
    try:
        lies = await run_in_threadpool(entry, archive, name)
    except (KeyError, BadZipFile):
        raise ProblemError(HTTPStatus.CONFLICT, "O arquivo do recorte está danificado na caixa.") from None
    if box.looks.first(user.username, "clip", clip.id, name):
        await run_in_threadpool(box.audit, user.username, "console.clip.download", f"{clip.id} {name}")
    media_type = "video/quicktime" if name.endswith(".mov") else "video/mp4"
    return ranges.download(request, lies, name, media_type, file.sha256)


@router.delete("/{clip_id}", operation_id="deleteClip", status_code=status.HTTP_204_NO_CONTENT)
async def delete_clip(box: BoxDep, user: UserDep, clip: ClipDep) -> None:
    """Delete a clip: one's own, or, as gestor or admin, anybody's."""
    if not _may_delete(clip, user):
        raise ProblemError(HTTPStatus.FORBIDDEN, "Só quem pediu o recorte, ou um gestor, pode apagá-lo.")
    await run_in_threadpool(box.audit, user.username, "console.clip.delete", clip.id)
    await run_in_threadpool(box.clips.delete, clip.id)


def _archive(box: Box, clip: Clip) -> Path:
    """Raises ProblemError (409)."""
    file = box.clips.file(clip.id)
    if clip.state != "done" or not file.exists():
        raise ProblemError(HTTPStatus.CONFLICT, "O recorte ainda não está pronto.")
    return file


def _may_delete(clip: Clip, user: DesiredUser) -> bool:
    return clip.requester == user.username or user.role in ("gestor", "admin")


def _told(clip: Clip) -> str:
    """An order as the audit trail shows it."""
    spans = ", ".join(
        f"{span.camera} {to_datetime(span.start_us).isoformat()}/{to_datetime(span.end_us).isoformat()}"
        for span in clip.spans
    )
    return f"{clip.id} {spans}"[:500]


def _shown(box: Box, clip: Clip, user: DesiredUser) -> ClipOut:
    def camera(identifier: str) -> CameraRef:
        return CameraRef(id=identifier, name=box.camera_name(identifier))

    def span(part: ClipSpan) -> SpanOut:
        return SpanOut(
            camera=camera(part.camera), start=to_datetime(part.start_us), end=to_datetime(part.end_us)
        )

    return ClipOut(
        id=clip.id,
        created=to_datetime(clip.created_us),
        requester=clip.requester,
        reason=clip.reason,
        state=clip.state,
        progress=clip.progress,
        error=clip.error,
        spans=[span(part) for part in clip.spans],
        gaps=[span(part) for part in clip.gaps],
        files=[
            ClipFileOut(
                name=file.name,
                camera=camera(file.camera),
                start=to_datetime(file.start_us),
                end=to_datetime(file.end_us),
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                download_url=f"/api/clips/{clip.id}/files/{file.name}" if clip.state == "done" else None,
            )
            for file in clip.files
        ],
        size_bytes=clip.size_bytes,
        sha256=clip.sha256,
        download_url=f"/api/clips/{clip.id}/download" if clip.state == "done" else None,
        may_delete=_may_delete(clip, user),
    )
