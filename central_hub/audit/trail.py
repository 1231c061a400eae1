"""Is the audit trail whole? Looked at all day, told to who watches the hub.

Reading the whole chain takes minutes once it is long, so what is new is checked every few minutes, from the
last entry that was found good, and everything once a night. The mark (that entry's number and hash) lies in
the cache: without it everything is checked again. A mark that is no longer in the chain is tampering too:
entries were cut off or replaced (audit.domain).
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from central_hub.audit import services
from central_hub.audit.domain import GENESIS

_KEY = "audit:checked"


@dataclass(frozen=True)
class Verdict:
    """Of the last check; `broken_at` is the first entry that does not fit, None where all do."""

    through: int
    digest: str
    broken_at: int | None
    checked_at_s: float


def last_verdict() -> Verdict | None:
    """None before the first check. Raises redis.RedisError."""
    found = cache.get(_KEY)
    return Verdict(**found) if found else None


def check(*, everything: bool) -> Verdict:
    """A trail that was found broken is broken until the whole of it was found good."""
    known = last_verdict()
    if everything or known is None or known.broken_at is not None:
        start, digest = 0, GENESIS
    else:
        start, digest = known.through, known.digest
    through, newest = services.head()  # entries that come meanwhile are for the next check
    if known is not None and not services.holds(known.digest):
        broken_at: int | None = known.through
    else:
        broken_at = services.verify(start, digest)
    # The mark of a trail that is cut off stays: the next check must find it missing too.
    mark = (known.through, known.digest) if known and broken_at is not None else (through, newest)
    verdict = Verdict(*mark, broken_at, timezone.now().timestamp())
    cache.set(_KEY, vars(verdict), timeout=None)
    return verdict
