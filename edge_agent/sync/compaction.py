"""Fewer events that say the same, for a box that is without its hub for months; pure functions.

A camera's coverage becomes the stretches that were recorded and those that were purged, its states the
newest and when it was last seen. What the hub makes of them is what it would have made of all of them
(docs/adr/0033), whatever it held before. Plate reads, what people did and added cameras are never
compacted: each of them is a fact of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import replace

from protocol.messages import CameraStatus, CoverageSpan, Purged
from protocol.topics import Stream

#: The hub joins recorded spans this near, and so fills what lies between them.
JOIN_WITHIN = timedelta(seconds=2)

CoverageEvent = CoverageSpan | Purged


def coverage(events: Sequence[CoverageEvent]) -> list[CoverageEvent]:
    """In the order in which they are to be told. `events` are in the order in which they were made."""
    return [event for of_one in _by_camera(events) for event in _without_purged(_layers(of_one))]


def camera_status(events: Sequence[CameraStatus]) -> list[CameraStatus]:
    """The hub keeps a camera's newest state, and when it was seen: that of its newest "online"."""
    kept: list[CameraStatus] = []
    for of_one in _by_camera(events):
        newest = _newest(of_one)
        seen = [event for event in of_one if event.state == "online"]
        kept += [_newest(seen)] if seen and newest.state != "online" else []
        kept.append(newest)
    return kept


#: Of the streams that can be compacted.
COMPACTORS: Mapping[Stream, Callable[[Sequence[Any]], Sequence[msgspec.Struct]]] = {
    Stream.COVERAGE: coverage,
    Stream.CAMERA_STATUS: camera_status,
}


def _newest(events: Sequence[CameraStatus]) -> CameraStatus:
    """Of one instant the later made, as the hub takes it."""
    return max(reversed(events), key=attrgetter("at"))


def _by_camera(events: Sequence[Any]) -> list[list[Any]]:
    """No event of one camera says anything of another."""
    cameras = defaultdict(list)
    for event in events:
        cameras[event.camera].append(event)
    return list(cameras.values())


def _layers(events: Sequence[CoverageEvent]) -> list[list[CoverageEvent]]:
    """Events of one kind that may be applied together, in turns: recorded, purged, recorded, ...

    A box records the newest minute and purges the oldest, in turns: each may change places with the
    other's last layer, so that as a rule there are two.
    """
    layers: list[list[CoverageEvent]] = []
    for event in events:
        if layers and type(layers[-1][0]) is type(event):
            layers[-1].append(event)
        elif len(layers) > 1 and all(_change_places(event, other) for other in layers[-1]):
            layers[-2].append(event)
        else:
            layers.append([event])
    return [_merged(layer) for layer in layers]


def _change_places(event: CoverageEvent, other: CoverageEvent) -> bool:
    """Whether it is all the same which of the two comes first, a recording or a purge."""
    hole = event if isinstance(event, Purged) else other
    far_apart = event.start - other.end > JOIN_WITHIN or other.start - event.end > JOIN_WITHIN
    return far_apart and hole.end - hole.start > JOIN_WITHIN  # a smaller one is filled by the next recording


def _merged(layer: list[CoverageEvent]) -> list[CoverageEvent]:
    """Recorded spans as the hub joins them; holes that touch, by their reasons."""
    by_reason = attrgetter("reason") if isinstance(layer[0], Purged) else attrgetter("camera")
    within = timedelta(0) if isinstance(layer[0], Purged) else JOIN_WITHIN
    merged: list[CoverageEvent] = []
    for _, alike in groupby(sorted(layer, key=by_reason), by_reason):
        merged += _joined(sorted(alike, key=attrgetter("start")), within)
    return merged


def _joined(sorted_events: Sequence[CoverageEvent], within: timedelta) -> list[CoverageEvent]:
    joined: list[CoverageEvent] = []
    for event in sorted_events:
        if joined and event.start - joined[-1].end <= within:
            joined[-1] = _hull(joined[-1], event)
        else:
            joined.append(event)
    return joined


def _hull(first: CoverageEvent, second: CoverageEvent) -> CoverageEvent:
    end = max(first.end, second.end)
    if isinstance(first, CoverageSpan) and isinstance(second, CoverageSpan):
        return replace(first, end=end, size_bytes=first.size_bytes + second.size_bytes)
    return replace(first, end=end)


def _without_purged(layers: Sequence[Sequence[CoverageEvent]]) -> list[CoverageEvent]:
    """All layers in order, but for recordings of which a later purge leaves nothing, nor of their joints."""
    kept: list[CoverageEvent] = []
    holes: list[Purged] = []
    for layer in reversed(layers):
        kept[:0] = [event for event in layer if isinstance(event, Purged) or not _is_in(event, holes)]
        holes += [event for event in layer if isinstance(event, Purged)]
    return kept


def _is_in(event: CoverageEvent, holes: Sequence[Purged]) -> bool:
    return any(
        hole.start + JOIN_WITHIN <= event.start and event.end + JOIN_WITHIN <= hole.end for hole in holes
    )
