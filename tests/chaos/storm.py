"""Which part is struck when and for how long: decided from a seed, so that a run can be repeated."""

import random
from dataclasses import dataclass

#: Each part is struck about as often as these say. The network is cut (connections end at once)
#: or goes silent (packets vanish, and nobody is told).
VICTIMS = {"edge": 3, "hub-ingest": 3, "postgres": 2, "mosquitto": 2, "rclone": 2, "cut": 2, "silence": 1}
#: Between two blows, whoever they strike; shorter than outages, so that these overlap.
PAUSE_S = (0.5, 5.0)
#: How long a part stays away; most outages are short, as restarts are.
AWAY_S = (0.1, 8.0)
#: A part that has come back is left alone for so long: one that never runs shows nothing.
MERCY_S = 3.0


@dataclass(frozen=True)
class Blow:
    """At `at_s` after the start, `victim` is away for `away_s`."""

    at_s: float
    victim: str
    away_s: float


def plan(seed: int, duration_s: float) -> list[Blow]:
    """Blows in order of time, all within `duration_s`: each part once, if there is time, then by weight."""
    chance = random.Random(seed)
    back_at_s = dict.fromkeys(VICTIMS, 0.0)
    unstruck = chance.sample(list(VICTIMS), k=len(VICTIMS))
    blows: list[Blow] = []
    at_s = round(chance.uniform(*PAUSE_S), 2)
    while at_s < duration_s:
        standing = [victim for victim in VICTIMS if back_at_s[victim] <= at_s]
        if standing:
            (victim,) = unstruck[:1] or chance.choices(standing, [VICTIMS[one] for one in standing])
            low, high = AWAY_S
            away_s = round(low + (high - low) * chance.random() ** 2, 2)
            blows.append(Blow(at_s, victim, away_s))
            back_at_s[victim] = at_s + away_s + MERCY_S
            unstruck = unstruck[1:]
        at_s = round(at_s + chance.uniform(*PAUSE_S), 2)
    return blows
