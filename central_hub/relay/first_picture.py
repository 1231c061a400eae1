"""What a player asks for first, read out of the playlist that it gets: pure functions.

A player wants three things, one after the other: playlist, initialisation section, first fragment. On a far
line each is a round trip to the relay and on to the box. The relay asks the box for the last two while the
playlist is still on its way to the player (docs/adr/0048).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from protocol.uplink import GetMedia

#: More than a group of pictures of 2 s at 8 Mbit/s; what is larger is not held in memory before it is wanted.
MAX_AHEAD_BYTES = 4 * 1024 * 1024

_MAP = re.compile(r'#EXT-X-MAP:URI="segments/([0-9]+)\.mp4",BYTERANGE="([0-9]+)@([0-9]+)"')
_ENTRY = re.compile(
    r"(?:#EXT-X-PROGRAM-DATE-TIME:(?P<date>\S+)\n)?"
    r"#EXTINF:(?P<seconds>[0-9.]+),\n"
    r"#EXT-X-BYTERANGE:(?P<length>[0-9]+)@(?P<offset>[0-9]+)\n"
    r"segments/(?P<segment>[0-9]+)\.mp4"
)


@dataclass(frozen=True, slots=True)
class MediaRange:
    """Bytes of one recording file."""

    segment: int
    offset: int
    length: int

    def request(self, number: int) -> GetMedia:
        return GetMedia(number, self.segment, self.offset, self.length)


def first_asked(playlist: str, play_from: datetime | None) -> tuple[MediaRange, ...]:
    """The initialisation section and fragment of the first picture from `play_from`, or of the beginning.

    Nothing where the playlist has no such picture, is not as a box writes it, or the fragment is very large.
    """
    for end, media in _fragments(playlist):
        if play_from is None or end > play_from:
            init = _init_of(playlist, media.segment)
            return (init, media) if init and media.length <= MAX_AHEAD_BYTES else ()
    return ()


def _fragments(playlist: str) -> Iterator[tuple[datetime, MediaRange]]:
    """Each fragment with the instant at which it ends."""
    at: datetime | None = None
    for entry in _ENTRY.finditer(playlist):
        if entry["date"]:
            at = datetime.fromisoformat(entry["date"])
        if at is None:
            return
        at += timedelta(seconds=float(entry["seconds"]))
        yield at, MediaRange(int(entry["segment"]), int(entry["offset"]), int(entry["length"]))


def _init_of(playlist: str, segment: int) -> MediaRange | None:
    found = next((found for found in _MAP.finditer(playlist) if int(found[1]) == segment), None)
    return found and MediaRange(segment, int(found[3]), int(found[2]))
