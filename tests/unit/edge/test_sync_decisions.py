"""What is published next: the newest overtakes a backlog, nothing twice at once, never too much."""

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.sync.domain import pick_batch, supersedes
from tests.unit.edge.builders import desired_state

waiting = st.sets(st.integers(1, 200), max_size=80)


@given(waiting, st.data(), st.integers(0, 10), st.integers(10, 40))
def test_a_batch_is_ascending_within_its_limit_and_repeats_nothing(
    queued: set[int], data: st.DataObject, live: int, limit: int
) -> None:
    in_flight = data.draw(st.sets(st.sampled_from(sorted(queued)))) if queued else set()
    newest, oldest = sorted(queued, reverse=True), sorted(queued)
    batch = pick_batch(newest, oldest, in_flight, live, limit)
    assert batch == sorted(set(batch))
    assert len(batch) == min(limit, len(queued - in_flight))
    assert set(batch) <= queued - in_flight
    free = sorted(queued - in_flight)
    assert set(free[len(free) - min(live, len(free)) :]) <= set(batch), "a new event waits behind the backlog"
    backlog = len(batch) - min(live, len(free))
    assert set(free[:backlog]) <= set(batch), "the backlog drains from its oldest end"


def test_after_a_week_offline_the_newest_read_goes_with_the_first_batch() -> None:
    week = list(range(1, 100_001))
    batch = pick_batch(week[:-101:-1], week[:500], set(), live=100, limit=500)
    assert batch[-1] == 100_000
    assert batch[:400] == week[:400]


def test_only_a_higher_revision_is_applied() -> None:
    assert supersedes(desired_state(1), None)
    assert supersedes(desired_state(2), desired_state(1))
    assert not supersedes(desired_state(2), desired_state(2))
    assert not supersedes(desired_state(1), desired_state(2))
