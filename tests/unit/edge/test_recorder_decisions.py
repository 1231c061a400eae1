"""The recorder's rules: footage never overlaps, never jumps back, and old footage goes in the right order."""

import random
import re

from hypothesis import example, given
from hypothesis import strategies as st

from edge_agent.recording.domain import (
    BACKOFF_MAX_S,
    GAP_US,
    MAX_DRIFT_US,
    SEGMENT_US,
    ClockOffset,
    Fragment,
    Segment,
    Span,
    StoredSegment,
    at_cut,
    backoff_s,
    first_anchor,
    redact_url,
    should_cut,
    spans,
    time_fault,
    to_purge,
)
from tests.unit.edge.builders import MINUTE, NOON_US, SECOND, segment

# --- clocks -----------------------------------------------------------------------

#: How the box's clock moved against the camera's during one segment: NTP steps included.
clock_steps = st.one_of(st.integers(-3600 * SECOND, 3600 * SECOND), st.integers(-3 * SECOND, 3 * SECOND))


@given(st.lists(st.tuples(clock_steps, st.booleans()), max_size=12), st.integers(0, 10**12))
def test_footage_never_overlaps_and_never_jumps_back_whatever_the_clock_does(
    history: list[tuple[int, bool]], media_us: int
) -> None:
    """Segments of a minute; after each, the clock steps, and perhaps the camera reconnects."""
    now_us, end_us = NOON_US, 0
    anchor = first_anchor(now_us, media_us, end_us)
    for step_us, reconnects in history:
        start_us = anchor.wall_us(media_us)
        assert start_us >= end_us, "a segment began before the one before it had ended"
        media_us += MINUTE
        now_us += MINUTE + step_us
        end_us = anchor.wall_us(media_us)
        assert end_us > start_us
        run_us = anchor.run_us
        if reconnects:
            anchor = first_anchor(now_us, media_us, end_us)
        else:
            anchor, _ = at_cut(anchor, media_us, now_us)
        continues = anchor.wall_us(media_us) == end_us
        assert continues or anchor.run_us != run_us, "a jump forward must be a new run"


@given(st.integers(0, 10**12), st.integers(-MAX_DRIFT_US * 2, MAX_DRIFT_US * 2))
def test_drift_is_the_boxs_clock_against_the_footages(media_us: int, drift_us: int) -> None:
    anchor = first_anchor(NOON_US, media_us, 0)
    later, found_us = at_cut(anchor, media_us + MINUTE, NOON_US + MINUTE + drift_us)
    assert found_us == drift_us
    assert (later != anchor) == (drift_us > MAX_DRIFT_US)
    if later != anchor:
        assert later.wall_us(media_us + MINUTE) == NOON_US + MINUTE + drift_us


def test_a_run_begins_now() -> None:
    anchor = first_anchor(NOON_US, 5 * SECOND, not_before_us=0)
    assert anchor.wall_us(5 * SECOND) == NOON_US == anchor.run_us


def test_a_run_after_the_clock_was_set_back_begins_where_the_footage_ends() -> None:
    anchor = first_anchor(NOON_US - 3600 * SECOND, 0, not_before_us=NOON_US)
    assert anchor.wall_us(0) == NOON_US


@given(st.lists(st.integers(0, 5 * SECOND), min_size=1, max_size=30))
def test_a_burst_of_late_packets_does_not_date_the_footage_late(delays_us: list[int]) -> None:
    """What was held up on the way says when it came, not when it was sent."""
    offset = ClockOffset()
    for number, delay_us in enumerate(delays_us):
        offset.add(NOON_US + number * 40_000 + delay_us, number * 40_000)
    assert offset.wall_us(0) == NOON_US + min(delays_us)


def test_the_offset_is_settled_after_a_second_or_a_clock_step() -> None:
    offset = ClockOffset()
    assert not offset.settled(NOON_US)
    offset.add(NOON_US, 0)
    assert not offset.settled(NOON_US + ClockOffset.SETTLE_US - 1)
    assert offset.settled(NOON_US + ClockOffset.SETTLE_US)
    assert offset.settled(NOON_US - 1), "else a clock that was set back would hold packets for ever"


def test_a_time_that_cannot_be_true_is_a_fault() -> None:
    ahead_us = NOON_US + MAX_DRIFT_US
    assert time_fault(NOON_US - 1, NOON_US, NOON_US, lead_us=0) is None
    assert time_fault(0, ahead_us, NOON_US, lead_us=0) is None
    assert "ahead" in (time_fault(0, ahead_us + 1, NOON_US, lead_us=0) or "")
    assert time_fault(0, ahead_us + 1, NOON_US, lead_us=1) is None, "the run itself began in the future"
    assert "backwards" in (time_fault(NOON_US, NOON_US, NOON_US, lead_us=0) or "")


def test_a_file_is_cut_at_the_first_keyframe_after_a_minute() -> None:
    assert not should_cut(NOON_US, NOON_US + SEGMENT_US - 1)
    assert should_cut(NOON_US, NOON_US + SEGMENT_US)


# --- reconnecting ---------------------------------------------------------------------


@given(st.integers(0, 10_000), st.integers())
def test_a_camera_is_tried_again_neither_at_once_nor_later_than_half_a_minute(
    failures: int, seed: int
) -> None:
    assert 0.2 <= backoff_s(failures, random.Random(seed)) <= BACKOFF_MAX_S


def test_the_pause_grows_with_failures_and_is_spread() -> None:
    def pauses(failures: int) -> list[float]:
        return [backoff_s(failures, random.Random(seed)) for seed in range(200)]

    assert max(pauses(0)) <= 1.0
    assert max(pauses(3)) <= 8.0
    assert max(pauses(10)) > 20.0
    assert len(set(pauses(10))) > 150, "a thousand cameras must not come back at the same instant"


# --- files and fragments ----------------------------------------------------------------


def test_a_segment_ends_with_its_last_fragment() -> None:
    minute = segment(NOON_US, 60)
    assert minute.end_us == NOON_US + MINUTE
    assert minute.size_bytes == 100 + 60 * 10
    assert Fragment(0, 1, 5, 7).end_us == 12


def test_a_segment_without_fragments_is_only_its_initialisation() -> None:
    empty = Segment("cam1", NOON_US, NOON_US, "x", init_bytes=100)
    assert (empty.end_us, empty.size_bytes) == (NOON_US, 100)


# --- timeline -----------------------------------------------------------------------------

some_spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 10)).map(
        lambda pair: Span(pair[0] * SECOND, (pair[0] + pair[1]) * SECOND)
    )
)


@given(some_spans)
def test_the_timeline_shows_all_footage_in_order_with_every_gap(found: list[Span]) -> None:
    shown = spans(found)
    for span in found:
        assert any(s.start_us <= span.start_us and span.end_us <= s.end_us for s in shown)
    for earlier, later in zip(shown, shown[1:], strict=False):  # noqa: RUF007 - reads as what it is
        assert later.start_us - earlier.end_us > GAP_US
    edges = {span.start_us for span in found} | {span.end_us for span in found}
    assert {s.start_us for s in shown} | {s.end_us for s in shown} <= edges


def test_a_hiccup_is_no_gap_but_a_lost_minute_is() -> None:
    hiccup = Span(MINUTE + GAP_US, 2 * MINUTE)
    late = Span(4 * MINUTE, 5 * MINUTE)
    assert spans([Span(0, MINUTE), hiccup, late]) == [Span(0, 2 * MINUTE), late]


# --- retention -----------------------------------------------------------------------------


def stored(minute: int, size_bytes: int = 10) -> StoredSegment:
    return StoredSegment("cam1", minute * MINUTE, (minute + 1) * MINUTE, size_bytes, f"{minute}.mp4")


def test_below_the_disk_floor_the_oldest_go_until_there_is_room() -> None:
    files = [stored(minute) for minute in range(10)]
    assert to_purge(files, missing_bytes=25) == files[:3]
    assert to_purge(files, missing_bytes=-1) == []


@given(st.lists(st.integers(1, 50), max_size=20), st.integers(-100, 1500))
def test_purging_frees_enough_with_no_file_too_many(sizes: list[int], missing: int) -> None:
    files = [stored(minute, size) for minute, size in enumerate(sizes)]
    victims = to_purge(files, missing)
    assert victims == files[: len(victims)], "the oldest go first"
    freed = sum(file.size_bytes for file in victims)
    assert freed >= missing or victims == files
    if victims:
        assert freed - victims[-1].size_bytes < missing, "the last file went for nothing"


# --- secrets --------------------------------------------------------------------------------

#: What people type into an RTSP address: everything printable but white space.
secret = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@given(user=secret, password=secret)
@example(user="admin", password="it's")
@example(user="admin", password='say"so')
@example(user="admin", password="p@ss")
def test_no_camera_password_survives_in_an_error_text(user: str, password: str) -> None:
    marked = f"{user}:SECRET{password}"
    text = redact_url(f"[Errno 111] Connection refused: 'rtsp://{marked}@10.0.0.9:554/h264'")
    assert "SECRET" not in text
    assert "10.0.0.9:554/h264" in text, "which camera it was must stay"


def test_text_without_credentials_stays_as_it_is() -> None:
    text = "Connection refused: 'rtsp://10.0.0.9/h264', ask ana@example.org"
    assert redact_url(text) == text
    two = "rtsp://a:b@h1/x then rtsp://c:d@h2/y, ask ana@example.org"
    assert re.findall(r"h\d", redact_url(two)) == ["h1", "h2"]
