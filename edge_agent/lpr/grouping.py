"""Repeats of one vehicle at one camera are one group: kept, and shown as one.

A vehicle is known by the camera's own id of it (a track), or by its plate within seconds, OCR's
confusions included. Of a tracked vehicle, what tells nothing new is merged into what is kept.
"""

from collections import deque
from dataclasses import dataclass, field

from edge_agent.lpr.domain import VendorRead
from protocol.plates import canonical, fold

#: A vehicle in front of a camera is read again within this; a lap around the block takes longer.
SAME_PLATE_US = 10_000_000
#: A camera follows a car that waits at a red light.
SAME_TRACK_US = 180_000_000
#: Groups remembered for one camera: a picture holds a few vehicles.
_REMEMBERED = 64


@dataclass
class Group:
    """Reads of one vehicle; `id` is its first read's."""

    id: str
    plate_key: str
    track: str | None
    last_us: int
    size: int = 1
    told: set[tuple[object, ...]] = field(default_factory=set)
    #: Watchlist entries that a person was told of already.
    alarmed: set[str] = field(default_factory=set)

    def is_of(self, key: str, track: str | None, captured_us: int) -> bool:
        if track is not None and self.track is not None:
            return track == self.track and abs(captured_us - self.last_us) <= SAME_TRACK_US
        return key == self.plate_key and abs(captured_us - self.last_us) <= SAME_PLATE_US


@dataclass
class Groups:
    """The groups of one camera that may still grow."""

    _recent: deque[Group] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def place(self, read_id: str, read: VendorRead, captured_us: int) -> Group | None:
        """The group of a read, which counts it; None when the group was told all of it already."""
        key = fold(canonical(read.plate))
        known = (  # the plate first: of sixty groups nearly all are of another vehicle
            group
            for group in reversed(self._recent)
            if (group.plate_key == key or group.track is not None)
            and group.is_of(key, read.track, captured_us)
        )
        group = next(known, None)
        if group is None:
            group = Group(read_id, key, read.track, captured_us, told=_facts(read))
            self._recent.append(group)
            return group
        if read.track is not None and _facts(read) <= group.told:
            return None
        group.size += 1
        group.last_us = max(group.last_us, captured_us)
        group.told |= _facts(read)
        return group


def _facts(read: VendorRead) -> set[tuple[object, ...]]:
    """What a read says that is worth a row of its own: the text, and that there is more to it."""
    said = {
        "image": read.image_jpeg is not None,
        "direction": read.direction is not None,
        "speed": read.speed_kmh is not None,
        "vehicle": read.vehicle_type is not None,
    }
    return {("plate", read.plate), *((name,) for name, given in said.items() if given)}
