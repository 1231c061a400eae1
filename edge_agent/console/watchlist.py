"""LAN API: watched plates that were read, until a guard acknowledges them."""

from fastapi import APIRouter, status
from msgspec.structs import asdict
from starlette.concurrency import run_in_threadpool

from edge_agent.box import Box
from edge_agent.console import schemas
from edge_agent.console.dependencies import BoxDep, MasksDep, UserDep
from edge_agent.console.plates import shown_read
from edge_agent.lpr.watch_hits import OpenHit

router = APIRouter(prefix="/api/watchlist-hits", tags=["plates"])

#: More than a guard can look at; `open` says how many there are.
_SHOWN = 50


@router.get("", operation_id="watchlistHits")
async def watchlist_hits(box: BoxDep, masks: MasksDep) -> schemas.OpenWatchHits:
    """Those that nobody has acknowledged, also from when no console was open; none for masked roles."""
    if masks:
        return schemas.OpenWatchHits(results=[], open=0)
    hits, count = await run_in_threadpool(box.watch_hits.open, _SHOWN)
    return schemas.OpenWatchHits(results=[_shown(box, hit) for hit in hits], open=count)


@router.post("/seen", operation_id="acknowledgeHits", status_code=status.HTTP_204_NO_CONTENT)
async def acknowledge(seen: schemas.SeenHits, box: BoxDep, user: UserDep) -> None:
    """The person has seen these hits: they leave every console, and the audit trail says who saw them.

    Any role may: guards are visualizadores. What is not open any more is no error.
    """
    if ids := await run_in_threadpool(box.watch_hits.acknowledge, seen.reads, user.username):
        box.events.publish("watchlist", {"seen": ids, "by": user.name or user.username})


def _shown(box: Box, hit: OpenHit) -> schemas.WatchHit:
    return schemas.WatchHit(
        read=shown_read(box, hit.stored),
        entries=[schemas.WatchEntry(**asdict(entry)) for entry in hit.entries],
        reads=hit.reads,
    )
