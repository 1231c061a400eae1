"""The questions of the plate search benchmark, to the product and to the obvious alternative.

The alternative is one table with an index on the plate and one on city and time, searched with LIKE; where
the server has pg_trgm, with a trigram index too.
"""

import random
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from bench.lpr_data import NOW
from central_hub.kernel import InvalidInput, Role
from central_hub.lpr import analysis
from central_hub.lpr.matching import to_like
from central_hub.lpr.search import ReadSearch, page_of, search_reads

PAGE = 50
QUERIES, COLD_QUERIES = 40, 12

#: Asking the same kind of question ends after this, if it was answered FEWEST times: the plain table's
#: answers take seconds.
ENOUGH_S, FEWEST = 10.0, 5


@dataclass(frozen=True)
class Caller:
    """Who asks."""

    role: str
    city_id: int | None
    pk: int = 1
    username: str = "bench"


#: By name: a search made of the text of some plate that was read.
KINDS: dict[str, Callable[[str], ReadSearch]] = {
    "exact": lambda p: ReadSearch(plate=p),
    "exact, never read": lambda p: ReadSearch(plate=f"{p[:3]}0{p[4]}00"),
    "prefix ABC1*": lambda p: ReadSearch(plate=f"{p[:4]}*"),
    "ABC?1*": lambda p: ReadSearch(plate=f"{p[:3]}?{p[4]}*"),
    "suffix *1D23": lambda p: ReadSearch(plate=f"*{p[3:]}"),
    "infix *C1D*": lambda p: ReadSearch(plate=f"*{p[2:5]}*"),
    "A?C1*3": lambda p: ReadSearch(plate=f"{p[0]}?{p[2:4]}*{p[6]}"),
    "?B?1?2?": lambda p: ReadSearch(plate=f"?{p[1]}?{p[3]}?{p[5]}?"),
    "broad *9*": lambda p: ReadSearch(plate=f"*{p[6]}*"),
    "similar ABC1D23": lambda p: ReadSearch(plate=p, similar=True),
    "similar ABC1*": lambda p: ReadSearch(plate=f"{p[:4]}*", similar=True),
    "similar *1D23": lambda p: ReadSearch(plate=f"*{p[3:]}", similar=True),
    "newest": lambda p: ReadSearch(),
    "one colour, confident": lambda p: ReadSearch(vehicle_color="red", min_confidence=0.95),
}


def statistics_of(days: int, **search: str) -> Callable[[Caller, str], object]:
    since = NOW - timedelta(days=days)
    return lambda caller, _: analysis.statistics(caller, ReadSearch(**search), since, NOW, "day")


#: What many reads say together, by name: asked about a plate, or about a period. Each is audited.
ANALYSES: dict[str, Callable[[Caller, str], object]] = {
    "path": lambda caller, plate: analysis.vehicle_path(caller, ReadSearch(plate=plate)),
    "companions, 60 s, 3 cameras": lambda caller, plate: analysis.companions(
        caller, ReadSearch(plate=plate), timedelta(seconds=60), 3
    ),
    "statistics, 7 days": statistics_of(7),
    "statistics, 92 days": statistics_of(92),
    "statistics, 92 days, ABC1*": lambda caller, plate: statistics_of(92, plate=f"{plate[:4]}*")(caller, ""),
}


def product(caller: Caller, kind: str, plate: str) -> int:
    found, _ = page_of(caller, KINDS[kind](plate), None, PAGE)
    return len(found)


def audited(caller: Caller, kind: str, plate: str) -> int:
    """With an entry each time: the same search for the same purpose would be recorded once."""
    found, _ = search_reads(caller, KINDS[kind](plate), None, PAGE, purpose=uuid.uuid4().hex)
    return len(found)


def analysed(caller: Caller, kind: str, plate: str) -> None:
    """One that is refused for its time counts with the time until then: the table shows the 10 s."""
    with suppress(InvalidInput):
        ANALYSES[kind](caller, plate)


def alternative(caller: Caller, kind: str, plate: str) -> int:
    """The same question to the plain table."""
    search = KINDS[kind](plate)
    sql, parameters = "SELECT * FROM plain_read WHERE true", []
    if caller.city_id is not None:
        sql += " AND city_id = %s"
        parameters.append(caller.city_id)
    for name, value in (("vehicle_color", search.vehicle_color), ("confidence", search.min_confidence)):
        if value is not None:
            sql += f" AND {name} {'>=' if name == 'confidence' else '='} %s"
            parameters.append(value)
    pattern = search.pattern
    if pattern is not None:
        text = "translate(plate, 'OQDILZSGB', '000112568')" if pattern.similar else "plate"
        sql += f" AND ({' OR '.join([f'{text} LIKE %s'] * len(pattern.variants))})"
        parameters += [to_like(variant) for variant in pattern.variants]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY captured_at DESC, id DESC LIMIT {PAGE + 1}", parameters)
        return len(cursor.fetchall())


def make_alternative() -> bool:
    """Fill the plain table with the same reads; True if the server has pg_trgm."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS plain_read")
        cursor.execute("CREATE TABLE plain_read AS SELECT * FROM lpr_plateread ORDER BY captured_at, id")
        cursor.execute("ALTER TABLE plain_read ADD PRIMARY KEY (id)")
        cursor.execute("CREATE UNIQUE INDEX ON plain_read (city_id, node_id, seq)")
        cursor.execute("CREATE INDEX ON plain_read (city_id, captured_at DESC, id DESC)")
        cursor.execute("CREATE INDEX ON plain_read (captured_at DESC, id DESC)")
        cursor.execute("CREATE INDEX ON plain_read (plate text_pattern_ops, captured_at DESC)")
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        has_trigrams = bool(cursor.fetchone()[0])
        if has_trigrams:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute("CREATE INDEX ON plain_read USING gin (plate gin_trgm_ops)")
        cursor.execute("VACUUM ANALYZE plain_read")
    return has_trigrams


def sample_plates(count: int, seed: int) -> list[tuple[int, str]]:
    """City and plate of reads by chance: a plate is asked for as often as it is read."""
    with connection.cursor() as cursor:
        rng = random.Random(seed)  # noqa: S311 - the same questions in every run
        found: list[tuple[int, str]] = []
        # By time, because that is what the rows are indexed by.
        cursor.execute("SELECT min(captured_at), max(captured_at) FROM lpr_plateread")
        first, last = cursor.fetchone()
        while len(found) < count:
            at = first + (last - first) * rng.random()
            cursor.execute(
                "SELECT city_id, plate FROM lpr_plateread WHERE captured_at >= %s"
                " ORDER BY captured_at LIMIT 1",
                [at],
            )
            row = cursor.fetchone()
            if row and len(row[1]) == 7:
                found.append(row)
    return found


def times_ms(
    ask: Callable[[Caller, str, str], object], kind: str, plates: list[tuple[int, str]]
) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # connecting anew after a restart is not searching
    times = []
    for number, (city_id, plate) in enumerate(plates):
        caller = Caller(Role.GESTOR, city_id) if number % 2 else Caller(Role.ADMIN, None)
        began = time.perf_counter()
        ask(caller, kind, plate)
        times.append((time.perf_counter() - began) * 1000)
        if sum(times) > ENOUGH_S * 1000 and len(times) >= FEWEST:
            break
    return times
