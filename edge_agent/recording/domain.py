"""The recorder's decisions, as pure functions over facts and instants.

Instants ending in `_us` are microseconds UTC of the box's clock; media time is
converted before it gets here. Nothing in this module does I/O.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

#: A segment is closed at the first keyframe after this long: short enough to
#: purge and repair cheaply, long enough that 1,000 cameras make 17 files/s.
SEGMENT_US = 60_000_000

#: Beyond this difference between the box's clock and the camera's media clock
#: the footage is re-anchored (as a discontinuity) instead of drifting on.
MAX_DRIFT_US = 2_000_000

#: Fragments further apart than this are a gap on the timeline.
GAP_US = 1_500_000

BACKOFF_FIRST_S = 1.0
BACKOFF_MAX_S = 30.0

#: Up to the last @ of a word: a password may hold quotes, slashes and @ itself.
_CREDENTIALS = re.compile(r"://\S*@")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One moof+mdat pair of a file: a keyframe and what follows until the next."""

    offset: int
    size_bytes: int
    start_us: int
    duration_us: int

    @property
    def end_us(self) -> int:
        return self.start_us + self.duration_us


@dataclass(frozen=True, slots=True)
class Segment:
    """One recording file. `start_us` is also its id, unique per camera.

    Segments of one `run_us` continue each other's media timeline; a new run
    (reconnect, restart, clock jump) is a discontinuity for players. How the box's
    clock was is asked when the file is closed; of a repaired file nobody knows.
    """

    camera: str
    start_us: int
    run_us: int
    path: str
    init_bytes: int
    fragments: tuple[Fragment, ...] = field(default=())
    drift_us: int = 0
    clock_synchronised: bool | None = None
    clock_error_ms: int | None = None

    @property
    def end_us(self) -> int:
        return self.fragments[-1].end_us if self.fragments else self.start_us

    @property
    def size_bytes(self) -> int:
        last = self.fragments[-1] if self.fragments else None
        return last.offset + last.size_bytes if last else self.init_bytes


@dataclass(frozen=True, slots=True)
class LiveFragment:
    """A fragment of the live tail, with its place in the endless live playlist."""

    number: int
    discontinuities: int
    segment: Segment  # without fragments: which file
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a run's media time zero lies on the box's clock."""

    run_us: int
    wall_at_zero_us: int

    def wall_us(self, media_us: int) -> int:
        return self.wall_at_zero_us + media_us


class ClockOffset:
    """Finds where media time zero lies on a clock of the box, from the packets of a track.

    What the camera sent while the stream was being opened may arrive in one burst,
    late by seconds. The packet that was delayed least tells the truth, so a run
    is anchored by the smallest difference seen during SETTLE_US.
    """

    SETTLE_US = 1_000_000

    def __init__(self) -> None:
        self._first_us: int | None = None
        #: The smallest difference seen; None before the first packet.
        self.zero_us: int | None = None

    def add(self, now_us: int, media_us: int) -> None:
        zero_us = now_us - media_us
        if self._first_us is None or self.zero_us is None:
            self._first_us, self.zero_us = now_us, zero_us
        elif zero_us < self.zero_us:
            self.zero_us = zero_us

    def settled(self, now_us: int) -> bool:
        return self._first_us is not None and not 0 <= now_us - self._first_us < self.SETTLE_US

    def renew(self) -> None:
        """Forget what was seen, once there is something new: two clocks drift apart."""
        self._first_us = None

    def wall_us(self, media_us: int) -> int:
        """When, by that clock, the packet with this media time was sent."""
        return (self.zero_us or 0) + media_us


#: Sound that is this much off its picture is noticed (ITU-R BT.1359: from 45 ms early and 125 ms late on).
#: Below it stays where it is, because each correction is a click.
_SOUND_OFF_US = 80_000


def sound_shift_us(
    last_us: int | None, pictures_zero_us: int | None, sound_zero_us: int | None
) -> int | None:
    """How much later a connection's sound began than its pictures; None before both came.

    `last_us` is what was used until now.
    """
    if pictures_zero_us is None or sound_zero_us is None:
        return last_us
    shift_us = sound_zero_us - pictures_zero_us
    return last_us if last_us is not None and abs(shift_us - last_us) <= _SOUND_OFF_US else shift_us


class SoundTimes:
    """Times of a connection's pieces of sound, each later than the one before it.

    A camera that sets the clock of its sound anew in mid-session must not tear the pictures' fragments:
    the sound goes on where it was, and is placed beside the pictures anew with the next file.
    """

    def __init__(self) -> None:
        self._shift = 0
        self._last: int | None = None
        self._step: int | None = None  # the smallest between two pieces

    def placed(self, time: int, latest: int | None) -> int:
        """In ticks. `latest`: what a piece that comes now can have at most, as far as it is known."""
        at = time + self._shift
        if self._last is not None and (at <= self._last or (latest is not None and at > latest)):
            follows = self._last + (self._step or 1)
            self._shift += follows - at
            at = follows
        elif self._last is not None:
            self._step = min(self._step or at - self._last, at - self._last)
        self._last = at
        return at


def first_anchor(sent_us: int, media_us: int, not_before_us: int) -> Anchor:
    """The anchor of a new run: when it was sent, but never before footage that already exists.

    `not_before_us` is the end of the camera's last footage, so that a clock that
    was stepped back neither overlaps nor hides what was recorded.
    """
    start = max(sent_us, not_before_us)
    return Anchor(run_us=start, wall_at_zero_us=start - media_us)


def at_cut(anchor: Anchor, media_us: int, now_us: int, new_run: bool = False) -> tuple[Anchor, int]:
    """At a segment boundary: the anchor to go on with, and the drift found.

    `new_run`: the pictures change, so that players need a discontinuity; time goes on.

    Drift is the box's clock minus the footage's clock. Footage that lags by
    more than MAX_DRIFT_US is re-anchored to now as a new run; footage that is
    ahead stays as it is, because a recording must never jump backwards.
    """
    drift_us = now_us - anchor.wall_us(media_us)
    if drift_us > MAX_DRIFT_US:
        return first_anchor(now_us, media_us, anchor.wall_us(media_us)), drift_us
    if new_run:
        return Anchor(anchor.wall_us(media_us), anchor.wall_at_zero_us), drift_us
    return anchor, drift_us


#: Of the time between two keyframes, and at most: what a group of pictures may be told shorter than it is.
_SLEW_PART, _SLEW_MAX_US = 20, 100_000


def slewed(anchor: Anchor, ahead_us: int, since_keyframe_us: int) -> Anchor:
    """The anchor to go on with after a keyframe that came `ahead_us` before its time.

    A camera whose clock is fast gets ahead of the box's by and by. Its footage cannot jump back, so its
    groups of pictures are told a little shorter than they are, up to 5 %, until it is right again: no
    picture is lost for it, and no connection. One that is slow is put right `at_cut`.
    """
    step_us = min(ahead_us, since_keyframe_us // _SLEW_PART, _SLEW_MAX_US)
    return anchor if step_us <= 0 else Anchor(anchor.run_us, anchor.wall_at_zero_us - step_us)


#: A stream whose keyframes stop is of no use: a player has nowhere to begin. Cameras with
#: "smart" codecs send one in 10 s at worst.
KEYFRAME_TIMEOUT_S = 30.0
KEYFRAMES_MISSED = 3


def keyframe_timeout_s(gop_s: float | None) -> float:
    """Seconds without a keyframe after which a stream is broken (its codec changed, for one)."""
    return KEYFRAME_TIMEOUT_S if gop_s is None else min(KEYFRAME_TIMEOUT_S, KEYFRAMES_MISSED * gop_s + 5)


def should_cut(segment_start_us: int, keyframe_us: int) -> bool:
    return keyframe_us - segment_start_us >= SEGMENT_US


def time_fault(previous_us: int, at_us: int, now_us: int, lead_us: int) -> str | None:
    """Why a packet's time cannot be true, or None.

    `previous_us`: what it must be later than. For a keyframe that is the one before it; else the order of
    pictures is the codec's business, within MAX_DRIFT_US.

    A camera whose timestamps go backwards, or run ahead of the box's clock, is
    reconnected, which anchors it anew: its footage must neither overlap nor
    pretend a future. `lead_us` is how far ahead the run began: more than 0 when
    the clock had been stepped back and the footage had to go on where it ended.
    """
    if at_us <= previous_us:
        return "the camera's timestamps went backwards"
    if at_us - now_us - lead_us > MAX_DRIFT_US:
        return "the camera's timestamps jumped ahead"
    return None


def backoff_s(failures: int, rng: random.Random) -> float:
    """Seconds before the next connection attempt: exponential with full jitter.

    Jitter keeps 1,000 cameras behind one failed switch from returning as one
    herd (AWS Architecture Blog, "Exponential Backoff And Jitter").
    """
    ceiling = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures, 10))
    return max(0.2, rng.uniform(0, ceiling))


@dataclass(frozen=True, slots=True)
class Span:
    start_us: int
    end_us: int


def spans(fragments_or_spans: Iterable[Span], gap_us: int = GAP_US) -> list[Span]:
    """Recorded spans for the timeline: neighbours closer than `gap_us` become one."""
    merged: list[Span] = []
    for span in sorted(fragments_or_spans, key=lambda s: s.start_us):
        if merged and span.start_us - merged[-1].end_us <= gap_us:
            merged[-1] = Span(merged[-1].start_us, max(merged[-1].end_us, span.end_us))
        else:
            merged.append(span)
    return merged


def without(span: Span, hole: Span) -> list[Span]:
    """What is left of a span when a hole is cut into it: none, one or two."""
    left = Span(span.start_us, min(span.end_us, hole.start_us))
    right = Span(max(span.start_us, hole.end_us), span.end_us)
    return [part for part in (left, right) if part.start_us < part.end_us]


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """What retention needs to know of a segment on disk."""

    camera: str
    start_us: int
    end_us: int
    size_bytes: int
    path: str


def to_purge(oldest_first: Iterable[StoredSegment], missing_bytes: int) -> list[StoredSegment]:
    """Which segments go below the disk floor: the oldest, until `missing_bytes` are freed."""
    victims: list[StoredSegment] = []
    freed = 0
    for segment in oldest_first:
        if freed >= missing_bytes:
            break
        victims.append(segment)
        freed += segment.size_bytes
    return victims


#: How often retention looks when nothing is urgent, and when the disk is filling.
SWEEP_MAX_S, SWEEP_MIN_S = 60.0, 1.0


def next_sweep_s(free_bytes: int, floor_bytes: int, freed_per_s: float) -> float:
    """Seconds until the next retention sweep: half of the time until the disk reaches its floor.

    `freed_per_s` is how fast the free space grows (bytes per second; negative while the disk fills).
    """
    if freed_per_s >= 0:
        return SWEEP_MAX_S
    until_floor_s = (free_bytes - floor_bytes) / -freed_per_s
    return min(SWEEP_MAX_S, max(SWEEP_MIN_S, until_floor_s / 2))


def redact_url(text: str) -> str:
    """Text with the `user:password@` of any URL in it removed, for logs and messages."""
    return _CREDENTIALS.sub("://", text)
