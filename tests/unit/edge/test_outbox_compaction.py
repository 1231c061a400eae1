"""A box without its hub for months tells what happened with few events; the hub ends where it would have."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central_hub.streaming import domain as hub
from central_hub.streaming.domain import CoverageChange, Span, after_changes
from edge_agent.backup import backup
from edge_agent.config import DataFolder
from edge_agent.recording.index import RecordingIndex
from edge_agent.store import Store
from edge_agent.sync import compaction
from edge_agent.sync.compaction import CoverageEvent
from edge_agent.sync.outbox import PUBLISHED_STEP, Outbox, append
from protocol.messages import CameraStatus, CoverageSpan, Purged, decode_event
from protocol.topics import Stream
from tests.unit.edge.builders import NOON_US, SECOND, segment

NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
CAMERAS = ("cam1", "cam2")


def recorded(first_s: float, last_s: float, camera: str = "cam1", size_bytes: int = 10) -> CoverageSpan:
    return CoverageSpan(camera, at(first_s), at(last_s), size_bytes)


def purged(first_s: float, last_s: float, reason: str = "retention", camera: str = "cam1") -> Purged:
    return Purged(camera, at(first_s), at(last_s), reason)  # type: ignore[arg-type]


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def at_hub(events: list[CoverageEvent], held: dict[str, list[Span]] | None = None) -> dict[str, list[Span]]:
    """What the hub shows of each camera after these events, by the hub's own rules."""
    return {
        camera: after_changes(
            (held or {}).get(camera, []),
            [
                CoverageChange(seq, Span(event.start, event.end), isinstance(event, Purged))
                for seq, event in enumerate(events)
                if event.camera == camera
            ],
        )
        for camera in CAMERAS
    }


def waiting(store: Store, stream: Stream = Stream.COVERAGE) -> list[tuple[int, CoverageEvent]]:
    outbox = Outbox(store)
    return [
        (event.seq, decode_event(event.data, CoverageSpan, Purged))
        for event in outbox.load(stream, outbox.ends(stream, 0, 100_000)[1])
    ]


def tell(store: Store, *events: msgspec.Struct, stream: Stream = Stream.COVERAGE) -> None:
    with store.transaction() as transaction:
        for event in events:
            append(transaction, stream, event)


# Half seconds: near enough to one another for the hub to join spans, and not to. Holes are larger than
# what it joins: a smaller one is filled there by the next recording of the camera, whichever that is.
half_seconds = st.integers(0, 60).map(lambda number: number / 2)
any_events = st.lists(
    st.tuples(
        st.sampled_from(CAMERAS),
        half_seconds,
        st.integers(1, 30),
        st.sampled_from(["recorded", "retention", "disk-floor", "missing"]),
    ),
    max_size=16,
).map(
    lambda made: [
        recorded(first, first + halves / 2, camera)
        if kind == "recorded"
        else purged(first, first + 2 + halves / 2, kind, camera)
        for camera, first, halves, kind in made
    ]
)


@settings(max_examples=300, deadline=None)
@given(before=any_events, made=any_events)
def test_the_hub_shows_the_same_whatever_it_held_before(
    before: list[CoverageEvent], made: list[CoverageEvent]
) -> None:
    held = at_hub(before)
    assert at_hub(compaction.coverage(made), held) == at_hub(made, held)


@settings(max_examples=300, deadline=None)
@given(any_events, any_events)
def test_what_was_compacted_is_compacted_again(first: list[CoverageEvent], more: list[CoverageEvent]) -> None:
    once = compaction.coverage(first)
    assert len(once) <= len(first)
    assert at_hub(compaction.coverage([*once, *more])) == at_hub([*first, *more])


@given(any_events)
def test_when_a_full_disk_took_footage_early_is_still_said(made: list[CoverageEvent]) -> None:
    def forced_out(events: list[CoverageEvent]) -> list[datetime]:
        return [e.end for e in events if isinstance(e, Purged) and e.reason == "disk-floor"]

    assert max(forced_out(compaction.coverage(made)), default=None) == max(forced_out(made), default=None)


def test_spans_are_joined_as_the_hub_joins_them() -> None:
    assert compaction.JOIN_WITHIN == hub.JOIN_WITHIN


def test_a_month_of_minutes_is_one_event_of_all_its_bytes() -> None:
    minutes = [recorded(60 * n, 60 * n + 59.8) for n in range(30 * 24 * 60)]
    (whole,) = compaction.coverage(minutes)
    assert whole == recorded(0, 30 * 86_400 - 0.2, size_bytes=10 * len(minutes))


def test_a_ring_that_records_and_purges_in_turns_is_two_events() -> None:
    ring: list[CoverageEvent] = []
    for n in range(1000, 3000):
        ring += [recorded(60 * n, 60 * n + 60), purged(60 * (n - 1000) - 2, 60 * (n - 1000) + 60)]
    assert [type(event) for event in compaction.coverage(ring)] == [CoverageSpan, Purged]


def test_what_was_recorded_and_purged_meanwhile_is_not_spoken_of() -> None:
    made = [recorded(0, 60), recorded(600, 660), purged(-2, 662)]
    assert compaction.coverage(made) == [purged(-2, 662)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.sampled_from(["record", "pause", "oldest", "floor", "any", "compact"]), min_size=4, max_size=40
    ),
    chosen=st.data(),
)
def test_a_real_boxs_events_say_what_it_holds_after_any_number_of_compactions(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], chosen: st.DataObject
) -> None:
    """The index makes the events; the same box tells them all to one hub and compacted to another."""
    folder = tmp_path_factory.mktemp("box")
    store, full = Store(folder / "edge.db"), Full()
    try:
        index = RecordingIndex(store, folder, None)  # type: ignore[arg-type]
        now_us = NOON_US
        for step in steps:
            if step == "record":
                length_s = chosen.draw(st.integers(3, 60))
                index.store_segment(segment(now_us, length_s))
                now_us += length_s * SECOND
            elif step == "pause":
                now_us += chosen.draw(st.integers(1, 40)) * SECOND // 10 * 10
            elif step == "compact":
                full.note(store)
                Outbox(store).compact(Stream.COVERAGE)
                full.compacted(store)
            else:
                gone = index.oldest(3 if step == "oldest" else 1)
                if step == "any" and gone:
                    gone = [chosen.draw(st.sampled_from(index.oldest(100)))]
                index.purge(gone, "disk-floor" if step == "floor" else "retention")
        full.note(store)
        Outbox(store).compact(Stream.COVERAGE)
        fewer = waiting(store)
        assert at_hub([event for _, event in fewer]) == at_hub(full.events)
        assert all(after == before + 1 for before, after in pairwise(seq for seq, _ in fewer)), "a hole"
    finally:
        store.close()


class Full:
    """Every event that a box made, also those that it compacted away."""

    def __init__(self) -> None:
        self.events: list[CoverageEvent] = []
        self._noted = 0

    def note(self, store: Store) -> None:
        told = waiting(store)
        self.events += [event for _, event in told[self._noted :]]
        self._noted = len(told)

    def compacted(self, store: Store) -> None:
        self._noted = len(waiting(store))


# --- in the outbox -------------------------------------------------------------


def test_nothing_that_may_have_been_published_is_touched(store: Store, outbox: Outbox) -> None:
    tell(store, *(recorded(60 * n, 60 * n + 60) for n in range(3)))
    outbox.note_published(Stream.COVERAGE, 3)
    tell(store, *(recorded(60 * n, 60 * n + 60) for n in range(3, PUBLISHED_STEP + 10)))
    before = waiting(store)
    assert outbox.compact(Stream.COVERAGE) == 6
    after = waiting(store)
    assert after[: PUBLISHED_STEP + 3] == before[: PUBLISHED_STEP + 3]
    assert [seq for seq, _ in after[PUBLISHED_STEP + 3 :]] == [PUBLISHED_STEP + 4]


def test_the_numbers_go_on_without_a_hole(store: Store, outbox: Outbox) -> None:
    for _ in range(3):
        tell(store, recorded(0, 60), recorded(60, 120), recorded(60, 120, "cam2"))
        outbox.compact(Stream.COVERAGE)
        assert [seq for seq, _ in waiting(store)] == [1, 2]


def test_a_restored_backup_compacts_nothing_that_the_box_may_have_told_since(
    store: Store, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path)
    folder.identity.mkdir()
    assert folder.database == tmp_path / "edge.db"
    tell(store, recorded(0, 60), recorded(60, 120))
    backup(folder, tmp_path / "copy")
    restored = Store(tmp_path / "copy" / "edge.db")
    assert Outbox(restored).compact(Stream.COVERAGE) == 0
    restored.close()


def test_what_an_older_version_left_waiting_is_not_touched(tmp_path: Path) -> None:
    store = Store(tmp_path / "old.db")
    tell(store, recorded(0, 60), recorded(60, 120))
    with store.transaction() as transaction:
        transaction.execute("ALTER TABLE stream_seq DROP COLUMN published")
        transaction.execute("PRAGMA user_version=5")
    store.close()
    store = Store(tmp_path / "old.db")
    assert Outbox(store).compact(Stream.COVERAGE) == 0
    tell(store, recorded(120, 180), recorded(180, 240))
    assert Outbox(store).compact(Stream.COVERAGE) == 1
    store.close()


def test_of_a_cameras_states_the_newest_stays_and_when_it_was_seen(store: Store, outbox: Outbox) -> None:
    states: list[CameraStatus] = [
        CameraStatus(camera, "online" if n % 2 else "offline", at(n), f"{n}")
        for n in range(9)
        for camera in CAMERAS
    ]
    tell(store, *states, stream=Stream.CAMERA_STATUS)
    outbox.compact(Stream.CAMERA_STATUS)
    left = outbox.load(Stream.CAMERA_STATUS, outbox.ends(Stream.CAMERA_STATUS, 0, 100)[1])
    told = [(e.camera, e.reason) for e in (decode_event(event.data, CameraStatus) for event in left)]
    assert told == [("cam1", "7"), ("cam1", "8"), ("cam2", "7"), ("cam2", "8")]


def test_what_people_did_and_what_cameras_read_is_never_compacted() -> None:
    assert set(compaction.COMPACTORS) == {Stream.COVERAGE, Stream.CAMERA_STATUS}


def test_a_fact_that_comes_while_it_is_compacted_is_kept(
    store: Store, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_meanwhile(events: list[CoverageEvent]) -> list[CoverageEvent]:
        tell(store, recorded(300, 360))
        return compaction.coverage(events)

    tell(store, recorded(0, 60), recorded(60, 120))
    monkeypatch.setitem(compaction.COMPACTORS, Stream.COVERAGE, and_meanwhile)  # type: ignore[arg-type]
    outbox.compact(Stream.COVERAGE)
    assert waiting(store) == [(1, recorded(0, 120, size_bytes=20)), (2, recorded(300, 360))]
    tell(store, recorded(400, 460))
    assert waiting(store)[-1][0] == 3
