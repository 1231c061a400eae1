"""A box that comes back after a week: its history drains into the hub, and what happens now overtakes it.

The hub is the real one: broker, ingest, PostgreSQL. What a box alone does is in edge/test_week_offline.
"""

import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import Count

from central_hub.cities import services as cities
from central_hub.ingest.models import StreamCursor
from central_hub.lpr.models import PlateRead
from edge_agent.config import DataFolder
from edge_agent.lpr.domain import VendorRead
from edge_agent.lpr.services import Arrival, PlateReads
from edge_agent.store import Store
from tests.integration.system.conftest import Site
from tests.integration.system.plates import LPR_SECRET, push

WEEK = timedelta(days=7)
#: A read every half minute: forty batches, ten seconds of draining at the box's bounded rate.
READS = 20_160
LIVE = [f"LVE{number}A{number}{number}" for number in range(5)]
#: A bound on waiting, not on speed.
DRAINED_WITHIN_S = 200.0


def fill_a_week(root: Path, camera: str) -> list[str]:
    """What a box reads in a week without internet, in its own database; the plates in order."""
    folder = DataFolder(root)
    store = Store(folder.database)
    began = datetime.now(UTC) - WEEK
    instant_us = {"now": int(began.timestamp() * 1e6)}
    reads = PlateReads(store, folder.images, clock_us=lambda: instant_us["now"])
    plates = [f"WK{'ABCDEFGHIJ'[number // 10_000]}{number % 10_000:04}" for number in range(READS)]
    for start in range(0, READS, 1000):
        captured = [began + number * WEEK / READS for number in range(start, min(start + 1000, READS))]
        captured_us = [int(at.timestamp() * 1e6) for at in captured]
        instant_us["now"] = captured_us[-1]
        arrivals = [
            Arrival(camera, VendorRead("axis", f"e{start + n}", plates[start + n], at_us))
            for n, at_us in enumerate(captured_us)
        ]
        assert all(reads.accept_all(arrivals))
    store.close()
    return plates


@pytest.mark.timeout(400)
@pytest.mark.req("E2", "S10.1")
def test_the_hub_has_the_newest_plates_before_the_week_is_drained_and_in_the_end_everything_once(
    site: Site,
) -> None:
    camera = str(site.world.camera.pk)
    digest = hashlib.sha256(LPR_SECRET.encode()).hexdigest()
    cities.change_camera(None, site.world.camera, lpr_secret_sha256=digest)
    week = fill_a_week(site.root, camera)
    with site.running():
        site.until(lambda: PlateRead.objects.exists(), "the first of the backlog")
        began, began_mono = PlateRead.objects.count(), time.monotonic()
        for plate in LIVE:
            push(site, plate)
        site.until(lambda: PlateRead.objects.filter(plate__in=LIVE).count() == len(LIVE), "the live reads")
        there = PlateRead.objects.count()
        assert there < READS, "the week had drained already: nothing was overtaken"
        site.until(lambda: PlateRead.objects.count() >= READS + len(LIVE), "all of it", DRAINED_WITHIN_S)
        drained_s = time.monotonic() - began_mono
        site.until(lambda: site.node()["outbox_depth"] == 0, "the box has nothing left to send")
    print(f"{READS - began} reads in {drained_s:.1f} s: {(READS - began) / drained_s:.0f}/s")

    twice = PlateRead.objects.values("plate").annotate(times=Count("id")).filter(times__gt=1)
    assert not twice.exists()
    stored = PlateRead.objects.order_by("seq").values_list("plate", flat=True)
    assert list(stored) == [*week, *LIVE], "each once, in the box's order by number"
    (held,) = StreamCursor.objects.get(stream="lpr").received
    assert held.upper - held.lower == READS + len(LIVE)
