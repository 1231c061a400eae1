"""LAN API: cameras, their timeline, live and recorded video."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from starlette.concurrency import run_in_threadpool

from edge_agent.clock import to_datetime
from edge_agent.console import schemas
from edge_agent.console.dependencies import BoxDep, CameraDep, CostlyDep, Instant, UserDep, period
from edge_agent.playback import hls, services
from protocol.uplink import parse_range

router = APIRouter(prefix="/api/cameras", tags=["recordings"])

MAX_TIMELINE_US = 31 * 86_400_000_000
_PLAYLIST: dict[int | str, dict[str, Any]] = {200: {"content": {hls.CONTENT_TYPE: {}}}}
_NO_STORE = {"Cache-Control": "no-store"}


@router.get("", operation_id="cameras")
async def cameras(box: BoxDep, _user: UserDep) -> list[schemas.Camera]:
    desired = box.desired.current
    return [
        schemas.Camera(
            id=camera.id,
            name=camera.name,
            state=health.state,
            fps=health.fps,
            bitrate_bps=health.bitrate_bps,
            last_packet_at=health.last_packet_at,
            reason=health.reason,
        )
        for camera in (desired.cameras if desired else [])
        for health in [box.health.of(camera.id)]
    ]


@router.get("/{camera_id}/timeline", operation_id="timeline")
async def timeline(box: BoxDep, camera: CameraDep, start: Instant, end: Instant) -> schemas.Timeline:
    """Recorded spans and plate marks of a period, from the index alone."""
    asked = period(camera.id, start, end, MAX_TIMELINE_US)
    spans = await run_in_threadpool(box.index.spans, camera.id, asked.start_us, asked.end_us)
    reads = await run_in_threadpool(box.reads.between, camera.id, asked.start_us, asked.end_us)
    return schemas.Timeline(
        spans=[schemas.RecordedSpan(start=to_datetime(s.start_us), end=to_datetime(s.end_us)) for s in spans],
        reads=[schemas.PlateMark(id=read.id, plate=read.plate, at=read.captured_at) for read in reads],
    )


@router.get(
    "/{camera_id}/live.m3u8", operation_id="livePlaylist", response_class=Response, responses=_PLAYLIST
)
async def live(box: BoxDep, camera: CameraDep) -> Response:
    text = services.live_playlist(box.index, camera.id)
    return Response(text, media_type=hls.CONTENT_TYPE, headers=_NO_STORE)


@router.get(
    "/{camera_id}/playback.m3u8",
    operation_id="playbackPlaylist",
    response_class=Response,
    responses=_PLAYLIST,
)
async def playback(
    box: BoxDep, camera: CameraDep, user: CostlyDep, start: Instant, end: Instant, poll: bool = False
) -> Response:
    """The recording of a period. `poll` marks a player's reload, which is not audited again."""
    asked = period(camera.id, start, end, services.MAX_PERIOD_US)
    text = await services.playlist_when_recorded(box.index, asked)
    if not poll:
        await run_in_threadpool(box.audit, user.username, "console.playback", f"{camera.id} {start}/{end}")
    return Response(text, media_type=hls.CONTENT_TYPE, headers=_NO_STORE)


@router.get(
    "/{camera_id}/segments/{segment_id}.mp4",
    operation_id="segment",
    response_class=Response,
    responses={206: {"content": {hls.MEDIA_TYPE: {}}}},
)
async def segment(
    box: BoxDep, camera: CameraDep, segment_id: int, range_: Annotated[str, Header(alias="Range")] = ""
) -> Response:
    """Bytes of one recording file; a closed range is required (RFC 9110, 14.2)."""
    offset, length = parse_range(range_)
    data = await run_in_threadpool(services.read_media, box.index, camera.id, segment_id, offset, length)
    # What is written of a file never changes, so a browser may keep it.
    headers = {
        "Content-Range": f"bytes {offset}-{offset + length - 1}/*",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(data, HTTPStatus.PARTIAL_CONTENT, headers, hls.MEDIA_TYPE)
