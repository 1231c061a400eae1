"""The HTTP port that cameras push plate reads to.

The 2xx is sent after the SQLite commit. A payload that cannot be understood gets
a 4xx with the reason, and is kept in quarantine.
"""

import hashlib
import hmac
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from edge_agent.lpr import hikvision
from edge_agent.lpr.domain import MalformedPush, NoPlate
from edge_agent.lpr.services import PlateReads
from edge_agent.problems import ProblemError, install
from edge_agent.sync.desired import DesiredStateKeeper
from protocol.messages import PlateRead

log = structlog.get_logger()

#: The largest push: a 4K scene, the plate, and the XML.
MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_PARTS = 8

_basic = HTTPBasic(auto_error=False)


def create_app(
    reads: PlateReads, desired: DesiredStateKeeper, on_read: Callable[[PlateRead], None]
) -> FastAPI:
    """The LPR port's application; `on_read` is called after each committed read."""
    app = FastAPI(title="GT-Vision LPR", docs_url=None, redoc_url=None, openapi_url=None)
    install(app)

    def authenticated_camera(
        credentials: Annotated[HTTPBasicCredentials | None, Depends(_basic)],
    ) -> str:
        """The camera's id. The secret is a random 256-bit value, so one SHA-256 is enough to store it."""
        camera = desired.camera(credentials.username) if credentials else None
        given = hashlib.sha256((credentials.password if credentials else "").encode()).hexdigest()
        if camera is None or not hmac.compare_digest(given, camera.lpr_secret_sha256):
            raise ProblemError(
                HTTPStatus.UNAUTHORIZED,
                "unknown camera or wrong secret",
                headers={"WWW-Authenticate": 'Basic realm="gtv-lpr"'},
            )
        return camera.id

    @app.post("/lpr/hikvision")
    async def hikvision_push(
        request: Request, camera: Annotated[str, Depends(authenticated_camera)]
    ) -> Response:
        xml, images = await _read_push(request)
        try:
            read = hikvision.parse(xml, images)
            kept = await run_in_threadpool(reads.accept, camera, read)
        except NoPlate:
            return PlainTextResponse("no plate")
        except MalformedPush as error:
            log.warning("lpr_push_refused", camera=camera, reason=str(error))
            await run_in_threadpool(reads.quarantine, camera, hikvision.VENDOR, str(error), xml)
            raise ProblemError(HTTPStatus.BAD_REQUEST, str(error)) from None
        if kept is not None:
            on_read(kept)
        return PlainTextResponse("OK")

    return app


async def _read_push(request: Request) -> tuple[bytes, dict[str, bytes]]:
    """The XML and the JPEGs (by name) of a push. Raises ProblemError for what is too large."""
    _check_size(request)
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await request.body(), {}  # no longer than announced: the server sees to that
    try:
        async with request.form(max_files=MAX_PARTS, max_fields=MAX_PARTS) as form:
            parts = {
                _part_name(name, value.filename): await value.read()
                for name, value in form.items()
                if isinstance(value, UploadFile)
            }
            fields = {name: str(value).encode() for name, value in form.items() if isinstance(value, str)}
    except HTTPException as error:  # the multipart parser's word for a malformed body
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"multipart: {error.detail}") from None
    except ClientDisconnect:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "the connection closed before the end") from None
    return _pick_xml({**fields, **parts}), parts


def _part_name(field: str, filename: str | None) -> str:
    """What a part is: firmwares say it in the field's name, the file's name, or both."""
    telling = field.lower().endswith((".jpg", ".jpeg", ".xml"))
    return field if telling or not filename else filename


def _pick_xml(parts: dict[str, bytes]) -> bytes:
    """Firmwares name the XML part differently: what ends in .xml, or what looks like XML."""
    named = [body for name, body in parts.items() if name.lower().endswith(".xml")]
    looking = [body for body in parts.values() if body.lstrip()[:1] == b"<"]
    return next(iter(named + looking), b"")


def _check_size(request: Request) -> None:
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise ProblemError(HTTPStatus.LENGTH_REQUIRED, "send Content-Length")
    if int(length) > MAX_BODY_BYTES:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MAX_BODY_BYTES} bytes")
