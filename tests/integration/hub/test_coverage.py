"""The hub offers what the boxes hold, and nothing else: purges, holds, a full disk, events out of order."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from central_hub.fleet.models import NodeState
from central_hub.ingest.process import Ingest
from central_hub.streaming import services as streaming
from central_hub.streaming.models import Coverage, UnsettledCoverage
from edge_agent.sync import compaction
from protocol import messages
from protocol.topics import Stream
from tests.integration.hub.box import Box, eventually
from tests.integration.hub.conftest import Login, World

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
#: The plan of these cities is seven days.
LONG_AGO = START - timedelta(days=20)


class Camera:
    """Says what a box says of one camera, in minutes after `since`."""

    def __init__(self, world: World, since: datetime = START) -> None:
        self.world, self.since = world, since
        self.id = str(world.camera.pk)

    def at(self, minute: float) -> datetime:
        return self.since + timedelta(minutes=minute)

    def recorded(self, first: float, last: float) -> messages.CoverageSpan:
        return messages.CoverageSpan(self.id, self.at(first), self.at(last), 1)

    def purged(self, first: float, last: float, reason: str = "retention") -> messages.Purged:
        return messages.Purged(self.id, self.at(first), self.at(last), reason)  # type: ignore[arg-type]

    def offered(self) -> list[tuple[float, float]]:
        spans = streaming.coverage(self.world.gestor, self.world.camera.pk, self.at(-60), self.at(120))
        return [
            ((span.start - self.since) / timedelta(minutes=1), (span.end - self.since) / timedelta(minutes=1))
            for span in spans
        ]


@pytest.fixture
def camera(world: World) -> Camera:
    return Camera(world)


@pytest.mark.req("S6.2")
def test_what_the_box_purged_is_offered_no_more(camera: Camera, ingest: Ingest, box: Box) -> None:
    box.publish_events(Stream.COVERAGE, {1: camera.recorded(0, 1), 2: camera.recorded(1, 2)})
    box.publish_events(Stream.COVERAGE, {3: camera.recorded(2, 3), 4: camera.purged(-0.03, 1)})
    box.wait_for_ack(Stream.COVERAGE, [(1, 4)])
    assert camera.offered() == [(1, 3)]
    assert not UnsettledCoverage.objects.exists(), "nothing waits when nothing is missing"
    box.publish_events(Stream.COVERAGE, {5: camera.purged(1, 3, "missing")}, oldest=5)
    box.wait_for_ack(Stream.COVERAGE, [(1, 5)])
    assert camera.offered() == [] and not Coverage.objects.exists()


def test_held_footage_is_offered_past_the_plan_until_it_is_purged(
    world: World, ingest: Ingest, box: Box
) -> None:
    held = Camera(world, LONG_AGO)
    box.publish_events(Stream.COVERAGE, {1: held.recorded(0, 60), 2: held.purged(0, 20)})
    box.wait_for_ack(Stream.COVERAGE, [(1, 2)])
    assert held.offered() == [(20, 60)]
    box.publish_events(Stream.COVERAGE, {3: held.purged(20, 60)}, oldest=3)
    box.wait_for_ack(Stream.COVERAGE, [(1, 3)])
    assert held.offered() == []


def test_a_purge_that_overtook_its_recording_still_removes_it(
    camera: Camera, ingest: Ingest, box: Box
) -> None:
    """After an outage the newest events come first."""
    box.publish_events(Stream.COVERAGE, {9: camera.purged(0, 5)}, oldest=1)
    box.publish_events(Stream.COVERAGE, {seq: camera.recorded(seq, seq + 1) for seq in range(1, 9)})
    box.wait_for_ack(Stream.COVERAGE, [(1, 9)])
    assert camera.offered() == [(5, 9)]
    assert not UnsettledCoverage.objects.exists()


def test_a_purge_that_comes_late_or_twice_leaves_what_was_recorded_after_it(
    camera: Camera, ingest: Ingest, box: Box
) -> None:
    """A damaged file is told as missing, and what could be repaired of it as recorded again."""
    repaired = {1: camera.recorded(0, 1), 2: camera.purged(0, 1, "missing"), 3: camera.recorded(0, 0.5)}
    box.publish_events(Stream.COVERAGE, {3: repaired[3]})
    box.wait_for_ack(Stream.COVERAGE, [(3, 3)])
    assert camera.offered() == [(0, 0.5)], "shown at once, though earlier events are missing"
    box.publish_events(Stream.COVERAGE, {1: repaired[1]})
    box.wait_for_ack(Stream.COVERAGE, [(1, 1), (3, 3)])
    for _ in range(2):
        box.publish_events(Stream.COVERAGE, {2: repaired[2]})
    box.wait_for_ack(Stream.COVERAGE, [(1, 3)])
    box.publish_events(Stream.COVERAGE, {2: repaired[2], 4: camera.recorded(30, 31)})
    box.wait_for_ack(Stream.COVERAGE, [(1, 4)])
    assert camera.offered() == [(0, 0.5), (30, 31)]


def test_a_hole_in_the_numbers_keeps_nothing_waiting_for_ever(
    camera: Camera, ingest: Ingest, box: Box
) -> None:
    """A replaced disk begins anew with higher numbers; what its predecessor had not sent never comes."""
    box.publish_events(Stream.COVERAGE, {5: camera.recorded(0, 1)}, oldest=3)
    box.wait_for_ack(Stream.COVERAGE, [(5, 5)])
    assert UnsettledCoverage.objects.count() == 1
    new = 10**15
    box.publish_events(Stream.COVERAGE, {new: camera.recorded(1, 2)}, oldest=new)
    box.wait_for_ack(Stream.COVERAGE, [(5, 5), (new, new)])
    assert not UnsettledCoverage.objects.exists()
    assert camera.offered() == [(0, 2)]


@pytest.mark.req("S6.2")
def test_months_offline_told_with_few_events_end_as_if_all_had_been_told(
    camera: Camera, ingest: Ingest, box: Box
) -> None:
    """Told in full, and then anew with few events: the hub shows the same, and waits for nothing."""
    made: list[messages.CoverageSpan | messages.Purged] = []
    for n in range(50):
        made += [camera.recorded(n, n + 0.99), camera.purged(n - 30 - 0.03, n - 29)]
        if n == 20:
            made += [camera.purged(18, 19, "missing"), camera.recorded(18, 18.5)]
    box.publish_events(Stream.COVERAGE, dict(enumerate(made, 1)))
    box.wait_for_ack(Stream.COVERAGE, [(1, len(made))])
    told_in_full = camera.offered()
    assert told_in_full

    Coverage.objects.all().delete()
    UnsettledCoverage.objects.all().delete()
    few = dict(enumerate(compaction.coverage(made), len(made) + 1))
    box.publish_events(Stream.COVERAGE, few, oldest=min(few))
    box.wait_for_ack(Stream.COVERAGE, [(1, max(few))])
    assert camera.offered() == told_in_full
    assert not UnsettledCoverage.objects.exists()
    assert len(few) < 8


@pytest.mark.req("S6.2")
def test_what_a_full_disk_took_early_is_said_at_the_hub(
    camera: Camera, ingest: Ingest, box: Box, login: Login
) -> None:
    def node() -> dict[str, object]:
        (only,) = login(camera.world.gestor).get("/api/v1/nodes").json()
        return dict(only)

    box.publish_events(Stream.COVERAGE, {1: camera.recorded(0, 60), 2: camera.purged(0, 10)})
    box.wait_for_ack(Stream.COVERAGE, [(1, 2)])
    assert node()["forced_out_until"] is None, "a plan that is kept is no news"
    box.publish_events(Stream.COVERAGE, {4: camera.purged(20, 30, "disk-floor")})
    box.publish_events(Stream.COVERAGE, {3: camera.purged(10, 20, "disk-floor")})
    box.wait_for_ack(Stream.COVERAGE, [(1, 4)])
    until = datetime.fromisoformat(str(node()["forced_out_until"]))
    assert until == camera.at(30)
    assert camera.offered() == [(30, 60)]
    NodeState.objects.update(forced_out_until=LONG_AGO)
    assert node()["forced_out_until"] is None, "by now it would be gone anyway"


def test_a_boxs_alarms_are_shown_with_it(world: World, ingest: Ingest, box: Box, login: Login) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    alarms = [
        messages.Alarm("Disco cheio: gravações foram apagadas.", now),
        messages.Alarm("Relógio errado."),
    ]
    health = messages.Health(now, "1", 1, 1, 1, 1, alarms=alarms)
    box.publish(Stream.HEALTH, health)
    eventually(lambda: NodeState.objects.get(node=world.node).alarms, "the alarms are stored")
    (node,) = login(world.viewer).get("/api/v1/nodes").json()
    assert [alarm["text"] for alarm in node["alarms"]] == [alarm.text for alarm in alarms]
    assert datetime.fromisoformat(node["alarms"][0]["since"]) == now and node["alarms"][1]["since"] is None
    box.publish(Stream.HEALTH, msgspec.structs.replace(health, at=now + timedelta(seconds=1), alarms=[]))
    eventually(lambda: not NodeState.objects.get(node=world.node).alarms, "the alarms are over")
