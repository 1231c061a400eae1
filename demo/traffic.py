"""Who drives past a simulated camera and when: decisions only, time comes in as a parameter.

Distances are in "frames": at distance 1 the vehicle fills the picture as on the trigger line; far cars are at
7. A vehicle comes towards the camera (forward, left lane) or drives away from it (reverse, right lane).
"""

# ruff: noqa: S311 - chance makes the pictures and events lifelike; nothing secret depends on it

import random
import string
from dataclasses import dataclass
from typing import Literal

Direction = Literal["forward", "reverse"]

FAR, NEAR, TRIGGER = 7.0, 0.62, 1.0
METRES_PER_FRAME = 7.5
# One fleet for the whole city, in columns that go round it: from one camera to the next, and on the way
# between as long as at one. So the same vehicle is met again, at other cameras too, and never at two at once.
FLEET_SIZE = 160
FLEET_SEED = 1998
CAMERAS_ROUND = 4
STAY_S = 120
BODIES = ("vehicle", "vehicle", "vehicle", "SUVMPV", "SUVMPV", "van")
COLOURS = ("white", "white", "silver", "silver", "gray", "black", "black", "red", "blue", "green", "brown")


@dataclass(frozen=True)
class Vehicle:
    plate: str
    body: str
    colour: str


@dataclass(frozen=True)
class Passage:
    """One vehicle crossing the picture."""

    vehicle: Vehicle
    direction: Direction
    started_utc: float
    speed: float  # distance per second

    def distance(self, now_utc: float) -> float:
        travelled = (now_utc - self.started_utc) * self.speed
        return FAR - travelled if self.direction == "forward" else NEAR + travelled

    @property
    def trigger_utc(self) -> float:
        way = FAR - TRIGGER if self.direction == "forward" else TRIGGER - NEAR
        return self.started_utc + way / self.speed

    @property
    def ends_utc(self) -> float:
        return self.started_utc + (FAR - NEAR) / self.speed

    @property
    def speed_kmh(self) -> int:
        return round(self.speed * METRES_PER_FRAME * 3.6)

    @property
    def lane(self) -> int:
        return 1 if self.direction == "forward" else 2


class Traffic:
    """The endless row of passages at one camera; one vehicle in the picture at a time."""

    def __init__(self, seed: int, start_utc: float, place: int = 0) -> None:
        """`place`: which camera of the round it is."""
        self._random = random.Random(seed)
        self._fleet = make_fleet()
        self._place = place
        # The first car is well on its way at the start: the first plate is read within about two seconds.
        self._passage = self._next(start_utc - 3.2, "forward")

    def at(self, now_utc: float) -> Passage:
        """The passage now under way, or the one that comes next."""
        while now_utc >= self._passage.ends_utc:
            quiet_s = self._random.uniform(1.0, 3.5)  # with a crossing of 5-6 s: a car every 6-10 s
            direction: Direction = self._random.choice(("forward", "forward", "reverse"))
            self._passage = self._next(self._passage.ends_utc + quiet_s, direction)
        return self._passage

    def _next(self, start_utc: float, direction: Direction) -> Passage:
        vehicle = self._random.choice(column_at(self._fleet, self._place, start_utc))
        return Passage(vehicle, direction, start_utc, self._random.uniform(1.05, 1.3))


def column_at(fleet: list[Vehicle], place: int, now_utc: float) -> list[Vehicle]:
    """The vehicles that are at a camera of the round now."""
    columns = 2 * CAMERAS_ROUND  # every other one is on its way
    return fleet[(2 * place - int(now_utc // STAY_S)) % columns :: columns]


def make_fleet() -> list[Vehicle]:
    """Synthetic vehicles with Mercosul plates (AAA9A99)."""
    chance = random.Random(FLEET_SEED)
    return [
        Vehicle(_mercosul_plate(chance), chance.choice(BODIES), chance.choice(COLOURS))
        for _ in range(FLEET_SIZE)
    ]


def _mercosul_plate(chance: random.Random) -> str:
    letter, digit = string.ascii_uppercase, string.digits
    return "".join(chance.choice(kind) for kind in (letter, letter, letter, digit, letter, digit, digit))
