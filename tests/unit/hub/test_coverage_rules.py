"""What a box holds, as its events tell it: whatever order they come in, the newest of them is true."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from central_hub.fleet.domain import promised_until
from central_hub.streaming.domain import CoverageChange, Span, after_changes, merge_spans, without_span
from protocol.delivery import settled_through, to_ranges

NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
MINUTES = 12


def span(first: int, last: int) -> Span:
    return Span(NOON + timedelta(minutes=first), NOON + timedelta(minutes=last))


def minutes(spans: list[Span]) -> set[int]:
    return {n for n in range(MINUTES) if any(s.start <= span(n, n + 1).start < s.end for s in spans)}


changes = st.lists(st.tuples(st.integers(0, MINUTES - 1), st.integers(1, 4), st.booleans()), max_size=14).map(
    lambda made: [
        CoverageChange(seq, span(first, min(first + length, MINUTES)), purged)
        for seq, (first, length, purged) in enumerate(made, 1)
    ]
)


def by_minute(made: list[CoverageChange]) -> set[int]:
    """The plain meaning: each minute is as the last event said that speaks of it."""
    held: set[int] = set()
    for change in made:
        spoken_of = minutes([change.span])
        held = held - spoken_of if change.purged else held | spoken_of
    return held


@given(changes)
def test_of_two_events_the_later_is_true(made: list[CoverageChange]) -> None:
    assert minutes(after_changes([], made)) == by_minute(made)
    assert after_changes([], made) == merge_spans(after_changes([], made)), "merged, in order"


@given(changes, st.data())
def test_late_and_repeated_events_end_in_the_same_place(
    made: list[CoverageChange], chosen: st.DataObject
) -> None:
    """The hub's way: what no earlier event can come before any more is worked in, the rest waits."""
    arrivals = chosen.draw(st.permutations([*made, *made]))
    settled: list[Span] = []
    waiting: dict[int, CoverageChange] = {}
    received: set[int] = set()
    for change in arrivals:
        if change.seq not in received:
            received.add(change.seq)
            waiting[change.seq] = change
        through = settled_through(to_ranges(received), oldest=1)
        due = [waiting.pop(seq) for seq in list(waiting) if seq <= through]
        settled = after_changes(settled, due)
        seen = [c for c in made if c.seq in received]
        assert minutes(after_changes(settled, waiting.values())) == by_minute(seen), "also while some wait"
    assert not waiting
    assert minutes(settled) == by_minute(made)


def test_a_hole_takes_the_inside_and_leaves_the_ends() -> None:
    assert without_span([span(0, 10)], span(3, 5)) == [span(0, 3), span(5, 10)]
    assert without_span([span(0, 4), span(6, 8)], span(3, 7)) == [span(0, 3), span(7, 8)]
    assert without_span([span(3, 5)], span(0, 10)) == []


def test_what_the_disk_took_is_told_for_as_long_as_the_plan_promises_it() -> None:
    assert promised_until(None, 7, NOON) is None
    taken = NOON - timedelta(days=3)
    assert promised_until(taken, 7, NOON) == taken
    assert promised_until(taken, 7, NOON + timedelta(days=4)) is None
