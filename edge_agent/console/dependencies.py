"""What the LAN API's routes are given: the box, the person who asks, a camera that exists."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request

from edge_agent.box import Box
from edge_agent.clock import to_us
from edge_agent.console.auth import COOKIE, Login
from edge_agent.console.limits import Limiter
from edge_agent.console.schemas import CameraRef, Role
from edge_agent.playback.services import Period
from edge_agent.problems import ProblemError
from protocol.messages import DesiredCamera, DesiredUser

Instant = Annotated[datetime, Query(description="RFC 3339, with offset")]


_UNKNOWN = "Câmera não encontrada: ela não existe, ou foi removida e a gravação dela já foi apagada."
_REMOVED = "Esta câmera foi removida: não há mais vídeo ao vivo, só a gravação que ainda está guardada."


def _box(request: Request) -> Box:
    box: Box = request.app.state.box
    return box


BoxDep = Annotated[Box, Depends(_box)]


def session_token(request: Request) -> str | None:
    """What a request shows of a session: a bearer token, or the cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.cookies.get(COOKIE)


def _user(request: Request, box: BoxDep) -> DesiredUser:
    """Raises NotLoggedIn (401)."""
    return box.authenticator.user(session_token(request))


UserDep = Annotated[DesiredUser, Depends(_user)]


def _masks(user: UserDep, box: BoxDep) -> bool:
    return not box.desired.sees_plates(user)


#: Whether this person's city hides plates from them (the hub's rule, ADR 28).
MasksDep = Annotated[bool, Depends(_masks)]


def _login(request: Request, box: BoxDep) -> Login:
    """Raises NotLoggedIn (401)."""
    return box.authenticator.login(session_token(request))


#: For what goes on after the request, as long as the session does.
LoginDep = Annotated[Login, Depends(_login)]


def require(*roles: Role) -> Callable[[DesiredUser], DesiredUser]:
    """A dependency: the person who asks, when he has one of the roles. Raises ProblemError (403)."""

    def _allowed(user: UserDep) -> DesiredUser:
        if user.role not in roles:
            raise ProblemError(HTTPStatus.FORBIDDEN, "Seu perfil não permite isto; peça a um gestor.")
        return user

    return _allowed


#: Who changes something on the box: cameras, clips of others, settings. The rest may look.
GestorDep = Annotated[DesiredUser, Depends(require("gestor", "admin"))]


def _login_limit(request: Request) -> None:
    """By address: the name is not known to be anybody's yet. Raises TooManyRequests (429)."""
    limiter: Limiter = request.app.state.login_limit
    limiter.take(request.client.host if request.client else "")


LoginLimitDep = Annotated[None, Depends(_login_limit)]


def _costly(request: Request, user: UserDep) -> DesiredUser:
    """Raises TooManyRequests (429)."""
    limiter: Limiter = request.app.state.costly_limit
    limiter.take(user.username)
    return user


#: As UserDep, for what costs the box CPU or disk: thumbnails, playlists, playback, clips, discovery, tests.
CostlyDep = Annotated[DesiredUser, Depends(_costly)]


def present_camera(camera_id: str, box: Box) -> DesiredCamera:
    """A camera that the box has now. Raises ProblemError (404)."""
    camera = box.desired.camera(camera_id)
    if camera is None:
        removed = box.index.holds_footage(camera_id)
        raise ProblemError(HTTPStatus.NOT_FOUND, _REMOVED if removed else _UNKNOWN)
    return camera


def _camera(camera_id: str, box: BoxDep, _user: UserDep) -> DesiredCamera:
    return present_camera(camera_id, box)


#: For live video, which ends with the camera.
CameraDep = Annotated[DesiredCamera, Depends(_camera)]


def _footage_of(camera_id: str, box: BoxDep, _user: UserDep) -> CameraRef:
    if box.desired.camera(camera_id) is None and not box.index.holds_footage(camera_id):
        raise ProblemError(HTTPStatus.NOT_FOUND, _UNKNOWN)
    return CameraRef(id=camera_id, name=box.camera_name(camera_id))


#: For recordings, which outlive their camera: one that the box has, or has footage of.
FootageDep = Annotated[CameraRef, Depends(_footage_of)]


def instant_us(moment: datetime) -> int:
    """Microseconds UTC of an instant that a person asked for. Raises ProblemError (400)."""
    try:
        return to_us(moment)
    except ValueError:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, "Informe os horários com fuso, como 2026-01-31T12:00:00Z."
        ) from None


def period(camera: str, start: datetime, end: datetime, longest_us: int) -> Period:
    """Check what a person asked for. Raises ProblemError (400)."""
    asked = Period(camera, instant_us(start), instant_us(end))
    if asked.start_us >= asked.end_us:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "O início precisa ser antes do fim.")
    if asked.end_us - asked.start_us > longest_us:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, f"O período pode ter no máximo {longest_us // 3_600_000_000} horas."
        )
    return asked
