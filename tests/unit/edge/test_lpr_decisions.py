"""What the box makes of cameras' clocks, of repeats, and of the watchlist, without a database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.clock import to_datetime
from edge_agent.lpr.clocks import OFF_US, CameraClock
from edge_agent.lpr.grouping import SAME_PLATE_US, Groups
from edge_agent.lpr.watch import Watchlist, alarm_text
from protocol.messages import PlateRead, WatchlistEntry
from protocol.plates import matches, parse_pattern
from tests.unit.edge.builders import HOUR, MINUTE, NOON, NOON_US, SECOND, vendor_read

plates = st.from_regex(r"[A-C]{1}[O0B8]{2}[0-1][A-D0-3][0-1]{2}", fullmatch=True)


# --- clocks -----------------------------------------------------------------------


@given(
    st.integers(-12 * HOUR, 12 * HOUR),
    st.lists(
        st.tuples(st.integers(5 * SECOND, 10 * MINUTE), st.integers(0, SECOND)), min_size=20, max_size=40
    ),
)
def test_a_steady_difference_is_the_clocks(offset_us: int, pushes: list[tuple[int, int]]) -> None:
    """Whatever the traffic: reads minutes apart, each pushed within a second."""
    clock, now_us = CameraClock(), NOON_US
    for pause_us, delay_us in pushes:
        now_us += pause_us
        clock.observe(now_us - delay_us - offset_us, now_us)
    assert clock.offset_us is not None
    assert 0 <= clock.offset_us - offset_us <= SECOND
    captured_us, off = clock.judge(now_us - offset_us, now_us)
    assert off == (abs(clock.offset_us) > OFF_US)
    assert abs(captured_us - now_us) <= (SECOND if off else OFF_US)


@given(st.integers(MINUTE, 6 * 24 * HOUR), st.integers(10 * SECOND, HOUR))
def test_a_backlog_is_no_wrong_clock(outage_us: int, between_us: int) -> None:
    """A camera whose network was down pushes what it kept, five a second."""
    clock = CameraClock()
    for number in range(200):
        captured_us = min(NOON_US - outage_us + number * between_us, NOON_US)
        received_us = NOON_US + number * SECOND // 5
        clock.observe(captured_us, received_us)
        assert clock.judge(captured_us, received_us) == (captured_us, False)


def test_a_clock_that_is_set_right_is_trusted_again() -> None:
    clock = CameraClock()
    for number in range(30):
        clock.observe(NOON_US + number * MINUTE - 3 * HOUR, NOON_US + number * MINUTE)
    assert clock.off
    clock.observe(NOON_US + 30 * MINUTE, NOON_US + 30 * MINUTE)
    for number in range(31, 60):
        clock.observe(NOON_US + number * MINUTE, NOON_US + number * MINUTE)
    assert not clock.off


def test_a_clock_that_is_set_wrong_shows_within_ten_pushes() -> None:
    clock = CameraClock()
    for number in range(30):
        clock.observe(NOON_US + number * MINUTE, NOON_US + number * MINUTE)
    for number in range(30, 39):
        clock.observe(NOON_US + number * MINUTE - 3 * HOUR, NOON_US + number * MINUTE)
    assert clock.offset_us == 3 * HOUR


def test_two_late_pushes_are_no_wrong_clock() -> None:
    clock = CameraClock()
    for number in range(2):
        clock.observe(NOON_US + number * MINUTE - 10 * SECOND, NOON_US + number * MINUTE)
    assert not clock.off


# --- groups -----------------------------------------------------------------------


@given(st.lists(st.tuples(plates, st.integers(0, 60)), max_size=30))
def test_every_untracked_read_is_in_one_group_and_none_is_dropped(seen: list[tuple[str, int]]) -> None:
    groups, sizes = Groups(), dict[str, int]()
    for number, (plate, second) in enumerate(seen):
        group = groups.place(f"r{number}", vendor_read(f"e{number}", plate), NOON_US + second * SECOND)
        assert group is not None
        sizes[group.id] = sizes.get(group.id, 0) + 1
        assert group.size == sizes[group.id]
    assert sum(sizes.values()) == len(seen)


@pytest.mark.parametrize(("after_us", "same"), [(SAME_PLATE_US, True), (SAME_PLATE_US + 1, False)])
def test_a_repeat_is_one_within_seconds(after_us: int, same: bool) -> None:
    groups = Groups()
    groups.place("r1", vendor_read("e1"), NOON_US)
    group = groups.place("r2", vendor_read("e2"), NOON_US + after_us)
    assert group is not None
    assert (group.id == "r1") == same


def test_two_cars_that_the_camera_tells_apart_are_two_groups() -> None:
    groups = Groups()
    groups.place("r1", vendor_read("e1", track="7"), NOON_US)
    group = groups.place("r2", vendor_read("e2", track="8"), NOON_US + SECOND)
    assert group is not None
    assert group.id == "r2"


# --- the watchlist ------------------------------------------------------------------


@given(
    st.lists(st.tuples(plates | st.sampled_from(["A*", "?B*", "*00", "AB?1*"]), st.booleans()), max_size=8),
    plates,
)
def test_the_list_finds_exactly_what_its_patterns_mean(listed: list[tuple[str, bool]], plate: str) -> None:
    entries = [
        WatchlistEntry(f"w{number}", pattern, "wanted", tolerant=tolerant)
        for number, (pattern, tolerant) in enumerate(listed)
    ]
    found = {entry.id for entry in Watchlist(entries).entries_of(plate, NOON)}
    expected = {
        entry.id for entry in entries if matches(parse_pattern(entry.pattern), plate, tolerant=entry.tolerant)
    }
    assert found == expected


@pytest.mark.parametrize(
    ("hours_from", "hours_until", "found"),
    [
        (None, None, True),
        (-1, 1, True),
        (0, None, True),
        (None, 0, False),
        (1, None, False),
        (None, -1, False),
    ],
)
def test_an_entry_counts_while_it_is_valid(
    hours_from: int | None, hours_until: int | None, found: bool
) -> None:
    entry = WatchlistEntry(
        "w1",
        "abc-1d23",
        "stolen",
        valid_from=None if hours_from is None else NOON + timedelta(hours=hours_from),
        valid_until=None if hours_until is None else NOON + timedelta(hours=hours_until),
    )
    assert bool(Watchlist([entry]).entries_of("ABC1323", NOON)) == found


def test_an_entry_that_nobody_understands_is_said_and_spoils_no_other() -> None:
    watchlist = Watchlist([WatchlistEntry("w1", "%%", "stolen"), WatchlistEntry("w2", "ABC1D23", "stolen")])
    assert [entry.id for entry in watchlist.invalid] == ["w1"]
    assert [entry.id for entry in watchlist.entries_of("ABC1D23", NOON)] == ["w2"]


def test_a_guard_is_told_what_and_where_and_why_in_portuguese() -> None:
    read = PlateRead("r1", "cam1", "ABC1D23", NOON, to_datetime(NOON_US), "axis")
    stolen = WatchlistEntry("w1", "ABC1D23", "stolen", "BO 12/2025")
    allowed = WatchlistEntry("w2", "ABC1D23", "authorised", "frota")
    text = alarm_text(read, [stolen, allowed], "Praça")
    assert text == "Veículo roubado ou furtado: placa ABC1D23 em Praça (BO 12/2025)."
    assert alarm_text(read, [allowed], "Praça") == ""
