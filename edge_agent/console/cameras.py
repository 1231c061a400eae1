"""LAN API: find, test, add and remove cameras at the box itself. Only gestor and admin.

No answer holds a credential: addresses go out without them.
"""

import base64
from typing import Annotated

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from edge_agent.cameras import discovery, domain, services
from edge_agent.cameras.onvif import DeviceFacts
from edge_agent.cameras.probe import StreamTest
from edge_agent.console.dependencies import BoxDep, CostlyDep, GestorDep

router = APIRouter(prefix="/api", tags=["cameras"])

Url = Annotated[
    str, Field(max_length=domain.MAX_URL, examples=["rtsp://192.168.1.64:554/Streaming/Channels/101"])
]
Username = Annotated[str, Field(max_length=100, examples=["admin"])]
Password = Annotated[str, Field(max_length=200, examples=["senha da câmera"])]


class Where(BaseModel):
    address: str = Field(
        "", max_length=100, examples=["192.168.1.0/24"], description="Empty: listen on the LAN"
    )


class Found(BaseModel):
    devices: list[discovery.FoundDevice]


class DeviceQuestion(BaseModel):
    address: str = Field(max_length=100, examples=["192.168.1.64"])
    port: int = Field(80, ge=1, le=65535, examples=[80])
    username: Username = ""
    password: Password = ""


class StreamQuestion(BaseModel):
    rtsp_url: Url
    username: Username = ""
    password: Password = ""


class TestAnswer(BaseModel):
    ok: bool
    verdict: str = Field(examples=["Vídeo H.264 1280×720, 25,0 quadros/s, 2,1 Mbit/s: pronto para gravar."])
    codec: str
    width: int
    height: int
    fps: float
    bitrate_bps: int
    gop_s: float | None
    audio: str
    transport: str
    notes: list[str]
    snapshot: str = Field(description="A JPEG as a data: URL, or empty")


class NewCamera(StreamQuestion):
    name: str = Field(min_length=1, max_length=200, examples=["Praça da Matriz"])
    sub_rtsp_url: str = Field(
        "", max_length=domain.MAX_URL, examples=["rtsp://192.168.1.64:554/Streaming/Channels/102"]
    )


class LocalCameraOut(BaseModel):
    id: str
    name: str
    rtsp_url: str = Field(description="Without credentials")
    refusal: str = Field(description="Why the hub did not take it; empty while it waits")


@router.post("/discovery", operation_id="discover")
async def discover(where: Where, box: BoxDep, _user: GestorDep, _limit: CostlyDep) -> Found:
    """Cameras on the local network, or at an address or subnet. Takes some seconds."""
    allow = services.loopback_allowed()
    addresses = discovery.addresses_of(where.address, allow_loopback=allow) if where.address else []
    return Found(devices=await box.tester.discover(addresses))


@router.post("/discovery/device", operation_id="askDevice")
async def ask_device(asked: DeviceQuestion, box: BoxDep, _user: GestorDep, _limit: CostlyDep) -> DeviceFacts:
    """What one camera says of itself by ONVIF."""
    await services.check_reachable_place(asked.address, allow_loopback=services.loopback_allowed())
    return await box.tester.ask_device(asked.address, asked.port, asked.username, asked.password)


@router.post("/cameras/test", operation_id="testCamera")
async def test_camera(asked: StreamQuestion, box: BoxDep, _user: GestorDep, _limit: CostlyDep) -> TestAnswer:
    """Open a stream, watch it for some seconds, and say what it is like."""
    url = await services.checked_url(
        asked.rtsp_url, asked.username, asked.password, allow_loopback=services.loopback_allowed()
    )
    return shown_test(await box.tester.test(url))


@router.post("/cameras", operation_id="addCamera", status_code=status.HTTP_201_CREATED)
async def add_camera(new: NewCamera, box: BoxDep, user: GestorDep) -> LocalCameraOut:
    """Record a camera from now on; the hub adopts it when there is a connection."""
    allow = services.loopback_allowed()
    url = await services.checked_url(new.rtsp_url, new.username, new.password, allow_loopback=allow)
    sub = new.sub_rtsp_url and await services.checked_url(
        new.sub_rtsp_url, new.username, new.password, allow_loopback=allow
    )
    camera = services.add_camera(box, new.name, url, sub, user.username)
    return LocalCameraOut(
        id=camera.id, name=camera.name, rtsp_url=domain.without_credentials(camera.rtsp_url), refusal=""
    )


@router.get("/cameras/local", operation_id="localCameras")
async def local_cameras(box: BoxDep, _user: GestorDep) -> list[LocalCameraOut]:
    """Cameras added here that the hub has not adopted."""
    return [
        LocalCameraOut(
            id=camera.id,
            name=camera.name,
            rtsp_url=domain.without_credentials(camera.rtsp_url),
            refusal=box.desired.refusal(camera.id),
        )
        for camera in box.desired.local_cameras()
    ]


@router.delete("/cameras/{camera_id}", operation_id="removeCamera", status_code=status.HTTP_204_NO_CONTENT)
async def remove_camera(camera_id: str, box: BoxDep, user: GestorDep) -> None:
    """Remove a camera that was added here and is not the hub's yet. Its footage stays its time."""
    services.remove_camera(box, camera_id, user.username)


def shown_test(test: StreamTest) -> TestAnswer:
    jpeg = base64.b64encode(test.snapshot_jpeg).decode()
    return TestAnswer(
        ok=test.ok,
        verdict=test.verdict,
        codec=test.codec,
        width=test.width,
        height=test.height,
        fps=test.fps,
        bitrate_bps=test.bitrate_bps,
        gop_s=test.gop_s,
        audio=test.audio,
        transport=test.transport,
        notes=test.notes,
        snapshot=f"data:image/jpeg;base64,{jpeg}" if jpeg else "",
    )
