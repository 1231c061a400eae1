"""The agent's control socket: how `gtv edge …` reaches a running agent.

`agent.sock` in the data folder, mode 0600: who may open the file may read the data
folder anyway, so there is no login. Credentials never leave by it.
"""

import base64
import contextlib
import os
import socket
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

import structlog
from fastapi import FastAPI, Request, Response
from msgspec import to_builtins
from msgspec.structs import asdict
from pydantic import BaseModel, Field

from edge_agent import __version__, health
from edge_agent.box import Box
from edge_agent.cameras import domain, services
from edge_agent.cameras.tester import CameraRefused
from edge_agent.clock import clock_state, now_us, to_datetime
from edge_agent.lpr.quarantine import DAY_US
from edge_agent.problems import install, problem

log = structlog.get_logger()

SOCKET = "agent.sock"
ACTOR = "gtv edge"
#: More than a technician reads; the newest tell what is wrong.
QUARANTINE_SHOWN = 50


class CameraToAdd(BaseModel):
    name: str = Field(max_length=200)
    rtsp_url: str = Field(max_length=domain.MAX_URL)
    sub_rtsp_url: str = Field("", max_length=domain.MAX_URL)


class CameraToChange(BaseModel):
    """As domain.CameraChange."""

    name: str | None = Field(None, max_length=200)
    rtsp_url: str | None = Field(None, max_length=domain.MAX_URL)
    sub_rtsp_url: str | None = Field(None, max_length=domain.MAX_URL)
    username: str = Field("", max_length=100)
    password: str = Field("", max_length=200)
    transport: Literal["auto", "tcp", "udp"] | None = None


def bind(folder: Path) -> socket.socket | None:
    """The listening socket; None where the path is too long for one (sockaddr_un: 107 bytes)."""
    path = folder / SOCKET
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
        listener.listen()
    except OSError as error:
        listener.close()
        log.warning("control_socket_unavailable", error=str(error))
        return None
    finally:
        os.umask(before)
    return listener


def create_app(box: Box) -> FastAPI:
    app = FastAPI(openapi_url=None)
    install(app)

    @app.exception_handler(CameraRefused)
    async def refused(_request: Request, error: CameraRefused) -> Response:
        return problem(HTTPStatus.CONFLICT, str(error))

    @app.exception_handler(domain.InvalidAddress)
    async def no_address(_request: Request, error: domain.InvalidAddress) -> Response:
        return problem(HTTPStatus.BAD_REQUEST, str(error))

    @app.get("/status")
    async def status() -> dict[str, Any]:
        return status_of(box)

    @app.get("/cameras")
    async def cameras() -> list[dict[str, Any]]:
        return cameras_of(box)

    @app.post("/cameras")
    async def add(new: CameraToAdd) -> dict[str, Any]:
        return {"id": services.add_camera(box, new.name, new.rtsp_url, new.sub_rtsp_url, ACTOR).id}

    @app.patch("/cameras/{camera_id}")
    async def change(camera_id: str, change: CameraToChange) -> dict[str, Any]:
        wanted = domain.CameraChange(**change.model_dump())
        return {"id": services.set_camera(box, camera_id, wanted, ACTOR).id}

    @app.delete("/cameras/{camera_id}")
    async def remove(camera_id: str) -> dict[str, Any]:
        services.remove_camera(box, camera_id, ACTOR)
        return {"removed": camera_id}

    @app.get("/quarantine")
    async def quarantine() -> list[dict[str, Any]]:
        return refused_pushes_of(box)

    @app.get("/quarantine/{push_id}")
    async def refused_push(push_id: int) -> dict[str, Any]:
        body = box.quarantine.body(push_id)
        return {"body": base64.b64encode(body).decode() if body is not None else None}

    return app


def refused_pushes_of(box: Box) -> list[dict[str, Any]]:
    """What plate cameras sent and was refused, newest first."""
    return [
        {
            **asdict(push),
            "received_at": to_datetime(push.received_us).isoformat(timespec="seconds"),
            "camera_name": box.camera_name(push.camera),
        }
        for push in box.quarantine.newest(QUARANTINE_SHOWN)
    ]


def status_of(box: Box) -> dict[str, Any]:
    """How the box is, in facts."""
    free, total = box.disk()
    desired = box.desired.current
    return {
        "version": __version__,
        "pid": os.getpid(),
        "ports": [asdict(port) for port in box.ports],
        "mediamtx": str(box.media_binary) if box.media_binary else None,
        "node": str(box.identity.address),
        "online_with_hub": box.online_with_hub,
        "desired_revision": box.desired.revision,
        "retention_days": desired.retention_days if desired else None,
        "disk_free_bytes": free,
        "disk_total_bytes": total,
        "alarms": [alarm.text for alarm in health.alarms_of(box, clock_state())],
        "outbox_depth": box.outbox.depth(),
        "cameras": cameras_of(box),
        "refused_pushes": [
            {**asdict(refused), "camera": box.camera_name(refused.camera)}
            for refused in box.quarantine.by_camera(now_us() - DAY_US)
        ],
    }


def cameras_of(box: Box) -> list[dict[str, Any]]:
    """Every camera with its state; addresses without credentials."""
    desired = box.desired.current
    local = {camera.id: camera for camera in box.desired.local_cameras()}
    shown = {camera.id: camera for camera in (desired.cameras if desired else [])} | local
    return [
        {
            "id": camera.id,
            "name": camera.name,
            "rtsp_url": domain.without_credentials(camera.rtsp_url),
            "added_here": camera.id in local,
            "corrected_here": box.desired.is_corrected(camera.id),
            "refusal": box.desired.refusal(camera.id),
            **{field: value for field, value in to_builtins(state).items() if field != "camera"},
        }
        for camera in shown.values()
        for state in [box.health.of(camera.id)]
    ]
