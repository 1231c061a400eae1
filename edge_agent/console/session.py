"""LAN API: log in, log out, who am I, how is the box."""

from fastapi import APIRouter, Request, Response, status
from starlette.concurrency import run_in_threadpool

from edge_agent import health
from edge_agent.clock import now_us, to_datetime
from edge_agent.console import schemas
from edge_agent.console.auth import COOKIE, SESSION_S
from edge_agent.console.dependencies import BoxDep, LoginLimitDep, UserDep, session_token
from protocol.messages import DesiredUser

router = APIRouter(prefix="/api", tags=["session"])


@router.post(
    "/auth/login",
    operation_id="login",
    responses={401: {"model": schemas.Problem, "description": "Usuário ou senha incorretos"}},
)
async def log_in(
    credentials: schemas.Credentials,
    request: Request,
    response: Response,
    box: BoxDep,
    _limit: LoginLimitDep,
) -> schemas.Session:
    """Start a session: the cookie is HttpOnly, and no other site can use it."""
    user, token = await run_in_threadpool(
        box.authenticator.log_in, credentials.username, credentials.password
    )
    await run_in_threadpool(box.audit, user.username, "console.login")
    response.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_S,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return schemas.Session(user=_shown(user))


@router.post("/auth/logout", operation_id="logout", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(request: Request, response: Response, box: BoxDep) -> None:
    """End the session, wherever its token was copied to. Without a session nothing happens."""
    await run_in_threadpool(box.authenticator.log_out, session_token(request))
    response.delete_cookie(COOKIE, path="/")


@router.get("/me", operation_id="me")
async def me(user: UserDep) -> schemas.User:
    """Who asks."""
    return _shown(user)


@router.get("/status", operation_id="status")
async def box_status(box: BoxDep, _user: UserDep) -> schemas.BoxStatus:
    """The box as its console shows it: city, connection to the hub, disk, outbox, time."""
    free, total = box.disk()
    desired = box.desired.current
    return schemas.BoxStatus(
        city_name=desired.city_name if desired else box.identity.city,
        timezone=desired.timezone if desired else "America/Sao_Paulo",
        node=box.identity.node,
        online_with_hub=box.online_with_hub,
        disk_free_bytes=free,
        disk_total_bytes=total,
        outbox_depth=await run_in_threadpool(box.outbox.depth),
        now=to_datetime(now_us()),
    )


@router.get("/alarms", operation_id="alarms")
async def alarms(box: BoxDep, _user: UserDep) -> list[schemas.Alarm]:
    """What is wrong at the box now: disk, clock, database, cameras; those of recording stay for a day."""
    found = await run_in_threadpool(health.troubles_of, box)
    return [schemas.Alarm(text=alarm.text, since=alarm.since) for alarm in found]


def _shown(user: DesiredUser) -> schemas.User:
    return schemas.User(username=user.username, name=user.name, role=user.role)
