"""The hash chain: each entry's hash covers its content and the hash of the entry before it.

Changing, removing or inserting an entry anywhere but at the end breaks every later
link. Cutting entries off the end does not show in the chain itself: compare the last
hash with one noted elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

#: `previous_hash` of the first entry.
GENESIS = "0" * 64


@dataclass(frozen=True)
class Fact:
    """What happened, who did it, and to what."""

    at: datetime
    actor: str
    action: str
    target: str = ""
    city_code: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """An entry as it is stored."""

    id: int
    fact: Fact
    previous_hash: str
    hash: str


def entry_hash(previous_hash: str, fact: Fact) -> str:
    content = [
        previous_hash,
        fact.at.astimezone(UTC).isoformat(timespec="microseconds"),
        fact.actor,
        fact.action,
        fact.target,
        fact.city_code,
        fact.details,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_broken(links: Iterable[Link], previous: str = GENESIS) -> int | None:
    """The id of the first entry, in order, that does not fit the chain; None if all do.

    `previous` is the hash of the entry before the first of these.
    """
    for link in links:
        if link.previous_hash != previous or link.hash != entry_hash(previous, link.fact):
            return link.id
        previous = link.hash
    return None
