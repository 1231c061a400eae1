"""Where a vehicle went: its legs between cameras, and whether one vehicle can have driven them. No I/O."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

EARTH_RADIUS_KM = 6371.0

#: Faster than this between two cameras, as the crow flies, and two vehicles carry the plate.
IMPOSSIBLE_KMH = 250.0

#: Two cameras at one crossing read the same passage at once; nothing is concluded from less.
NEAR_KM = 1.0


@dataclass(frozen=True)
class Sighting:
    """When and where a plate was read; without a position, nothing is said of the way."""

    at: datetime
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Leg:
    """From the sighting before to this one, in a straight line."""

    minutes: float
    distance_km: float | None
    #: The plate cannot be one vehicle's: cloned, or misread.
    impossible: bool


def leg(before: Sighting, after: Sighting) -> Leg:
    seconds = (after.at - before.at).total_seconds()
    distance_km = distance(before, after)
    impossible = (
        distance_km is not None and distance_km > NEAR_KM and distance_km * 3600 > IMPOSSIBLE_KMH * seconds
    )
    return Leg(seconds / 60, distance_km, impossible)


def legs(sightings: Sequence[Sighting]) -> list[Leg | None]:
    """For each sighting the leg to it; None for the first."""
    return [None, *map(leg, sightings, sightings[1:])][: len(sightings)]


def distance(one: Sighting, other: Sighting) -> float | None:
    """Kilometres over the globe (haversine); None if a position is unknown."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    latitudes = [math.radians(place.latitude or 0) for place in (one, other)]
    across = math.radians((other.longitude or 0) - (one.longitude or 0))
    chord = (
        math.sin((latitudes[1] - latitudes[0]) / 2) ** 2
        + math.cos(latitudes[0]) * math.cos(latitudes[1]) * math.sin(across / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))
