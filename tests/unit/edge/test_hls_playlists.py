"""Playlists that a player understands: every byte of the footage once, in order, with its wall-clock time."""

import math
from dataclasses import dataclass, field, replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.clock import to_us
from edge_agent.playback.hls import live_playlist, playback_playlist
from edge_agent.recording.domain import GAP_US, Fragment, LiveFragment, Segment
from tests.unit.edge.builders import MINUTE, NOON_US, SECOND, segment


@dataclass
class Entry:
    """One media segment of a parsed playlist."""

    uri: str
    offset: int
    length: int
    duration_s: float
    map: str
    discontinuity: bool
    at: datetime | None


@dataclass
class Playlist:
    """The parts of an HLS playlist (RFC 8216) that players depend on."""

    tags: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    ended: bool = False


def parse(text: str) -> Playlist:
    lines = text.splitlines()
    assert lines[0] == "#EXTM3U"
    assert text.endswith("\n")
    playlist, pending = Playlist(), {}
    current_map = ""
    for line in lines[1:]:
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-MAP":
            current_map = value
        elif tag in ("#EXTINF", "#EXT-X-BYTERANGE", "#EXT-X-PROGRAM-DATE-TIME", "#EXT-X-DISCONTINUITY"):
            assert tag not in pending, f"{tag} twice before one entry"
            pending[tag] = value
        elif tag == "#EXT-X-ENDLIST":
            playlist.ended = True
        elif tag.startswith("#"):
            playlist.tags[tag] = value
        else:
            length, _, offset = pending["#EXT-X-BYTERANGE"].partition("@")
            at = pending.get("#EXT-X-PROGRAM-DATE-TIME")
            entry = Entry(
                uri=line,
                offset=int(offset),
                length=int(length),
                duration_s=float(pending["#EXTINF"].rstrip(",")),
                map=current_map,
                discontinuity="#EXT-X-DISCONTINUITY" in pending,
                at=datetime.fromisoformat(at) if at else None,
            )
            playlist.entries.append(entry)
            pending = {}
    assert not pending, "tags without an entry at the end"
    return playlist


def test_a_period_that_is_over_is_a_finished_recording() -> None:
    playlist = parse(playback_playlist([segment(NOON_US, 3)], complete=True))
    assert playlist.tags["#EXT-X-PLAYLIST-TYPE"] == "VOD"
    assert playlist.ended


def test_a_period_that_still_grows_is_polled() -> None:
    playlist = parse(playback_playlist([segment(NOON_US, 3)], complete=False))
    assert playlist.tags["#EXT-X-PLAYLIST-TYPE"] == "EVENT"
    assert playlist.tags["#EXT-X-MEDIA-SEQUENCE"] == "0"
    assert not playlist.ended


def test_every_fragment_is_listed_once_with_its_bytes_and_its_files_initialisation() -> None:
    first = segment(NOON_US, 2)
    second = segment(NOON_US + 2 * SECOND, 2, run_us=first.run_us)
    playlist = parse(playback_playlist([first, second], complete=True))
    assert [(e.uri, e.offset, e.length) for e in playlist.entries] == [
        (f"segments/{NOON_US}.mp4", 100, 10),
        (f"segments/{NOON_US}.mp4", 110, 10),
        (f"segments/{NOON_US + 2 * SECOND}.mp4", 100, 10),
        (f"segments/{NOON_US + 2 * SECOND}.mp4", 110, 10),
    ]
    assert [e.map for e in playlist.entries] == [f'URI="{e.uri}",BYTERANGE="100@0"' for e in playlist.entries]


def test_each_file_says_its_wall_clock_time_in_utc() -> None:
    playlist = parse(playback_playlist([segment(NOON_US, 2), segment(NOON_US + MINUTE, 2)], complete=True))
    dated = [to_us(e.at) for e in playlist.entries if e.at]
    assert dated == [NOON_US, NOON_US + MINUTE]
    assert "2025-11-24T15:00:00.000Z" in playback_playlist([segment(NOON_US, 1)], complete=True)


def test_a_file_that_continues_the_run_is_no_discontinuity() -> None:
    first = segment(NOON_US, 60)
    second = segment(NOON_US + MINUTE, 60, run_us=first.run_us)
    playlist = parse(playback_playlist([first, second], complete=True))
    assert not any(entry.discontinuity for entry in playlist.entries)


def test_a_gap_and_a_new_run_are_discontinuities() -> None:
    first = segment(NOON_US, 60)
    after_gap = segment(NOON_US + MINUTE + GAP_US + 1, 60, run_us=first.run_us)
    new_run = segment(after_gap.end_us, 60)
    playlist = parse(playback_playlist([first, after_gap, new_run], complete=True))
    assert [n for n, entry in enumerate(playlist.entries) if entry.discontinuity] == [60, 120]


@given(st.lists(st.integers(1, 20_000_000), min_size=1, max_size=20))
def test_no_entry_is_longer_than_the_target_duration(durations_us: list[int]) -> None:
    parts, at_us = [], NOON_US
    for number, duration_us in enumerate(durations_us):
        parts.append(Fragment(100 + number, 1, at_us, duration_us))
        at_us += duration_us
    playlist = parse(playback_playlist([replace(segment(NOON_US, 1), fragments=tuple(parts))], complete=True))
    target = int(playlist.tags["#EXT-X-TARGETDURATION"])
    assert all(round(entry.duration_s) <= target for entry in playlist.entries)
    assert target <= max(1, math.ceil(max(durations_us) / SECOND))
    assert math.isclose(sum(e.duration_s for e in playlist.entries), sum(durations_us) / SECOND, abs_tol=1e-4)


def live(number: int, of: Segment, place: int, discontinuities: int = 0) -> LiveFragment:
    return LiveFragment(number, discontinuities, replace(of, fragments=()), of.fragments[place])


def test_the_live_playlist_slides_with_the_newest_fragments() -> None:
    minute = segment(NOON_US, 60)
    playlist = parse(live_playlist([live(n, minute, n) for n in range(48, 60)]))
    assert playlist.tags["#EXT-X-MEDIA-SEQUENCE"] == "48"
    assert playlist.tags["#EXT-X-DISCONTINUITY-SEQUENCE"] == "0"
    assert "#EXT-X-PLAYLIST-TYPE" not in playlist.tags
    assert not playlist.ended
    assert [to_us(e.at) for e in playlist.entries if e.at] == [NOON_US + n * SECOND for n in range(48, 60)]


def test_the_live_playlist_crosses_files_and_reconnects() -> None:
    first = segment(NOON_US, 60)
    second = segment(NOON_US + MINUTE, 60, run_us=first.run_us)
    reconnected = segment(NOON_US + 5 * MINUTE, 60)
    tail = [live(59, first, 59), live(60, second, 0), live(61, reconnected, 0, discontinuities=1)]
    playlist = parse(live_playlist(tail))
    assert [e.discontinuity for e in playlist.entries] == [False, False, True]
    assert len({e.map for e in playlist.entries}) == 3


def test_discontinuities_that_slid_out_are_counted_in_the_header() -> None:
    """RFC 8216, 6.2.2: else a player that reloads takes the timeline of one run for another's."""
    reconnected = segment(NOON_US, 60)
    playlist = parse(live_playlist([live(70 + n, reconnected, n, discontinuities=3) for n in range(3)]))
    assert playlist.tags["#EXT-X-DISCONTINUITY-SEQUENCE"] == "3"
    assert not any(entry.discontinuity for entry in playlist.entries)
