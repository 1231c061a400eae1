"""What a player asks for first is found in the playlist as a box writes it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.relay.first_picture import MAX_AHEAD_BYTES, MediaRange, first_asked
from edge_agent.clock import to_datetime
from edge_agent.playback.hls import playback_playlist
from tests.unit.edge.builders import MINUTE, NOON_US, segment

FILES = [segment(NOON_US, 10), segment(NOON_US + MINUTE, 10)]
PLAYLIST = playback_playlist(FILES, complete=True)


def at(seconds: float) -> datetime:
    return to_datetime(NOON_US) + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("play_from", "file", "fragment"),
    [
        (None, 0, 0),
        (at(-3600), 0, 0),
        (at(0), 0, 0),
        (at(3.5), 0, 3),
        (at(4), 0, 4),
        (at(30), 1, 0),  # in a gap: the next picture
        (at(69.9), 1, 9),
    ],
)
def test_playing_begins_with_the_fragment_that_has_the_instant(
    play_from: datetime | None, file: int, fragment: int
) -> None:
    recorded = FILES[file]
    found = recorded.fragments[fragment]
    assert first_asked(PLAYLIST, play_from) == (
        MediaRange(recorded.start_us, 0, recorded.init_bytes),
        MediaRange(recorded.start_us, found.offset, found.size_bytes),
    )


@given(st.floats(min_value=-100, max_value=200, allow_nan=False))
def test_nothing_is_asked_that_the_playlist_does_not_name(seconds: float) -> None:
    named = {(file.start_us, f.offset, f.size_bytes) for file in FILES for f in file.fragments}
    for media in first_asked(PLAYLIST, at(seconds))[1:]:
        assert (media.segment, media.offset, media.length) in named


def test_past_the_last_picture_and_in_other_texts_there_is_nothing() -> None:
    assert first_asked(PLAYLIST, at(70)) == ()
    for text in ("", "#EXTM3U\n", PLAYLIST.replace("PROGRAM-DATE-TIME", "X"), PLAYLIST.replace("MAP", "X")):
        assert first_asked(text, None) == ()


def test_a_very_large_fragment_is_left_to_the_viewer() -> None:
    assert (
        first_asked(PLAYLIST.replace("EXT-X-BYTERANGE:10@", f"EXT-X-BYTERANGE:{MAX_AHEAD_BYTES + 1}@"), None)
        == ()
    )
