"""The rules of a rollout: which box gets a release when, and when the rest must not get it.

A rollout goes in stages. Of a stage every box in contact is told; when all of them have run the release well
for a while, the next stage begins. A box that fails, or goes back by itself, halts the rollout: no box is
told any more until an admin says so. What boxes have begun they bring to its end by themselves.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from protocol.messages import UpdateReport

#: Of a rollout. The last two end it.
ROLLOUT_STATES = ("running", "paused", "halted", "cancelled", "done")
OPEN_STATES = ("running", "paused", "halted")

#: Of a box in a rollout: not told yet; told; runs the release and is watched; well for long enough; failed.
NODE_STATES = ("waiting", "ordered", "watched", "done", "failed", "rolled-back")
#: The box did not take the release.
LOST = ("failed", "rolled-back")

#: A box that was told must run the release within this: a slow line takes an hour for an archive of 150 MB.
WITHIN = timedelta(hours=6)
#: A box that has not said that it begins is told again after this.
TOLD_AGAIN_AFTER = timedelta(minutes=1)
MAX_STAGES = 10

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True)
class Seen:
    """A box as its last health message shows it. `report`: only when it is of this rollout's attempt."""

    online: bool
    version: str
    cameras: int
    report: UpdateReport | None = None


@dataclass(frozen=True)
class Progress:
    """How far a box is. `cameras_before`: recorded when it was told; `well_since`: without a break."""

    state: str = "waiting"
    ordered_at: datetime | None = None
    told_at: datetime | None = None
    cameras_before: int = 0
    well_since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Member(Generic[N]):
    """A box of a rollout."""

    node: N
    stage: int
    seen: Seen
    progress: Progress


@dataclass(frozen=True)
class Plan(Generic[N]):
    """What a look at a rollout leads to."""

    state: str
    stage: int
    reason: str
    progress: dict[N, Progress]
    #: Boxes to be told now.
    tell: Sequence[N]


def stages(nodes: Sequence[str], canaries: Sequence[str], shares: Sequence[int], seed: str) -> dict[str, int]:
    """In which stage each box is. `shares`: cumulative percentages, rising to 100; with canaries named, they
    are the first stage and the shares those after it. By a hash, so that no city is always the first."""
    named = [node for node in nodes if node in set(canaries)]
    rest = sorted(
        set(nodes) - set(named), key=lambda node: hashlib.sha256(f"{seed}/{node}".encode()).digest()
    )
    placed = dict.fromkeys(named, 0)
    first = 1 if named else 0
    taken = 0
    for number, share in enumerate(shares, first):
        until = max(-(-len(rest) * share // 100), taken)
        placed |= dict.fromkeys(rest[taken:until], number)
        taken = until
    return placed


def look(
    members: Sequence[Member[N]], state: str, stage: int, version: str, soak: timedelta, now: datetime
) -> Plan[N]:
    """What is to be done now; again and again, until the rollout has ended."""
    progress = {member.node: follow(member, version, soak, now) for member in members}
    if state != "running":
        return Plan(state, stage, "", progress, [])
    lost = [one for one in progress.values() if one.state in LOST]
    if lost:
        return Plan("halted", stage, lost[0].reason, progress, [])
    stage = _stage(members, progress, stage)
    if all(one.state == "done" for one in progress.values()):
        return Plan("done", stage, "", progress, [])
    tell = _tell(members, progress, stage, now)
    return Plan("running", stage, "", progress | tell, list(tell))


def _tell(
    members: Sequence[Member[N]], progress: Mapping[N, Progress], stage: int, now: datetime
) -> dict[N, Progress]:
    """Boxes to be told, as they are after it."""
    return {
        member.node: told(progress[member.node], member.seen, now)
        for member in members
        if member.stage <= stage and _wants_telling(progress[member.node], member.seen, now)
    }


def follow(member: Member[N], version: str, soak: timedelta, now: datetime) -> Progress:
    """How far a box is, by what it reports."""
    before, seen = member.progress, member.seen
    if before.state in (*LOST, "done"):
        return before
    if seen.report is not None and seen.report.step in LOST:
        return replace(before, state=seen.report.step, reason=seen.report.reason)
    if before.state == "waiting":
        return replace(before, state="done") if seen.version == version else before
    return _watch(before, seen, version, soak, now)


def _watch(before: Progress, seen: Seen, version: str, soak: timedelta, now: datetime) -> Progress:
    """A box that was told."""
    if _is_well(before, seen, version):
        since = before.well_since or now
        return replace(before, state="done" if now - since >= soak else "watched", well_since=since)
    if before.ordered_at is not None and now - before.ordered_at > WITHIN + soak:
        reason = "a caixa não passou a funcionar com a nova versão no prazo"
        return replace(before, state="failed", reason=reason)
    return replace(before, state="ordered", well_since=None)


def told(progress: Progress, seen: Seen, now: datetime) -> Progress:
    """As it is after an order; the first one notes how the box was."""
    if progress.state != "waiting":
        return replace(progress, told_at=now)
    return Progress("ordered", ordered_at=now, told_at=now, cameras_before=seen.cameras)


def again(progress: Progress) -> Progress:
    """A box that was lost gets another try."""
    return Progress() if progress.state in LOST else progress


def _stage(members: Sequence[Member[N]], progress: Mapping[N, Progress], stage: int) -> int:
    last = max((member.stage for member in members), default=0)
    while stage < last and _is_over(members, progress, stage):
        stage += 1
    return stage


def _is_over(members: Sequence[Member[N]], progress: Mapping[N, Progress], stage: int) -> bool:
    """Every box of the stage is done but those that are out of contact and were not told: they get the
    release when they come. A stage of which nobody has shown that the release works is not over."""
    of_stage = [member for member in members if member.stage == stage]
    done = [member for member in of_stage if progress[member.node].state == "done"]
    away = [m for m in of_stage if progress[m.node].state == "waiting" and not m.seen.online]
    return len(done) + len(away) == len(of_stage) and (bool(done) or not of_stage)


def _is_well(progress: Progress, seen: Seen, version: str) -> bool:
    """One camera in ten may be away by chance, as the box itself judges."""
    enough = progress.cameras_before - progress.cameras_before // 10
    confirmed = seen.report is not None and seen.report.step == "confirmed"
    return seen.online and confirmed and seen.version == version and seen.cameras >= enough


def _wants_telling(progress: Progress, seen: Seen, now: datetime) -> bool:
    if not seen.online:
        return False
    if progress.state == "waiting":
        return True
    unheard = progress.state == "ordered" and seen.report is None
    return unheard and (progress.told_at is None or now - progress.told_at >= TOLD_AGAIN_AFTER)
