"""The HTTP port that cameras push plate reads to.

The 2xx is sent after the SQLite commit. A payload that cannot be understood gets
a 4xx with the reason, and is kept in quarantine. A push passes through no framework that it
does not need, a thousand times a second: a request and its answer are Starlette's, its way is ours.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from zoneinfo import ZoneInfo

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from edge_agent.lpr import jpeg
from edge_agent.lpr.auth import Asking, CameraAuth, NotAuthenticated, NotFromHere
from edge_agent.lpr.domain import LprError, MalformedPush, NoPlate, PlateMissing, VendorRead
from edge_agent.lpr.intake import Intake
from edge_agent.lpr.push import Push
from edge_agent.lpr.vendors import VENDORS
from edge_agent.problems import ProblemError, problem
from edge_agent.sync.desired import DesiredStateKeeper
from protocol.messages import DesiredCamera

log = structlog.get_logger()

#: The largest push: a 4K scene, the vehicle and the plate, in base64.
MAX_BODY_BYTES = 16 * 1024 * 1024

Handler = Callable[[Request], Awaitable[Response]]
Around = Callable[[Request, Handler], Awaitable[Response]]


async def _just_answer(request: Request, handler: Handler) -> Response:
    return await handler(request)


def create_app(intake: Intake, desired: DesiredStateKeeper, around: Around = _just_answer) -> ASGIApp:
    """The LPR port's application; `around` sees every request and its answer."""
    port = LprPort(intake, desired)

    async def answer(request: Request) -> Response:
        return await _answered(port, port.handler(request), request)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await around(Request(scope, receive), answer)
        await response(scope, receive, send)

    return app


async def _answered(port: "LprPort", handler: Handler, request: Request) -> Response:
    try:
        return await handler(request)
    except ProblemError as error:
        return problem(error.status, error.detail, error.headers)
    except NotFromHere as error:
        log.warning("lpr_push_from_elsewhere", reason=str(error))
        return problem(HTTPStatus.FORBIDDEN, str(error))
    except NotAuthenticated as error:
        response = problem(HTTPStatus.UNAUTHORIZED, str(error))
        for challenge in port.auth.challenges(error.stale):
            response.headers.append("WWW-Authenticate", challenge)
        return response


class LprPort:
    """The handlers of the port."""

    def __init__(self, intake: Intake, desired: DesiredStateKeeper) -> None:
        self._intake = intake
        self._desired = desired
        self.auth = CameraAuth(desired)
        #: Dahua's and Intelbras' firmwares know no other addresses.
        self._fixed: dict[str, Handler] = {
            "/NotificationInfo/TollgateInfo": self.dahua_push,
            "/NotificationInfo/KeepAlive": self.dahua_sign_of_life,
            "/NotificationInfo/DeviceInfo": self.dahua_sign_of_life,
        }

    def handler(self, request: Request) -> Handler:
        """What answers at the request's address."""
        if request.method != "POST":
            return _post_only
        return self._fixed.get(_path_of(request), self.push)

    async def push(self, request: Request) -> Response:
        """To /lpr, or /lpr/<vendor>."""
        root, _, named = _path_of(request).removeprefix("/").partition("/")
        if root != "lpr":
            raise ProblemError(HTTPStatus.NOT_FOUND, "push to /lpr or /lpr/<vendor>")
        if named and named not in VENDORS:
            raise ProblemError(
                HTTPStatus.NOT_FOUND, f"no such vendor: {named[:32]!r}; one of {', '.join(VENDORS)}"
            )
        kept = await self._take(request, named)
        return PlainTextResponse("OK" if kept else "no plate")

    async def dahua_push(self, request: Request) -> Response:
        await self._take(request, "dahua")
        return _dahua_ok()

    async def dahua_sign_of_life(self, request: Request) -> Response:
        self._camera(request)
        await _read_body(request)
        return _dahua_ok()

    async def _take(self, request: Request, named: str) -> bool:
        """Whether the push held a plate; it is durable when this returns."""
        camera = self._camera(request)
        vendor = named or camera.lpr.vendor
        if vendor not in VENDORS:
            raise ProblemError(HTTPStatus.NOT_FOUND, f"push to /lpr/<vendor>; one of {', '.join(VENDORS)}")
        push = Push(
            body=await _read_body(request),
            content_type=request.headers.get("content-type", ""),
            zone=self._zone(),
            source=camera.lpr,
        )
        try:
            _check_vendor(camera, vendor)
            reads = _checked(VENDORS[vendor](push))
        except PlateMissing as error:
            await self._quarantine(camera, vendor, error, push)
            return False
        except NoPlate:
            return False
        except MalformedPush as error:
            await self._quarantine(camera, vendor, error, push)
            raise ProblemError(HTTPStatus.BAD_REQUEST, str(error)) from None
        await self._intake.keep(camera.id, reads)
        return True

    async def _quarantine(self, camera: DesiredCamera, vendor: str, error: LprError, push: Push) -> None:
        log.warning("lpr_push_refused", camera=camera.id, vendor=vendor, reason=str(error))
        await run_in_threadpool(self._intake.reads.quarantine, camera.id, vendor, str(error), push.body)

    def _camera(self, request: Request) -> DesiredCamera:
        """Raises NotAuthenticated, NotFromHere."""
        query = request.scope["query_string"].decode("latin-1")
        return self.auth.camera(
            Asking(
                method=request.method,
                target=request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else ""),
                address=request.client.host if request.client else "",
                authorization=request.headers.get("authorization", ""),
                token=request.query_params.get("token", ""),
            )
        )

    def _zone(self) -> ZoneInfo:
        state = self._desired.current
        return ZoneInfo(state.timezone if state else "America/Sao_Paulo")


def _path_of(request: Request) -> str:
    """A slash too many at its end is nobody's mistake worth losing a read for."""
    path: str = request.scope["path"]
    return path.rstrip("/")


async def _post_only(_request: Request) -> Response:
    raise ProblemError(HTTPStatus.METHOD_NOT_ALLOWED, "send it with POST", {"Allow": "POST"})


def _dahua_ok() -> Response:
    """What the firmwares want to hear, or they repeat the push."""
    return JSONResponse({"Result": True})


def _check_vendor(camera: DesiredCamera, vendor: str) -> None:
    """Raises MalformedPush: kept in quarantine, it shows the technician what the camera is."""
    meant = VENDORS.get(camera.lpr.vendor)
    if meant is not None and meant is not VENDORS[vendor]:
        raise MalformedPush(
            f"this camera is set to {camera.lpr.vendor!r} at the hub, and pushes to {vendor!r}"
        )


def _checked(reads: list[VendorRead]) -> list[VendorRead]:
    """Raises MalformedPush for a picture that is none."""
    for picture in {read.image_jpeg for read in reads if read.image_jpeg is not None}:
        jpeg.check(picture)
    return reads


async def _read_body(request: Request) -> bytes:
    """Raises ProblemError for what is too large or breaks off."""
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise ProblemError(HTTPStatus.LENGTH_REQUIRED, "send Content-Length")
    if int(length) > MAX_BODY_BYTES:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MAX_BODY_BYTES} bytes")
    try:
        return await request.body()  # no longer than announced: the server sees to that
    except ClientDisconnect:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "the connection closed before the end") from None
