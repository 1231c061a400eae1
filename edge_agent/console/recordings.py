"""LAN API: cameras, their timeline, live and recorded video."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from starlette.concurrency import run_in_threadpool

from edge_agent.cameras import services as camera_services
from edge_agent.clock import to_datetime
from edge_agent.console import schemas
from edge_agent.console.dependencies import (
    BoxDep,
    CameraDep,
    CostlyDep,
    FootageDep,
    Instant,
    MasksDep,
    UserDep,
    instant_us,
    period,
)
from edge_agent.playback import hls, services
from edge_agent.recording.camera import DISK_REASONS
from protocol.plates import masked
from protocol.uplink import parse_range

router = APIRouter(prefix="/api/cameras", tags=["recordings"])

Resolution = Annotated[
    float, Query(ge=0, le=86_400, description="Gaps up to this many seconds are not shown")
]

MAX_TIMELINE_US = 31 * 86_400_000_000
_PLAYLIST: dict[int | str, dict[str, Any]] = {200: {"content": {hls.CONTENT_TYPE: {}}}}
_NO_STORE = {"Cache-Control": "no-store"}


@router.get("", operation_id="cameras")
async def cameras(box: BoxDep, _user: UserDep) -> list[schemas.Camera]:
    """Every camera of the box in the order of their names, with its state now."""
    return [
        schemas.Camera(
            id=camera.id,
            name=camera.name,
            state=health.state,
            fps=health.fps,
            bitrate_bps=health.bitrate_bps,
            last_packet_at=health.last_packet_at,
            reason=health.reason,
            fault="disk" if health.reason in DISK_REASONS else "camera",
            video_codec=health.video_codec,
            audio_codec=health.audio_codec,
            width=health.width,
            height=health.height,
            gop_s=health.gop_s,
            reconnects=health.reconnects,
            clock_drift_ms=health.clock_drift_ms,
            packets_lost=health.packets_lost,
        )
        for camera in camera_services.cameras_by_name(box)
        for health in [box.health.of(camera.id)]
    ]


@router.get("/removed", operation_id="removedCameras")
async def removed_cameras(box: BoxDep, _user: UserDep) -> list[schemas.RemovedCamera]:
    """Cameras that the box no longer has, as long as their footage is there, in the order of their names.

    Timeline, playback, thumbnails and clips work with their ids; live video does not.
    """
    days = timedelta(days=box.desired.retention_days)
    return [
        schemas.RemovedCamera(
            id=camera,
            name=box.camera_name(camera),
            footage_start=to_datetime(extent.start_us),
            footage_end=to_datetime(extent.end_us),
            kept_until=to_datetime(extent.end_us) + days,
        )
        for camera, extent in await run_in_threadpool(camera_services.removed_cameras, box)
    ]


@router.get("/{camera_id}/timeline", operation_id="timeline")
async def timeline(
    box: BoxDep,
    camera: FootageDep,
    masks: MasksDep,
    start: Instant,
    end: Instant,
    resolution_s: Resolution = 0.0,
) -> schemas.Timeline:
    """Recorded spans and plate marks of a period, from the index alone."""
    asked = period(camera.id, start, end, MAX_TIMELINE_US)
    resolution_us = int(resolution_s * 1_000_000)
    spans = await run_in_threadpool(box.index.spans, camera.id, asked.start_us, asked.end_us, resolution_us)
    reads = await run_in_threadpool(box.plates.between, camera.id, asked.start_us, asked.end_us)
    return schemas.Timeline(
        spans=[schemas.RecordedSpan(start=to_datetime(s.start_us), end=to_datetime(s.end_us)) for s in spans],
        reads=[
            schemas.PlateMark(
                id=read.id, plate=masked(read.plate) if masks else read.plate, at=read.captured_at
            )
            for read in reads
        ],
    )


@router.get(
    "/{camera_id}/live.m3u8", operation_id="livePlaylist", response_class=Response, responses=_PLAYLIST
)
async def live(box: BoxDep, camera: CameraDep) -> Response:
    """The tail of the recording as a live HLS playlist."""
    text = services.live_playlist(box.index, camera.id)
    return Response(text, media_type=hls.CONTENT_TYPE, headers=_NO_STORE)


@router.get(
    "/{camera_id}/playback.m3u8",
    operation_id="playbackPlaylist",
    response_class=Response,
    responses=_PLAYLIST,
)
async def playback(
    box: BoxDep, camera: FootageDep, user: CostlyDep, start: Instant, end: Instant
) -> Response:
    """The recording of a period. A player's reloads of one period are one entry in the audit trail."""
    asked = period(camera.id, start, end, services.MAX_PERIOD_US)
    text = await services.playlist_when_recorded(box.index, asked)
    if box.looks.first(user.username, camera.id, str(asked.start_us), str(asked.end_us)):
        await run_in_threadpool(box.audit, user.username, "console.playback", f"{camera.id} {start}/{end}")
    return Response(text, media_type=hls.CONTENT_TYPE, headers=_NO_STORE)


@router.get("/{camera_id}/codecs", operation_id="codecs")
async def codecs(box: BoxDep, camera: FootageDep, start: Instant, end: Instant) -> schemas.Codecs:
    """What a browser must be able to decode to play a period, as MediaSource.isTypeSupported takes it."""
    asked = period(camera.id, start, end, services.MAX_PERIOD_US)
    return schemas.Codecs(codecs=await run_in_threadpool(services.codecs_of, box.index, asked))


@router.get(
    "/{camera_id}/thumbnail.jpg",
    operation_id="thumbnail",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, 304: {"description": "The browser has it"}},
)
async def thumbnail(
    box: BoxDep,
    camera: FootageDep,
    _limit: CostlyDep,
    at: Instant,
    width: Annotated[int, Query(ge=16, le=640)] = 320,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The picture of the keyframe at or before an instant; 404 where nothing is recorded."""
    made = await box.thumbnails.at(camera.id, instant_us(at), width)
    headers = {"ETag": made.etag, "Cache-Control": "private, max-age=3600"}
    if if_none_match == made.etag:
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return Response(made.jpeg, HTTPStatus.OK, headers, "image/jpeg")


@router.get(
    "/{camera_id}/segments/{segment_id}.mp4",
    operation_id="segment",
    response_class=Response,
    status_code=HTTPStatus.PARTIAL_CONTENT,
    responses={206: {"content": {hls.MEDIA_TYPE: {}}}},
)
async def segment(
    box: BoxDep, camera: FootageDep, segment_id: int, range_: Annotated[str, Header(alias="Range")] = ""
) -> Response:
    """Bytes of one recording file; a closed range is required (RFC 9110, 14.2)."""
    offset, length = parse_range(range_)
    data = await run_in_threadpool(services.read_for_player, box.index, camera.id, segment_id, offset, length)
    # What is written of a file never changes, so a browser may keep it.
    headers = {
        "Content-Range": f"bytes {offset}-{offset + length - 1}/*",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(data, HTTPStatus.PARTIAL_CONTENT, headers, hls.MEDIA_TYPE)
