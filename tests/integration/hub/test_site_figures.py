"""What Prometheus reads of the whole hub: every box, also one that cannot be reached, and no old numbers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import REGISTRY

from central_hub import site_figures
from central_hub.audit import trail
from central_hub.cities.services import NodeRef
from central_hub.fleet.models import NodeState
from central_hub.ingest import services as ingest
from central_hub.ingest.process import Ingest
from central_hub.site_figures import SiteFigures
from protocol.messages import CameraHealth, Health, encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import Box, eventually, plate_read
from tests.integration.hub.conftest import World

pytestmark = pytest.mark.req("S12.1")


def figures() -> dict[str, dict[tuple[str, ...], float]]:
    """By name, by the labels' values."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in SiteFigures().collect():
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


@pytest.fixture
def reported(world: World) -> Iterator[World]:
    camera = CameraHealth(
        str(world.camera.pk), "online", bitrate_bps=2_000_000, packets_lost=7, last_packet_at=timezone.now()
    )
    health = Health(
        timezone.now(),
        "1",
        50 * 10**9,
        100 * 10**9,
        12,
        1,
        cameras=[camera],
        cpu_share=0.25,
        clock_error_ms=4,
    )
    address = NodeAddress("vale-verde", "caixa-01")
    ingest.take_health(NodeRef(world.node.pk, world.city.pk, address), encode(health))
    yield world


def test_a_box_is_told_as_it_reported_and_one_that_never_did_is_there(reported: World) -> None:
    found, box = figures(), ("vale-verde", "caixa-01")
    assert found["gtv_site_up"] == {(): 1.0}
    assert found["gtv_node_disk_free_bytes"] == {box: 50 * 10**9}
    assert found["gtv_node_outbox_events"][box] == 12
    assert found["gtv_node_camera_bits_per_second"][box] == 2_000_000
    assert found["gtv_node_packets_lost"][box] == 7
    assert found["gtv_node_cpu_ratio"][box] == 0.25
    assert found["gtv_node_clock_error_seconds"][box] == 0.004
    assert found["gtv_node_online"][("serra-azul", "caixa-01")] == 0
    assert found["gtv_site_cameras"][("online",)] == 1


def test_a_box_that_is_no_longer_ours_is_not_told(reported: World) -> None:
    NodeState.objects.filter(node_id=reported.node.pk).update(revoked_at=timezone.now())
    assert ("vale-verde", "caixa-01") not in figures()["gtv_node_online"]


def test_the_audit_trails_state_is_told_once_it_was_checked(world: World) -> None:
    assert "gtv_audit_trail_whole" not in figures()
    trail.check(everything=True)
    found = figures()
    assert found["gtv_audit_trail_whole"] == {(): 1.0}
    assert 0 <= found["gtv_audit_trail_check_age_seconds"][()] < 60


def test_without_the_database_nothing_is_told_but_that(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(site_figures, "node_figures", away)
    assert figures() == {"gtv_site_up": {(): 0.0}}


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_ingest_counts_what_it_stored_and_how_late(box: Box, ingest: Ingest, world: World) -> None:
    before = sample("gtv_plate_reads_total", city="vale-verde"), sample("gtv_ingest_lag_seconds_count")
    late = plate_read(world.camera.pk, "ABC1D23", received_at=timezone.now() - timedelta(hours=2))
    box.publish_events(Stream.LPR, {1: late})
    eventually(lambda: sample("gtv_plate_reads_total", city="vale-verde") == before[0] + 1, "a read counted")
    assert sample("gtv_ingest_lag_seconds_count") == before[1] + 1
    assert sample("gtv_ingest_connected") == 1 and ingest.ailment() is None


def test_every_figure_of_the_hub_is_documented(reported: World) -> None:
    from central_hub import job_figures, requests_seen
    from central_hub.relay import figures as relay_figures

    assert job_figures and requests_seen and relay_figures  # they register what they tell
    trail.check(everything=True)
    told = {family.name for family in [*REGISTRY.collect(), *SiteFigures().collect()]}
    document = Path("docs/metrics.md").read_text()
    missing = [
        name for name in told if name.startswith("gtv_") and not re.search(rf"`{name}(_total)?`", document)
    ]
    assert missing == []
