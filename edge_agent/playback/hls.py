"""HLS media playlists (RFC 8216) over recording files, as pure functions.

Nothing is copied: every entry is a byte range of a recording file, and the
file's own initialisation section is its EXT-X-MAP. URIs are relative
(`segments/<id>.mp4`), so the same playlist serves on the LAN and through the
relay. EXT-X-PROGRAM-DATE-TIME carries the box's wall clock; where footage does
not continue, EXT-X-DISCONTINUITY does.
"""

from collections.abc import Iterator, Sequence

from edge_agent.clock import to_datetime
from edge_agent.recording.domain import GAP_US, Fragment, LiveFragment, Segment

CONTENT_TYPE = "application/vnd.apple.mpegurl"
MEDIA_TYPE = "video/mp4"


def playback_playlist(segments: Sequence[Segment], complete: bool) -> str:
    """A period's playlist: VOD when the period is over, else EVENT, which players poll as it grows."""
    fragments = [fragment for segment in segments for fragment in segment.fragments]
    lines = _header(fragments)
    lines.append(f"#EXT-X-PLAYLIST-TYPE:{'VOD' if complete else 'EVENT'}")
    lines.append("#EXT-X-MEDIA-SEQUENCE:0")
    previous: tuple[Segment, Fragment] | None = None
    for segment in segments:
        if previous is not None and _breaks(previous, segment):
            lines.append("#EXT-X-DISCONTINUITY")
        lines.extend(_map(segment))
        for fragment in segment.fragments:
            lines.extend(_entry(segment, fragment, dated=fragment is segment.fragments[0]))
            previous = (segment, fragment)
    if complete:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def live_playlist(tail: Sequence[LiveFragment]) -> str:
    """The newest fragments of a camera as a sliding live playlist."""
    lines = _header([live.fragment for live in tail])
    lines.append(f"#EXT-X-MEDIA-SEQUENCE:{tail[0].number}")
    lines.append(f"#EXT-X-DISCONTINUITY-SEQUENCE:{tail[0].discontinuities}")
    previous = None
    for live in tail:
        if previous is not None and live.discontinuities != previous.discontinuities:
            lines.append("#EXT-X-DISCONTINUITY")
        if previous is None or live.segment.start_us != previous.segment.start_us:
            lines.extend(_map(live.segment))
        lines.extend(_entry(live.segment, live.fragment, dated=True))
        previous = live
    return "\n".join(lines) + "\n"


def _header(fragments: Sequence[Fragment]) -> list[str]:
    # Rounded, as the RFC compares it (4.3.3.1): a camera's jitter must not change it from reload to reload.
    longest_s = round(max(fragment.duration_us for fragment in fragments) / 1_000_000)
    return [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, longest_s)}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]


def _breaks(previous: tuple[Segment, Fragment], segment: Segment) -> bool:
    """Whether a segment does not continue the media timeline of what came before."""
    earlier, fragment = previous
    return earlier.run_us != segment.run_us or segment.start_us - fragment.end_us > GAP_US


def _uri(segment: Segment) -> str:
    return f"segments/{segment.start_us}.mp4"


def _map(segment: Segment) -> Iterator[str]:
    yield f'#EXT-X-MAP:URI="{_uri(segment)}",BYTERANGE="{segment.init_bytes}@0"'


def _entry(segment: Segment, fragment: Fragment, dated: bool) -> Iterator[str]:
    if dated:
        yield f"#EXT-X-PROGRAM-DATE-TIME:{_rfc3339(fragment.start_us)}"
    yield f"#EXTINF:{fragment.duration_us / 1_000_000:.6f},"
    yield f"#EXT-X-BYTERANGE:{fragment.size_bytes}@{fragment.offset}"
    yield _uri(segment)


def _rfc3339(instant_us: int) -> str:
    return to_datetime(instant_us).isoformat(timespec="milliseconds").replace("+00:00", "Z")
