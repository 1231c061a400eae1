"""A run: cameras push while the storm lasts, then everything settles, then it is counted."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.chaos.cameras import Ledger, PlateCamera
from tests.chaos.count import Found, differences, images_owed, look
from tests.chaos.storm import VICTIMS, Blow, plan
from tests.chaos.system import ChaosSystem

#: Afterwards all of it must be in order within this: a box that lost its line without notice needs a minute
#: to see it (MQTT keep-alive), the hub asks again for pictures every half minute.
SETTLED_WITHIN_S = 240.0
#: Reads of each camera.
EVERY_S = 0.25
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Outcome:
    """What a run showed."""

    seed: int
    blows: list[Blow]
    ledgers: dict[str, Ledger]
    found: Found
    answered_s: float
    delivered_s: float
    pictured_s: float
    wrong: list[str]

    def report(self) -> str:
        kinds = Counter(blow.victim for blow in self.blows)
        ledgers = self.ledgers.values()
        accepted = sum(len(one.accepted) for one in ledgers)
        refused = sum(len(one.refused) for one in ledgers)
        pictures = sum(row.stored_sha256 is not None for row in self.found.rows)
        lines = [
            f"seed       {self.seed}",
            "blows      " + ", ".join(f"{victim} {kinds[victim]}" for victim in VICTIMS),
            f"pushed     {accepted + refused} reads in {sum(one.attempts for one in ledgers)} attempts",
            f"accepted   {accepted}",
            f"refused    {refused} (their picture was broken)",
            f"in the hub {len(self.found.rows)}, {pictures} pictures",
            f"settled    after the storm: last read answered {self.answered_s:.1f} s,"
            f" outbox empty {self.delivered_s:.1f} s, last picture {self.pictured_s:.1f} s",
        ]
        verdict = ["WRONG", *(f"  - {one}" for one in self.wrong)]
        return "\n".join([*lines, *(verdict if self.wrong else ["nothing lost, nothing twice"])])


def run(folder: Path, seed: int, duration_s: float, progress: Callable[[str], None]) -> Outcome:
    """Raises EngineError when a part does not come back."""
    blows = plan(seed, duration_s)
    with ChaosSystem(folder, progress) as system:
        progress(f"storm of {duration_s:.0f} s, seed {seed}, {len(blows)} blows")
        cameras = [
            PlateCamera(system.lpr_url, camera_id, secret, number, seed)
            for number, (camera_id, secret) in enumerate(system.camera_secrets.items())
        ]
        answered_s = _storm(system, cameras, blows, duration_s)
        system.check()  # nothing may have ended by itself
        progress("settling")
        delivered_s, pictured_s = _settle(system)
        progress("counting")
        found = look(system)
    ledgers = {camera.camera_id: camera.ledger for camera in cameras}
    wrong = differences(ledgers, found)
    return Outcome(seed, blows, ledgers, found, answered_s, delivered_s, pictured_s, wrong)


def _storm(system: ChaosSystem, cameras: list[PlateCamera], blows: list[Blow], duration_s: float) -> float:
    """Returns how long after the storm the last camera had its answer."""
    last_call, gave_up, calm = threading.Event(), threading.Event(), threading.Event()
    with ThreadPoolExecutor(len(cameras) + len(VICTIMS)) as pool:
        pushing = [pool.submit(camera.run, EVERY_S, last_call, gave_up) for camera in cameras]
        try:
            began_mono = time.monotonic()
            striking = [
                pool.submit(_strike_one, system, [b for b in blows if b.victim == victim], began_mono, calm)
                for victim in VICTIMS
            ]
            _wait_for_end(striking, began_mono + duration_s)
            over_mono = time.monotonic()
            last_call.set()
            for one in pushing:
                one.result(SETTLED_WITHIN_S)
        finally:  # also when a part did not come back: nobody pushes for ever
            calm.set()
            last_call.set()
            gave_up.set()
    return time.monotonic() - over_mono


def _strike_one(system: ChaosSystem, blows: list[Blow], began_mono: float, calm: threading.Event) -> None:
    """All blows that strike one part; a late comeback makes the next one late."""
    for blow in blows:
        if not calm.wait(max(0.0, began_mono + blow.at_s - time.monotonic())):
            system.strike(blow, calm)


def _wait_for_end(striking: list["Future[None]"], until_mono: float) -> None:
    for one in striking:
        one.result()
    time.sleep(max(0.0, until_mono - time.monotonic()))


def _settle(system: ChaosSystem) -> tuple[float, float]:
    """Seconds until the outbox was empty, and until the hub had all pictures; at most SETTLED_WITHIN_S."""
    began_mono = time.monotonic()
    with psycopg.connect(system.postgres.url, autocommit=True) as connection:
        delivered_s = _until(lambda: not any(system.waiting_at_box().values()), began_mono)
        pictured_s = _until(lambda: images_owed(connection) == 0, began_mono)
    return delivered_s, pictured_s


def _until(done: Callable[[], bool], began_mono: float) -> float:
    while not done() and time.monotonic() < began_mono + SETTLED_WITHIN_S:
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began_mono
