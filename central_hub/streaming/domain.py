"""The rules about recorded spans, camera states and playback periods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import get_args
from uuid import UUID

from central_hub.kernel import InvalidInput
from protocol.uplink import ADAPTIVE_PLAYLIST, Quality

#: What a camera can be. `unknown`: its box is not in contact, or has said nothing of it yet.
CAMERA_STATES = ("connecting", "online", "offline", "unknown")

#: What a recorder measures of a camera's stream: fields of protocol.messages.CameraHealth.
MEASURED = (
    "fps", "bitrate_bps", "gop_s", "reconnects", "clock_drift_ms", "packets_lost",
    "video_codec", "audio_codec", "width", "height",
)  # fmt: skip

#: Segments are cut on keyframes and follow one another; less than this between two is the cut, not a gap.
#: Cameras send a keyframe every 1-2 s.
JOIN_WITHIN = timedelta(seconds=2)

#: The longest footage one relay session may ask for.
MAX_PERIOD = timedelta(hours=1)

#: How long a relay session lives: its hour watched at normal speed, and as much again for pauses.
SESSION_LIFE = timedelta(hours=2)

#: How long somebody may watch a camera live before the hub is asked again whether he still may.
LIVE_LIFE = timedelta(hours=2)

#: A live uplink ends with its last viewer; this bounds only what was forgotten.
LIVE_UPLINK_LIFE = timedelta(hours=12)

#: A live session that nobody watches is over after this: the relay says who watches.
LIVE_IDLE = timedelta(minutes=2)

#: The box must have dialled by then; more than ten round trips of a bad link.
DIAL_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, order=True)
class Span:
    """Recorded from `start` up to `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class CoverageChange:
    """A box recorded a span, or holds nothing of it any more. Of two, that with the later `seq` is true."""

    seq: int
    span: Span
    purged: bool


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Their union, in order, with neighbours joined. Merging again what was merged changes nothing."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start - merged[-1].end <= JOIN_WITHIN:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end))
        else:
            merged.append(span)
    return merged


def clip_spans(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """The parts of the spans inside a period."""
    cut = (Span(max(span.start, since), min(span.end, until)) for span in spans)
    return [span for span in cut if span.start < span.end]


#: Footage this new may not have been told of yet: its camera's own box is the one that records it.
JUST_NOW = timedelta(minutes=3)


def box_to_ask(
    held: Mapping[UUID, Sequence[Span]], own: UUID | None, end: datetime, now: datetime
) -> UUID | None:
    """The box that holds most of a period, of those within reach; the camera's own when it is as good."""
    if own is not None and end > now - JUST_NOW:
        return own
    seconds = {node: sum((one.end - one.start).total_seconds() for one in held[node]) for node in held}
    found = [node for node in seconds if seconds[node] > 0]
    return max(found, key=lambda node: (seconds[node], node == own), default=own)


def without_span(spans: Iterable[Span], hole: Span) -> list[Span]:
    """What is left of the spans when a hole is cut into them."""
    parts = (
        part
        for span in spans
        for part in (Span(span.start, min(span.end, hole.start)), Span(max(span.start, hole.end), span.end))
    )
    return [part for part in parts if part.start < part.end]


def after_changes(spans: Iterable[Span], changes: Iterable[CoverageChange]) -> list[Span]:
    """What is recorded after these changes, applied in the order in which the box made them."""
    recorded = merge_spans(spans)
    for purged, run in groupby(sorted(changes, key=attrgetter("seq")), attrgetter("purged")):
        if purged:
            for change in run:
                recorded = without_span(recorded, change.span)
        else:
            recorded = merge_spans([*recorded, *(change.span for change in run)])
    return recorded


def check_period(start: datetime, end: datetime) -> None:
    if start >= end:
        raise InvalidInput.in_field("end", "O fim precisa ser depois do início.")
    if end - start > MAX_PERIOD:
        raise InvalidInput.in_field("end", "Peça no máximo uma hora de gravação por vez.")


def part_sizes(size_bytes: int, part_bytes: int) -> list[int]:
    """How a file is cut for an upload in parts: all of one size, the last of what is left."""
    return [min(part_bytes, size_bytes - offset) for offset in range(0, size_bytes, part_bytes)]


def uplink_url(relay_url: str) -> str:
    """Where the box dials: the relay's address with the WebSocket scheme."""
    scheme, _, rest = relay_url.partition("://")
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/uplink"


#: The streams of a camera, by the names that the uplink has for them.
QUALITIES: tuple[Quality, ...] = get_args(Quality)


@dataclass(frozen=True)
class LiveQuality:
    """One stream of a live camera. `codec`: h264, h265; empty while it is not known."""

    name: Quality
    codec: str
    whep_url: str
    hls_url: str


def watchable(asked: Quality, has_sub: bool) -> tuple[Quality, ...]:
    """What a viewer may have: the small stream alone, both, or the only one that there is."""
    if not has_sub:
        return ("main",)
    return ("sub",) if asked == "sub" else ("main", "sub")


#: A camera's whole stream that was not measured yet (720p25), and its second one, which no recorder measures:
#: what they are commonly set to.
MAIN_KBPS = 2_000
SUB_KBPS = 512

#: What a box's line may be set to: below, one small stream does not fit.
LIMITS_KBPS = range(SUB_KBPS, 1_000_001)


@dataclass(frozen=True)
class LineUse:
    """What crosses a box's line: live streams, each once, and recordings that are played."""

    live: frozenset[tuple[UUID, Quality]]
    playback: tuple[UUID, ...]
    main_kbps: Mapping[UUID, int]

    @property
    def kbps(self) -> int:
        live = sum(self._main(camera) if quality == "main" else SUB_KBPS for camera, quality in self.live)
        return live + sum(map(self._main, self.playback))

    def with_live(self, camera: UUID, quality: Quality) -> "LineUse":
        return replace(self, live=self.live | {(camera, quality)})

    def with_playback(self, camera: UUID) -> "LineUse":
        return replace(self, playback=(*self.playback, camera))

    def _main(self, camera: UUID) -> int:
        return self.main_kbps.get(camera, MAIN_KBPS)


def fits(now: LineUse, then: LineUse, limit_kbps: int) -> bool:
    """Whether what is added may be: who joins a stream adds nothing, and one stream always may."""
    return then.kbps <= limit_kbps or now.kbps in (0, then.kbps)


def mbps(kbps: int) -> str:
    """As Brazilians write it."""
    return f"{kbps / 1000:.1f}".replace(".", ",")


#: How many cameras each layout of a mosaic has places for: side by side, one above the other, a large one
#: beside two small ones, two by two.
LAYOUTS: Mapping[str, int] = {"1": 1, "2h": 2, "2v": 2, "1+2": 3, "2x2": 4}
MAX_MOSAIC_CAMERAS = max(LAYOUTS.values())


def check_mosaic(layout: str, cameras: Sequence[UUID]) -> None:
    """Raises InvalidInput."""
    if len(set(cameras)) < len(cameras):
        raise InvalidInput.in_field("cameras", "Cada câmera cabe uma vez no mosaico.")
    if not 1 <= len(cameras) <= LAYOUTS[layout]:
        raise InvalidInput.in_field("cameras", f"Este mosaico mostra de 1 a {LAYOUTS[layout]} câmeras.")


def live_quality(relay_url: str, token: str, name: Quality, codec: str) -> LiveQuality:
    """Where a viewer finds a stream: whoever has the addresses may, until the session ends."""
    folder = f"{relay_url}/v1/live/{token}/{name}"
    return LiveQuality(name, codec, f"{folder}/whep", f"{folder}/index.m3u8")


def adaptive_url(relay_url: str, token: str) -> str:
    """HLS of all streams, between which a player adapts."""
    return f"{relay_url}/v1/live/{token}/{ADAPTIVE_PLAYLIST}"


def playlist_url(relay_url: str, token: str) -> str:
    """What a viewer plays: whoever has the address may, until the session ends."""
    return f"{relay_url}/v1/sessions/{token}/playback.m3u8"
