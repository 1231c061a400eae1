"""The merged spans are those of the files, whatever is recorded and purged in whatever order."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_agent.recording.index import RecordingIndex
from tests.unit.edge.builders import NOON_US, SECOND, segment

#: Minutes that are recorded, with pauses shorter and longer than a gap.
PAUSES_US = st.sampled_from([0, SECOND, 1_400_000, 1_600_000, 10 * SECOND])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.tuples(st.integers(1, 3), PAUSES_US), min_size=1, max_size=12),
    chosen=st.data(),
)
def test_coverage_is_the_union_of_the_rows(
    index: RecordingIndex, parts: list[tuple[int, int]], chosen: st.DataObject
) -> None:
    index.purge(index.oldest(1000), "retention")
    at_us = NOON_US
    for seconds, pause_us in parts:
        index.store_segment(segment(at_us, seconds))
        at_us += seconds * SECOND + pause_us
        assert not index.coverage_differs()
    for victim in chosen.draw(st.permutations(index.oldest(1000))):
        index.purge([victim], "retention")
        assert not index.coverage_differs()
    assert index.spans("cam1", 0, 2**60) == []


def test_a_coarse_timeline_leaves_out_small_gaps(index: RecordingIndex) -> None:
    for n in range(10):
        index.store_segment(segment(NOON_US + n * 10 * SECOND, 7))
    assert len(index.spans("cam1", 0, 2**60)) == 10
    (whole,) = index.spans("cam1", 0, 2**60, resolution_us=3 * SECOND)
    assert (whole.start_us, whole.end_us) == (NOON_US, NOON_US + 97 * SECOND)


def test_a_database_without_coverage_gets_it_from_its_rows(index: RecordingIndex, tmp_path: Path) -> None:
    for n in (0, 1, 5):
        index.store_segment(segment(NOON_US + n * 60 * SECOND, 60))
    before = index.spans("cam1", 0, 2**60)
    index.ensure_coverage(anew=True)
    assert index.spans("cam1", 0, 2**60) == before
    assert len(before) == 2
