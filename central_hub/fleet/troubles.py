"""What is wrong with a box, as a pure function of what is known of it.

A trouble is told apart by its `key`, not by its text: numbers in it change, and it is still
the same trouble.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: Two keep-alives of the broker and a box that reconnects: shorter is a line that hiccups.
OFFLINE_AFTER = timedelta(seconds=90)

#: A change reaches a box within seconds; by then it is stuck.
LAG_AFTER = timedelta(minutes=2)

#: By ADR 50 the broker knows within 5 s.
REVOKED_WITHIN = timedelta(seconds=30)

#: A recorder keeps 2 % of its disk free (at least 2 GiB); half of that is below its floor.
LOW_DISK_SHARE = 0.01

#: The newest samples that must all be above `BUSY_SHARE`: a quarter of an hour.
BUSY_SAMPLES = 3
BUSY_SHARE = 0.9


@dataclass(frozen=True)
class Trouble:
    key: str
    critical: bool
    text: str


@dataclass(frozen=True)
class NodeFacts:
    """What is known of a box; everything but presence and certificates is what it reported last."""

    enrolled: bool
    online: bool
    last_seen_at: datetime | None
    revoked: bool = False
    #: When the oldest revoked certificate was revoked that the broker has not been told of.
    revocation_pending_since: datetime | None = None
    #: Since when it should have applied a revision that it has not.
    behind_since: datetime | None = None
    cameras_online: int = 0
    cameras_total: int = 0
    disk_free_bytes: int | None = None
    disk_total_bytes: int | None = None
    #: The newest last.
    cpu_shares: Sequence[float | None] = ()
    #: As in protocol.messages.Alarm.
    told: Sequence[dict[str, Any]] = ()


def troubles(facts: NodeFacts, now: datetime) -> tuple[list[Trouble], bool]:
    """What is wrong, and whether that is all: of a box out of contact nobody knows what else is."""
    found = _of_revocation(facts, now)
    if facts.revoked or not facts.enrolled:
        return found, True
    if not facts.online:
        return [*found, *_of_absence(facts, now)], False
    found += _of_cameras(facts) + _of_machine(facts) + _of_lag(facts, now)
    found += [_told(alarm) for alarm in facts.told]
    return list({trouble.key: trouble for trouble in found}.values()), True


def _of_revocation(facts: NodeFacts, now: datetime) -> list[Trouble]:
    since = facts.revocation_pending_since
    if since is None or now - since < REVOKED_WITHIN:
        return []
    text = "O certificado foi revogado, mas o broker ainda não sabe: confira o broker-guard."
    return [Trouble("revocation-pending", True, text)]


def _of_absence(facts: NodeFacts, now: datetime) -> list[Trouble]:
    if facts.last_seen_at is not None and now - facts.last_seen_at < OFFLINE_AFTER:
        return []
    return [Trouble("offline", True, "A caixa está sem contato com a central.")]


def _of_cameras(facts: NodeFacts) -> list[Trouble]:
    down = facts.cameras_total - facts.cameras_online
    if down <= 0:
        return []
    text = f"{down} de {facts.cameras_total} câmeras sem vídeo."
    return [Trouble("cameras-down", down == facts.cameras_total, text)]


def _of_machine(facts: NodeFacts) -> list[Trouble]:
    found = []
    free, total = facts.disk_free_bytes, facts.disk_total_bytes
    if free is not None and total and free / total < LOW_DISK_SHARE:
        found.append(Trouble("disk-low", True, f"Só {free / total:.1%} do disco livre."))
    newest = facts.cpu_shares[-BUSY_SAMPLES:]
    if len(newest) == BUSY_SAMPLES and all(share is not None and share > BUSY_SHARE for share in newest):
        found.append(Trouble("cpu-busy", False, "O processador está ocupado há 15 minutos."))
    return found


def _of_lag(facts: NodeFacts, now: datetime) -> list[Trouble]:
    if facts.behind_since is None or now - facts.behind_since < LAG_AFTER:
        return []
    return [Trouble("behind", False, "A caixa não aplica a configuração da central.")]


def _told(alarm: dict[str, Any]) -> Trouble:
    text = str(alarm["text"])
    same = re.sub(r"\d+", "#", text)
    key = f"box:{hashlib.sha256(same.encode()).hexdigest()[:32]}"
    return Trouble(key, bool(alarm.get("critical")), text)
