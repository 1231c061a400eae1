"""LAN API: live video by WHEP (WebRTC) and HLS, on the console's own origin.

The URLs below /live/ carry a token in place of a session, so that a playlist's
relative URIs and a player without cookies work alike.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from edge_agent.clock import now_us, to_datetime
from edge_agent.console.auth import Login
from edge_agent.console.dependencies import BoxDep, CameraDep, LoginDep, present_camera
from edge_agent.live.desk import qualities_of
from edge_agent.live.tokens import IDLE_S, TokenRefused
from edge_agent.playback.hls import CONTENT_TYPE
from edge_agent.problems import ProblemError
from passthrough.whep import MAX_OFFER_BYTES, SDP, resolve_browser
from protocol.uplink import ADAPTIVE_PLAYLIST, Quality

router = APIRouter(tags=["live"])

_NO_STORE = {"Cache-Control": "no-store"}


class LiveQuality(BaseModel):
    """One stream of the camera."""

    name: Quality
    codec: str = Field(description="h264, h265; empty while it is not known", examples=["h264"])
    whep_url: str
    hls_url: str


class LiveVideo(BaseModel):
    """Where a camera's live video is; the URLs stop working `expires_at`, unless they are used."""

    camera: str
    expires_at: datetime
    engine: str = Field(examples=["embedded"])
    adaptive_url: str | None = Field(
        description="HLS of all qualities, between which a player adapts by itself; null where there is one"
    )
    qualities: list[LiveQuality]


@router.get("/api/cameras/{camera_id}/live", operation_id="live")
async def live(box: BoxDep, camera: CameraDep, login: LoginDep) -> LiveVideo:
    """WHEP and HLS addresses of a camera, with a key that lives for a minute after its last use."""
    engine = box.live.engine
    token = box.live.tokens.issue(camera.id, login)
    names = qualities_of(camera)
    return LiveVideo(
        camera=camera.id,
        expires_at=to_datetime(now_us()) + timedelta(seconds=IDLE_S),
        engine=engine.name,
        adaptive_url=f"/live/{token}/{camera.id}/{ADAPTIVE_PLAYLIST}" if len(names) > 1 else None,
        qualities=[
            LiveQuality(
                name=name,
                codec=engine.codec(camera.id, name),
                whep_url=f"/live/{token}/{camera.id}/{name}/whep",
                hls_url=f"/live/{token}/{camera.id}/{name}/index.m3u8",
            )
            for name in names
        ],
    )


def _viewer(box: BoxDep, token: str, camera_id: str) -> Login:
    """Whose token it is. Raises ProblemError."""
    try:
        login = box.live.tokens.use(token, camera_id)
    except TokenRefused:
        raise ProblemError(
            HTTPStatus.FORBIDDEN, "O acesso ao vídeo ao vivo expirou. Abra a câmera de novo."
        ) from None
    present_camera(camera_id, box)
    return login


ViewerDep = Annotated[Login, Depends(_viewer)]
SDP_ANSWER: dict[int | str, dict[str, Any]] = {201: {"content": {SDP: {}}}}
#: The routes read it themselves, because it is no JSON.
SDP_OFFER: dict[str, Any] = {"requestBody": {"required": True, "content": {SDP: {}}}}


@router.post(
    "/live/{token}/{camera_id}/{quality}/whep",
    operation_id="whepOffer",
    response_class=Response,
    status_code=HTTPStatus.CREATED,
    responses=SDP_ANSWER,
    openapi_extra=SDP_OFFER,
)
async def whep_offer(
    box: BoxDep, viewer: ViewerDep, token: str, camera_id: str, quality: Quality, request: Request
) -> Response:
    """Watch by WebRTC: an SDP offer in, an SDP answer out (draft-ietf-wish-whep)."""
    sdp = await read_offer(request)
    answer = await box.live.offer(viewer, camera_id, quality, sdp)
    location = f"/live/{token}/{camera_id}/{quality}/whep/{answer.resource_id}"
    return Response(answer.sdp, HTTPStatus.CREATED, {"Location": location, **_NO_STORE}, SDP)


@router.patch(
    "/live/{token}/{camera_id}/{quality}/whep/{resource_id}",
    operation_id="whepTrickle",
    status_code=HTTPStatus.NO_CONTENT,
)
async def whep_trickle(
    _viewer: ViewerDep, token: str, camera_id: str, quality: Quality, resource_id: str
) -> None:
    """More ICE candidates of the browser: not needed, it reaches the box's own candidates by itself."""


@router.delete(
    "/live/{token}/{camera_id}/{quality}/whep/{resource_id}",
    operation_id="whepHangUp",
    response_class=Response,
)
async def whep_hang_up(
    box: BoxDep, token: str, camera_id: str, quality: Quality, resource_id: str
) -> Response:
    """Stop watching. Needs no token, which may have died meanwhile: the id is a secret of the viewer."""
    await box.live.hang_up(camera_id, quality, resource_id)
    return Response(status_code=HTTPStatus.OK)


@router.get(
    "/live/{token}/{camera_id}/adaptive.m3u8",
    operation_id="liveAdaptive",
    response_class=Response,
    responses={200: {"content": {CONTENT_TYPE: {}}}},
)
async def adaptive_playlist(box: BoxDep, _viewer: ViewerDep, token: str, camera_id: str) -> Response:
    """Main and sub stream as variants of one HLS presentation."""
    return Response(await box.live.adaptive(camera_id), HTTPStatus.OK, _NO_STORE, CONTENT_TYPE)


@router.get(
    "/live/{token}/{camera_id}/{quality}/{file:path}",
    operation_id="liveHls",
    response_class=Response,
    responses={200: {"content": {CONTENT_TYPE: {}}}, 206: {"content": {"video/mp4": {}}}},
)
async def hls_file(
    box: BoxDep,
    _viewer: ViewerDep,
    token: str,
    camera_id: str,
    quality: Quality,
    file: str,
    request: Request,
    range_: Annotated[str, Header(alias="Range")] = "",
) -> Response:
    """A playlist or a media file of the HLS presentation."""
    answer = await box.live.engine.hls(camera_id, quality, file, request.url.query, range_)
    status = HTTPStatus.PARTIAL_CONTENT if answer.content_range else HTTPStatus.OK
    headers = {**_NO_STORE, **({"Content-Range": answer.content_range} if answer.content_range else {})}
    return Response(answer.body, status, headers, answer.content_type)


async def read_offer(request: Request) -> str:
    """The body, which must be a small SDP, with the browser's address in it. Raises ProblemError."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != SDP:
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Envie a oferta como {SDP}.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_OFFER_BYTES:
            raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A oferta SDP é grande demais.")
    sdp = body.decode(errors="replace")
    return resolve_browser(sdp, request.client.host) if request.client else sdp
