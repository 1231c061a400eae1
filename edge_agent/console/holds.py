"""LAN API: footage held as evidence without a clip of it, until somebody lets it go."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, status
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from edge_agent.box import Box
from edge_agent.clock import to_datetime
from edge_agent.console.dependencies import BoxDep, CostlyDep, GestorDep, UserDep, period
from edge_agent.console.schemas import CameraRef
from edge_agent.evidence.domain import MAX_TOTAL_US
from edge_agent.evidence.holds import NoSuchHold, TooManyHolds
from edge_agent.problems import ProblemError
from edge_agent.recording.protection import ProtectedSpan

router = APIRouter(prefix="/api/holds", tags=["clips"])


class HoldOrder(BaseModel):
    camera: str = Field(max_length=64, examples=["0f8fad5b-d9cb-469f-a165-70867728950e"])
    start: datetime = Field(examples=["2026-01-31T12:00:00Z"])
    end: datetime = Field(examples=["2026-01-31T13:00:00Z"])
    reason: str = Field(min_length=3, max_length=500, examples=["Ofício 12/2026"])


class HoldOut(BaseModel):
    id: int
    camera: CameraRef
    start: datetime
    end: datetime
    reason: str


@router.post("", operation_id="hold", status_code=status.HTTP_201_CREATED)
async def hold(order: HoldOrder, box: BoxDep, user: GestorDep, _limit: CostlyDep) -> HoldOut:
    """Keep a camera's footage of a period past its plan, which takes disk from all the rest."""
    asked = period(order.camera, order.start, order.end, MAX_TOTAL_US)
    try:
        made = await run_in_threadpool(
            box.holds.add, asked.camera, asked.start_us, asked.end_us, f"{user.username}: {order.reason}"
        )
    except TooManyHolds as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
    await run_in_threadpool(box.audit, user.username, "console.hold.add", f"{made.id} {made.camera}")
    return _shown(box, made)


@router.get("", operation_id="holds")
async def holds(box: BoxDep, _user: UserDep) -> list[HoldOut]:
    """Newest first; those of clips are with their clips."""
    return [_shown(box, span) for span in await run_in_threadpool(box.holds.all)]


@router.delete("/{hold_id}", operation_id="releaseHold", status_code=status.HTTP_204_NO_CONTENT)
async def release_hold(hold_id: int, box: BoxDep, user: GestorDep) -> None:
    """Let the footage go; what is past its plan is deleted with the next sweep."""
    try:
        await run_in_threadpool(box.holds.release, hold_id)
    except NoSuchHold:
        raise ProblemError(HTTPStatus.NOT_FOUND, "Esta proteção não existe mais.") from None
    await run_in_threadpool(box.audit, user.username, "console.hold.release", str(hold_id))


def _shown(box: Box, span: ProtectedSpan) -> HoldOut:
    return HoldOut(
        id=span.id,
        camera=CameraRef(id=span.camera, name=box.camera_name(span.camera)),
        start=to_datetime(span.start_us),
        end=to_datetime(span.end_us),
        reason=span.reason,
    )
