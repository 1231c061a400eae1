"""The LAN console's application: API routes, errors, security headers, the built web UI."""

import functools
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles

from edge_agent import __version__
from edge_agent.box import Box
from edge_agent.cameras.domain import InvalidAddress
from edge_agent.cameras.onvif import OnvifFailed
from edge_agent.cameras.tester import CameraRefused
from edge_agent.console import (
    cameras,
    clips,
    holds,
    live_events,
    monitoring,
    plates,
    recordings,
    session,
    watchlist,
)
from edge_agent.console.auth import LoginFailed, NotLoggedIn
from edge_agent.console.limits import COSTLY, LOGIN, Limiter, TooManyRequests, refused_body
from edge_agent.console.openapi import document
from edge_agent.live import api as live
from edge_agent.playback import api as playback
from edge_agent.playback.services import BadRange, NoFootage
from edge_agent.problems import install, problem
from passthrough.errors import LiveError
from protocol.uplink import InvalidRange

log = structlog.get_logger()

WEB_UI = Path(__file__).parent.parent / "static_app"

#: Everything comes from the box itself; hls.js feeds the video element through blob: URLs.
_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

#: A browser that once came by HTTPS never sends the session in plain (RFC 6797).
_HSTS = "max-age=31536000"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

#: What a person is told, by error; None: the error's own text.
_ERRORS: dict[type[Exception], tuple[HTTPStatus, str | None]] = {
    NotLoggedIn: (HTTPStatus.UNAUTHORIZED, "Entre com seu usuário e senha."),
    LoginFailed: (HTTPStatus.UNAUTHORIZED, "Usuário ou senha incorretos."),
    CameraRefused: (HTTPStatus.CONFLICT, None),
    InvalidAddress: (HTTPStatus.BAD_REQUEST, None),
    OnvifFailed: (HTTPStatus.BAD_GATEWAY, None),
    NoFootage: (HTTPStatus.NOT_FOUND, None),
    BadRange: (HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, None),
    InvalidRange: (HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, None),
}


def create_app(box: Box | None, monotonic: Callable[[], float] = time.monotonic) -> FastAPI:
    """The application of one box; without a box it only describes itself (OpenAPI)."""
    app = FastAPI(title="GT-Vision: caixa", version=__version__, docs_url=None, redoc_url=None)
    app.state.box = box
    app.state.login_limit = Limiter(LOGIN, monotonic)
    app.state.costly_limit = Limiter(COSTLY, monotonic)
    install(app)
    for error, (status, text) in _ERRORS.items():
        app.add_exception_handler(error, _answer(status, text))
    app.add_exception_handler(TooManyRequests, _too_many_requests)
    app.add_exception_handler(LiveError, _no_live)
    app.middleware("http")(_bound_and_harden)
    for router in (
        session.router,
        recordings.router,
        plates.router,
        watchlist.router,
        cameras.router,
        clips.router,
        holds.router,
        live_events.router,
        monitoring.router,
        live.router,
        playback.router,
    ):
        app.include_router(router)
    _serve_web_ui(app)
    app.openapi = functools.cache(functools.partial(document, app))  # type: ignore[method-assign]
    return app


def _answer(status: HTTPStatus, text: str | None) -> Callable[[Request, Exception], Response]:
    def handler(_request: Request, error: Exception) -> Response:
        return problem(status, text or str(error))

    return handler


def _no_live(_request: Request, error: Exception) -> Response:
    assert isinstance(error, LiveError)
    return problem(error.status, str(error))


def _too_many_requests(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TooManyRequests)
    return problem(HTTPStatus.TOO_MANY_REQUESTS, str(error), {"Retry-After": str(error.retry_after_s)})


async def _answer_or_apologise(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    try:
        return await call_next(request)
    except Exception:
        # The border of a request: what went wrong is for the log, not for the browser.
        log.exception("request_failed", method=request.method, path=request.url.path)
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Erro interno da caixa. Se continuar, avise o suporte."
        )


async def _bound_and_harden(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """No body that is too large gets in; no answer goes out without its security headers. What is
    logged on the way carries the request's id, which the answer shows."""
    given = request.headers.get("x-request-id", "")
    request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        response = refused_body(request) or await _answer_or_apologise(request, call_next)
    response.headers["X-Request-Id"] = request_id
    response.headers.update(_SECURITY_HEADERS)
    if request.url.scheme == "https":
        response.headers["Strict-Transport-Security"] = _HSTS
    return response


def _serve_web_ui(app: FastAPI) -> None:
    if (WEB_UI / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=WEB_UI / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    async def web_ui(path: str) -> Response:
        """Every other path is a page of the web UI, which routes in the browser."""
        if path.startswith("api/"):
            return problem(HTTPStatus.NOT_FOUND, "Endereço não encontrado.")
        index = WEB_UI / "index.html"
        if not index.is_file():
            return PlainTextResponse(
                "The web UI is not built: run `make web`.", HTTPStatus.SERVICE_UNAVAILABLE
            )
        return FileResponse(index, headers={"Cache-Control": "no-cache"})
