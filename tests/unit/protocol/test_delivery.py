"""Ranges of sequence numbers say exactly what they were made of: an ack covers no event that is not held."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from protocol.delivery import SeqRange, merge, settled_through, to_ranges

seqs = st.sets(st.integers(min_value=1, max_value=60))


def numbers(ranges: list[SeqRange]) -> set[int]:
    return {seq for low, high in ranges for seq in range(low, high + 1)}


def assert_shortest(ranges: list[SeqRange]) -> None:
    assert all(low <= high for low, high in ranges)
    assert all(high + 1 < low for (_, high), (low, _) in pairwise(ranges))


@given(seqs)
def test_ranges_cover_exactly_the_numbers_given(held: set[int]) -> None:
    ranges = to_ranges(held)
    assert numbers(ranges) == held
    assert_shortest(ranges)


@given(st.lists(st.integers(min_value=1, max_value=30)))
def test_order_and_repeats_do_not_matter(held: list[int]) -> None:
    assert to_ranges(held) == to_ranges(set(held))


@given(seqs, seqs, seqs)
def test_merged_acks_cover_exactly_what_any_of_them_covers(a: set[int], b: set[int], c: set[int]) -> None:
    merged = merge(to_ranges(a), to_ranges(b), to_ranges(c))
    assert merged == to_ranges(a | b | c)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9))))
def test_ranges_that_overlap_become_one(loose: list[tuple[int, int]]) -> None:
    ranges = [(low, low + length) for low, length in loose]
    merged = merge(ranges)
    assert numbers(merged) == numbers(ranges)
    assert_shortest(merged)


def test_nothing_held_is_no_range() -> None:
    assert to_ranges([]) == []
    assert merge() == []


@given(seqs, st.integers(1, 61))
def test_settled_is_what_no_event_can_come_before_any_more(held: set[int], oldest: int) -> None:
    """A box whose lowest waiting event is `oldest` may still send it, and all from there on."""
    settled = settled_through(to_ranges(held), oldest)
    may_come = set(range(oldest, 70)) - held
    assert min(may_come) == settled + 1
