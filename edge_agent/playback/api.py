"""LAN API: recordings by WebRTC, with a data channel for seek, pause and speed."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from edge_agent.console.dependencies import BoxDep, CostlyDep, FootageDep, Instant, LoginDep, instant_us
from edge_agent.live.api import SDP_ANSWER, SDP_OFFER, read_offer
from passthrough.whep import SDP

router = APIRouter(prefix="/api/cameras", tags=["recordings"])


@router.post(
    "/{camera_id}/playback/whep",
    operation_id="playbackWhep",
    response_class=Response,
    status_code=HTTPStatus.CREATED,
    responses=SDP_ANSWER,
    openapi_extra=SDP_OFFER,
)
async def offer(
    box: BoxDep, camera: FootageDep, login: LoginDep, _limit: CostlyDep, start: Instant, request: Request
) -> Response:
    """Play from `start`: an SDP offer with one video and the data channel `control` in, an answer out."""
    answer = await box.playback.offer(login, camera.id, instant_us(start), await read_offer(request))
    await run_in_threadpool(box.audit, login.username, "console.playback", f"{camera.id} {start}/webrtc")
    location = f"/api/cameras/{camera.id}/playback/whep/{answer.resource_id}"
    return Response(answer.sdp, HTTPStatus.CREATED, {"Location": location, "Cache-Control": "no-store"}, SDP)


@router.delete(
    "/{camera_id}/playback/whep/{resource_id}", operation_id="playbackHangUp", response_class=Response
)
async def hang_up(box: BoxDep, _camera: FootageDep, resource_id: str) -> Response:
    """Stop playing."""
    await box.playback.hang_up(resource_id)
    return Response(status_code=HTTPStatus.OK)
