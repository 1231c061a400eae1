"""What watchdogs and Prometheus ask of the console's port, without a person's login."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool

from edge_agent.console import schemas
from edge_agent.console.dependencies import BoxDep
from edge_agent.metrics import load_or_make_token, may_read
from edge_agent.problems import ProblemError

router = APIRouter(tags=["monitoring"])


@router.get(
    "/healthz",
    operation_id="healthz",
    summary="Is the box doing its work?",
    responses={503: {"model": schemas.Wellness, "description": "A check failed"}},
)
async def healthz(box: BoxDep, response: Response) -> schemas.Wellness:
    """Recorder workers alive, database writable, disk above its floor, clock plausible.

    Needs no login and says nothing of anybody; the verdict is a few seconds old at most."""
    checks = await run_in_threadpool(box.wellness.checks)
    well = all(checks.values())
    response.status_code = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return schemas.Wellness(status="ok" if well else "failing", checks=checks)


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {
            "content": {"text/plain": {"example": "gtv_hub_connected 1.0\n"}},
            "description": "Prometheus text format",
        },
        403: {"model": schemas.Problem, "description": "Neither on the box nor with the token"},
    },
)
async def metrics(box: BoxDep, request: Request) -> Response:
    """For who asks on the box itself, or shows the token of `identity/metrics.token`."""
    token = await run_in_threadpool(load_or_make_token, box.folder.metrics_token)
    address = request.client.host if request.client else None
    if not may_read(address, request.headers.get("authorization", ""), token):
        raise ProblemError(
            HTTPStatus.FORBIDDEN, "Só na própria caixa ou com a senha de identity/metrics.token."
        )
    return Response(await run_in_threadpool(box.metrics.exposition), media_type=CONTENT_TYPE_LATEST)
