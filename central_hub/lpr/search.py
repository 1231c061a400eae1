"""Finding plate reads.

A pattern is matched in the dictionary of plates (see matching.py), and the reads are found by
the plates, each by its own index. A pattern that fits more than FEW plates is common among
the reads too: then the reads are gone through in order of time until the page is full.
"""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import and_, or_
from typing import Literal, NamedTuple

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone
from psycopg.errors import QueryCanceled
from redis.exceptions import RedisError

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, InvalidInput, Permission, require
from central_hub.lpr.domain import windows
from central_hub.lpr.matching import PREFIX, PlatePattern, is_exact, prefix, to_like, tokens
from central_hub.lpr.models import Plate, PlateRead
from central_hub.lpr.words import meaning
from protocol.plates import fold

#: Seconds within which a repeated search is the same look at the same list.
SAME_SEARCH_S = 600

#: Plates up to which reads are found by plate. Measured: see docs/adr/0025.
FEW = 2000

#: A search that takes longer was too wide; the person is told to narrow it.
SEARCH_WITHIN_S = 10.0

#: Blocks that PostgreSQL asks the disk for at once where a search knows that it needs them: the reads of many
#: plates lie apart. By its default of 1, those of a year's 50 commonest plates took 2.4 s from a cold disk,
#: so 1.0 s.
READ_AHEAD = 64


class Position(NamedTuple):
    """Where a page ended."""

    captured_at: datetime
    id: int


@dataclass(frozen=True)
class ReadSearch:
    """What to look for; None means any."""

    plate: str = ""
    similar: bool = False
    since: datetime | None = None
    until: datetime | None = None
    camera: uuid.UUID | None = None
    city: str | None = None
    direction: str | None = None
    vehicle_type: str | None = None
    vehicle_color: str | None = None
    vehicle_make: str | None = None
    vehicle_model: str | None = None
    vendor: str | None = None
    min_confidence: float | None = None
    order: Literal["newest", "oldest"] = "newest"

    @property
    def pattern(self) -> PlatePattern | None:
        return PlatePattern.parse(self.plate, similar=self.similar)

    @property
    def filters(self) -> dict[str, str]:
        """What was asked for, as the audit trail, exports and saved searches tell it."""
        return {key: str(value) for key, value in asdict(self).items() if value and value != "newest"}


def search_reads(
    caller: Caller, search: ReadSearch, after: Position | None, limit: int, purpose: str = ""
) -> tuple[list[PlateRead], Position | None]:
    """One page, and where the next one starts. Searches are audited."""
    found, following = page_of(caller, search, after, limit)
    _audit_search(caller, search, after, len(found), purpose)
    return found, following


def page_of(
    caller: Caller, search: ReadSearch, after: Position | None, limit: int
) -> tuple[list[PlateRead], Position | None]:
    """As `search_reads`, for programs: nobody sees a plate by it."""
    with bounded_time():
        reads = found_by(caller, search)
        if after is not None:
            reads = _beyond(reads, search, after)
        rows = _first(reads.select_related("camera", "city"), search, limit + 1)
    found, more = rows[:limit], len(rows) > limit
    return found, Position(found[-1].captured_at, found[-1].id) if more else None


def found_by(caller: Caller, search: ReadSearch) -> "QuerySet[PlateRead]":
    """All reads of a search that the caller may see, in its order. Raises NotPermitted."""
    require(caller, Permission.SEARCH_PLATES)
    reads = PlateRead.objects.visible_to(caller).filter(_conditions(search))
    if search.city is not None:
        reads = reads.filter(city_id__among=cities.visible_city_ids(caller, search.city))
    pattern = search.pattern
    if pattern is None:
        return _in_order(reads, search)
    plates = plates_like(caller, pattern, search.city, FEW)
    if plates is None:
        return _in_order(reads.filter(_common(pattern)), search)
    if len(plates) == 1:  # its index gives the reads in order, so that a page costs a page
        return _in_order(reads.filter(plate=plates[0]), search)
    return _sorted(reads.filter(plate__one_of=plates), search)


def _in_order(reads: "QuerySet[PlateRead]", search: ReadSearch) -> "QuerySet[PlateRead]":
    newest = search.order == "newest"
    return reads.order_by("-captured_at", "-id") if newest else reads.order_by("captured_at", "id")


def _sorted(reads: "QuerySet[PlateRead]", search: ReadSearch) -> "QuerySet[PlateRead]":
    """As `_in_order`, by an expression that no index has: the reads must be found by their plates.

    PostgreSQL takes the plates for some twenty times as frequent as they are, and would rather go through
    a million reads in order of time. Among ten million: a p95 of 211 ms for suffixes that way, 27 this way.
    """
    at = ExpressionWrapper(F("captured_at") + timedelta(0), output_field=DateTimeField())
    return reads.order_by(at.desc(), "-id") if search.order == "newest" else reads.order_by(at.asc(), "id")


def _first(reads: "QuerySet[PlateRead]", search: ReadSearch, count: int) -> list[PlateRead]:
    """So many reads of a search.

    Many plates cannot be read in order of time, only found and sorted: that is done for the newest months
    alone where they fill the page. One plate, and no plate, come in order by themselves.
    """
    pattern = search.pattern
    if search.order == "oldest" or pattern is None or (is_exact(pattern.text) and not pattern.similar):
        return list(reads[:count])
    rows: list[PlateRead] = []
    for since, until in windows(timezone.now()):
        bounds = {"captured_at__gte": since, "captured_at__lt": until}
        part = reads.filter(**{name: at for name, at in bounds.items() if at is not None})
        rows += part[: count - len(rows)]
        if len(rows) == count:
            break
    return rows


@contextmanager
def bounded_time() -> Iterator[None]:
    """A transaction whose queries must be quick. Raises InvalidInput when they are not."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SET LOCAL statement_timeout = {round(SEARCH_WITHIN_S * 1000)};"
                    f" SET LOCAL effective_io_concurrency = {READ_AHEAD}"
                )
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise InvalidInput(
                "A busca é ampla demais. Informe um período menor ou mais filtros.", code="search-too-wide"
            ) from None
        raise


def plates_like(caller: Caller, pattern: PlatePattern, city: str | None, limit: int) -> list[str] | None:
    """The plates of a pattern that the caller's cities have seen; None if there are more than `limit`."""
    condition = _in_dictionary(pattern)
    if condition is None:
        return None
    known = Plate.objects.visible_to(caller)
    if city is not None or caller.city_id is None:
        # Named one by one, because the indexes begin with the city.
        known = known.filter(city_id__among=cities.visible_city_ids(caller, city))
    found = list(known.filter(condition).values_list("plate", flat=True)[: limit + 1])
    return None if len(found) > limit else sorted(set(found))


def _conditions(search: ReadSearch) -> Q:
    asked = {
        "captured_at__gte": search.since,
        "captured_at__lt": search.until,
        "camera_id": search.camera,
        # Vendors' words, which nobody types as the firmware spells them.
        "vehicle_make__iexact": search.vehicle_make,
        "vehicle_model__iexact": search.vehicle_model,
        "vendor": search.vendor,
        "confidence__gte": search.min_confidence,
    }
    known = Q(**{name: value for name, value in asked.items() if value is not None})
    words = {column: getattr(search, column) for column in ("direction", "vehicle_type", "vehicle_color")}
    return reduce(and_, (_means(column, word) for column, word in words.items() if word is not None), known)


def _means(column: str, word: str) -> Q:
    return reduce(or_, (Q(**{f"{column}__iexact": other}) for other in meaning(column, word)))


def _common(pattern: PlatePattern) -> Q:
    """The condition on the reads themselves, for a pattern that many plates fit."""
    text = "plate__folded__matches" if pattern.similar else "plate__matches"
    return reduce(or_, (Q(**{text: to_like(variant)}) for variant in pattern.variants))


def _in_dictionary(pattern: PlatePattern) -> Q | None:
    """The condition on the dictionary that one of its indexes answers; None if none would."""
    condition = Q()
    for variant in pattern.variants:
        by_index = _by_index(variant, pattern.similar)
        if by_index is None:
            return None
        condition |= by_index
    return condition


def _by_index(variant: str, similar: bool) -> Q | None:
    column = "folded" if similar else "plate"
    if is_exact(variant):
        return Q(**{column: variant})
    fits = Q(**{f"{column}__matches": to_like(variant)})
    if len(prefix(variant)) >= PREFIX:
        return fits
    asked = tokens(fold(variant))
    return fits & Q(folded__has_tokens=asked) if asked else None


def _beyond(reads: "QuerySet[PlateRead]", search: ReadSearch, after: Position) -> "QuerySet[PlateRead]":
    # A row comparison would be shorter; this form lets the index start at `captured_at`, and whole
    # months be left out.
    same = Q(captured_at=after.captured_at)
    if search.order == "newest":
        return reads.filter(captured_at__lte=after.captured_at).exclude(same, id__gte=after.id)
    return reads.filter(captured_at__gte=after.captured_at).exclude(same, id__lte=after.id)


def _audit_search(
    caller: Caller, search: ReadSearch, after: Position | None, results: int, purpose: str
) -> None:
    """One entry per search of a person, not one per second of a list that refreshes itself.

    The same search by the same person is recorded again after SAME_SEARCH_S; without the
    cache, every time.
    """
    what = f"{caller.username} {sorted(search.filters.items())} {after} {purpose}"
    key = f"plate-search-audited:{hashlib.sha256(what.encode()).hexdigest()}"
    try:
        first = cache.add(key, True, SAME_SEARCH_S)
    except RedisError:
        first = True
    if first:
        details = {"filters": search.filters, "results": results, "continued": after is not None}
        if purpose:
            details["purpose"] = purpose
        where = cities.code_asked_of(caller, search.city)
        audit.record(caller, "plate-search", search.plate, city_code=where, details=details)
