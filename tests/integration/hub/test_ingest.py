"""What the boxes send is stored once each, acknowledged after the commit, and nothing stops the rest."""

import random
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.fleet.models import NodeState
from central_hub.ingest.models import DeadLetter, StreamCursor
from central_hub.ingest.process import Ingest
from central_hub.lpr.models import PlateRead
from central_hub.streaming import services as streaming
from central_hub.streaming.models import Coverage
from demo.engines import Postgres
from protocol import messages
from protocol.topics import NodeAddress, Stream
from tests.integration.conftest import Broker
from tests.integration.hub.box import Box, eventually, plate_read
from tests.integration.hub.conftest import Login, World


@pytest.mark.req("E2")
def test_duplicates_and_any_order_store_each_read_once(world: World, ingest: Ingest, box: Box) -> None:
    reads = {seq: plate_read(world.camera.pk, f"AAA{seq:04d}") for seq in range(1, 61)}
    numbers = [*reads, *reads, *reads]
    random.Random(7).shuffle(numbers)
    for first in range(0, len(numbers), 7):
        box.publish_events(Stream.LPR, {seq: reads[seq] for seq in numbers[first : first + 7]})
    box.wait_for_ack(Stream.LPR, [(1, 60)])
    stored = PlateRead.objects.values_list("seq", "edge_id").order_by("seq")
    assert list(stored) == [(seq, read.id) for seq, read in reads.items()]


def test_two_workers_on_one_stream_store_each_read_once(world: World, ingest: Ingest, box: Box) -> None:
    second = Ingest()
    thread = threading.Thread(target=second.run)
    thread.start()
    try:
        eventually(second.subscribed.is_set, "the second worker subscribes")
        reads = {seq: plate_read(world.camera.pk) for seq in range(1, 101)}
        for _ in range(3):
            for first in range(1, 101, 10):
                box.publish_events(Stream.LPR, {seq: reads[seq] for seq in range(first, first + 10)})
        # Workers publish acks side by side: an older one may arrive last, and does no harm.
        eventually(
            lambda: any(ack.ranges == [(1, 100)] for ack in box.received[Stream.ACK]), "all acknowledged"
        )
        assert PlateRead.objects.count() == 100
    finally:
        second.stop()
        thread.join(20)


def test_an_ack_names_everything_received_as_ranges(world: World, ingest: Ingest, box: Box) -> None:
    box.publish_events(Stream.LPR, {1: plate_read(world.camera.pk), 2: plate_read(world.camera.pk)})
    box.publish_events(Stream.LPR, {90: plate_read(world.camera.pk)})
    box.wait_for_ack(Stream.LPR, [(1, 2), (90, 90)])
    box.publish_events(Stream.LPR, {seq: plate_read(world.camera.pk) for seq in range(3, 90)})
    box.wait_for_ack(Stream.LPR, [(1, 90)])
    assert StreamCursor.objects.count() == 1


def test_a_lost_ack_is_repeated_by_sending_again(world: World, ingest: Ingest, box: Box) -> None:
    read = plate_read(world.camera.pk)
    box.publish_events(Stream.LPR, {1: read})
    box.wait_for_ack(Stream.LPR, [(1, 1)])
    box.received.clear()
    box.publish_events(Stream.LPR, {1: read})
    box.wait_for_ack(Stream.LPR, [(1, 1)])
    assert PlateRead.objects.count() == 1


def test_poison_goes_to_the_dead_letters_and_spoils_no_other(world: World, ingest: Ingest, box: Box) -> None:
    camera = world.camera.pk
    long_ago = datetime(1, 1, 1, tzinfo=UTC)
    poison: dict[int, messages.PlateRead | bytes] = {
        2: b'{"plate": "no camera"}',
        3: plate_read(world.other_camera.pk),
        4: plate_read("not-a-uuid"),
        5: plate_read(camera, "AB\0C123"),
        6: plate_read(camera, "PLACA?"),
        7: plate_read(camera, lane=10**6),
        8: plate_read(camera, captured_at=long_ago),
        9: plate_read(camera, vendor="a\0b"),
        10: b'{"v": 2}',
    }
    box.publish_events(Stream.LPR, {1: plate_read(camera), **poison, 11: plate_read(camera)})
    box.wait_for_ack(Stream.LPR, [(1, 11)])
    assert list(PlateRead.objects.order_by("seq").values_list("seq", flat=True)) == [1, 11]
    letters = {letter.seq: letter for letter in DeadLetter.objects.all()}
    assert sorted(letters) == sorted(poison)
    assert str(world.other_camera.pk) in letters[3].reason
    assert all(letter.reason and letter.node_id == world.node.pk for letter in letters.values())
    assert not PlateRead.objects.filter(city=world.other_city).exists()


def test_a_payload_that_is_no_message_is_kept_once_and_not_acknowledged(
    world: World, ingest: Ingest, box: Box
) -> None:
    topic = box.address.topic(Stream.LPR)
    for _ in range(3):
        box.publish_raw(topic, b"this is not gzip")
    box.publish_events(Stream.LPR, {1: plate_read(world.camera.pk)})
    box.wait_for_ack(Stream.LPR, [(1, 1)])
    letter = DeadLetter.objects.get()
    assert (letter.seq, letter.times, bytes(letter.payload)) == (None, 3, b"this is not gzip")
    assert len(box.received[Stream.ACK]) == 1


def test_a_sequence_number_beyond_the_database_is_refused(world: World, ingest: Ingest, box: Box) -> None:
    box.publish_events(Stream.LPR, {2**63: plate_read(world.camera.pk)})
    box.publish_events(Stream.LPR, {1: plate_read(world.camera.pk)})
    box.wait_for_ack(Stream.LPR, [(1, 1)])
    assert "sequence number" in DeadLetter.objects.get().reason


def test_a_box_that_the_hub_does_not_know_is_not_acknowledged(
    world: World, ingest: Ingest, broker: Broker
) -> None:
    with Box("vale-verde", "caixa-99", broker) as stranger:
        stranger.publish_events(Stream.LPR, {1: plate_read(world.camera.pk)})
        eventually(DeadLetter.objects.exists, "the payload is kept")
        assert not stranger.received[Stream.ACK]
    assert not PlateRead.objects.exists()


@pytest.mark.req("E2")
def test_a_database_outage_loses_nothing(world: World, ingest: Ingest, box: Box, postgres: Postgres) -> None:
    from django.db import close_old_connections, connection

    box.publish_events(Stream.LPR, {1: plate_read(world.camera.pk)})
    box.wait_for_ack(Stream.LPR, [(1, 1)])
    close_old_connections()
    connection.close()
    second = {2: plate_read(world.camera.pk)}
    postgres.stop()
    try:
        box.publish_events(Stream.LPR, second)
    finally:
        postgres.start()
    assert box.acked(Stream.LPR) == [(1, 1)], "nothing is acknowledged that is not stored"

    def resend() -> bool:  # as a box does until it is acknowledged
        box.publish_events(Stream.LPR, second)
        return box.acked(Stream.LPR) == [(1, 2)]

    eventually(resend, "stored and acknowledged when the database is back", within_s=60)
    assert sorted(PlateRead.objects.values_list("seq", flat=True)) == [1, 2]


def test_a_box_that_came_while_the_database_was_away_is_known_afterwards(
    world: World, ingest: Ingest, box: Box, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so once; what the hub forgets it would ask for nothing, not even the pictures it owes."""
    from django.db import connection

    failed = threading.Event()
    take = ingest._take

    def noticing(message: Any) -> None:
        try:
            take(message)
        except Exception:
            failed.set()
            raise

    monkeypatch.setattr(ingest, "_take", noticing)
    connection.close()
    postgres.stop()
    try:
        box.publish(Stream.STATUS, messages.NodeStatus(True, datetime.now(UTC)))
        assert failed.wait(30)
    finally:
        postgres.start()
    eventually(lambda: NodeState.objects.get(node=world.node).online, "the box is in contact", within_s=60)


def test_coverage_is_merged_and_repeats_change_nothing(world: World, ingest: Ingest, box: Box) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)

    def span(first_s: float, last_s: float) -> messages.CoverageSpan:
        return messages.CoverageSpan(
            str(world.camera.pk), start + timedelta(seconds=first_s), start + timedelta(seconds=last_s), 1
        )

    box.publish_events(Stream.COVERAGE, {1: span(0, 60), 3: span(120.04, 180)})
    box.publish_events(Stream.COVERAGE, {4: span(600, 660)})
    box.publish_events(Stream.COVERAGE, {2: span(60, 120), 5: span(660, 660)})
    box.wait_for_ack(Stream.COVERAGE, [(1, 5)])
    spans = streaming.coverage(world.gestor, world.camera.pk, start, start + timedelta(hours=1))
    seconds = [((s.start - start).total_seconds(), (s.end - start).total_seconds()) for s in spans]
    assert seconds == [(0, 180), (600, 660)]
    assert Coverage.objects.count() == 2


def test_camera_states_the_newest_wins_and_are_unknown_without_the_box(
    world: World, ingest: Ingest, box: Box
) -> None:
    now = datetime.now(UTC)
    older = messages.CameraStatus(str(world.camera.pk), "offline", now - timedelta(minutes=1), "no route")
    newer = messages.CameraStatus(str(world.camera.pk), "online", now)
    box.publish(Stream.STATUS, messages.NodeStatus(True, now))
    box.publish_events(Stream.CAMERA_STATUS, {2: newer})
    box.publish_events(Stream.CAMERA_STATUS, {1: older})
    box.wait_for_ack(Stream.CAMERA_STATUS, [(1, 2)])
    ids = [world.camera.pk]
    eventually(lambda: streaming.camera_statuses(ids)[ids[0]].state == "online", "the newest state stays")
    assert streaming.camera_statuses(ids)[ids[0]].last_seen_at == now
    box.publish(Stream.STATUS, messages.NodeStatus(False, now))
    eventually(
        lambda: streaming.camera_statuses(ids)[ids[0]].state == "unknown", "nobody vouches for the state"
    )


@pytest.mark.req("S1.3")
def test_console_actions_enter_the_hubs_audit_chain_once(world: World, ingest: Ingest, box: Box) -> None:
    event = messages.AuditEvent(datetime.now(UTC), "vigilante", "clip-exported", "camera 1")
    box.publish_events(Stream.AUDIT, {1: event})
    box.publish_events(Stream.AUDIT, {1: event})
    box.wait_for_ack(Stream.AUDIT, [(1, 1)])
    entry = AuditEntry.objects.get(action="clip-exported")
    assert (entry.actor, entry.city_code, entry.details) == (
        "vigilante",
        "vale-verde",
        {"box": "vale-verde/caixa-01", "seq": 1},
    )


def test_health_updates_the_box_and_an_older_one_does_not(world: World, ingest: Ingest, box: Box) -> None:
    now = datetime.now(UTC)
    seen = messages.CameraHealth(str(world.camera.pk), "online", 25.0, 2_000_000, now)
    strangers = [
        messages.CameraHealth(str(world.other_camera.pk), "offline"),
        messages.CameraHealth("x", "offline"),
    ]

    def health(at: datetime, free: int) -> messages.Health:
        return messages.Health(
            at,
            "1.2.3",
            disk_free_bytes=free,
            disk_total_bytes=1000,
            outbox_depth=7,
            desired_revision=3,
            cameras=[seen, *strangers],
            differences=["camera x: no answer"],
        )

    box.publish(Stream.HEALTH, health(now, 500))
    eventually(lambda: NodeState.objects.get(node=world.node).disk_free_bytes == 500, "health is stored")
    box.publish(Stream.HEALTH, health(now - timedelta(seconds=5), 900))
    box.publish(Stream.HEALTH, health(now + timedelta(seconds=5), 400))
    eventually(lambda: NodeState.objects.get(node=world.node).disk_free_bytes == 400, "the newer is stored")
    state = NodeState.objects.get(node=world.node)
    assert (state.reported_revision, state.outbox_depth, state.agent_version) == (3, 7, "1.2.3")
    assert state.differences == ["camera x: no answer"]
    assert list(streaming.camera_statuses([world.camera.pk, world.other_camera.pk])) == [world.camera.pk]


def test_a_cameras_stream_is_shown_as_its_recorder_measures_it_while_the_box_is_in_contact(
    world: World, ingest: Ingest, box: Box, login: Login
) -> None:
    now = datetime.now(UTC)

    def camera() -> dict[str, Any]:
        (only,) = login(world.viewer).get("/api/v1/cameras").json()
        return dict(only)

    def tell(health: messages.CameraHealth, after_s: int) -> None:
        at = now + timedelta(seconds=after_s)
        box.publish(Stream.HEALTH, messages.Health(at, "1", 1, 1, 0, 1, cameras=[health]))

    assert camera()["measured"] is None
    box.publish(Stream.STATUS, messages.NodeStatus(True, now))
    seen = messages.CameraHealth(
        str(world.camera.pk), "online", 24.8, 2_000_000, now, "Perde pacotes.", 1.0, 3, -40, 17,
        "h265", "aac", 1920, 1080,
    )  # fmt: skip
    tell(seen, 0)
    eventually(lambda: camera()["measured"], "what the recorder measures")
    assert (camera()["state"], camera()["reason"]) == ("online", "Perde pacotes.")
    assert camera()["measured"] == {
        "video_codec": "h265", "audio_codec": "aac", "width": 1920, "height": 1080, "fps": 24.8,
        "bitrate_bps": 2_000_000, "gop_s": 1.0, "packets_lost": 17, "reconnects": 3, "clock_drift_ms": -40,
    }  # fmt: skip
    tell(messages.CameraHealth(str(world.camera.pk), "offline", reason="Senha recusada."), 5)
    eventually(lambda: camera()["state"] == "offline", "the newer health")
    assert camera()["reason"] == "Senha recusada."
    box.publish(Stream.STATUS, messages.NodeStatus(False, now))
    eventually(lambda: camera()["state"] == "unknown", "the box is away")
    assert (camera()["reason"], camera()["measured"]) == ("", None)


def test_a_box_that_comes_online_gets_its_desired_state_again(world: World, ingest: Ingest, box: Box) -> None:
    first = box.wait_for(Stream.DESIRED)
    box.received.clear()
    box.publish(Stream.STATUS, messages.NodeStatus(True, datetime.now(UTC)), retain=True)
    again = box.wait_for(Stream.DESIRED)
    assert again.revision >= first.revision
    assert NodeState.objects.get(node=world.node).online


def test_presence_is_known_after_a_restart_of_ingest(world: World, box: Box) -> None:
    box.publish(Stream.STATUS, messages.NodeStatus(True, datetime.now(UTC)), retain=True)
    assert not NodeState.objects.get(node=world.node).online
    late = Ingest()
    thread = threading.Thread(target=late.run)
    thread.start()
    try:
        eventually(lambda: NodeState.objects.get(node=world.node).online, "the retained status is taken")
    finally:
        late.stop()
        thread.join(20)
        box.publish(Stream.STATUS, messages.NodeStatus(False, datetime.now(UTC)), retain=True)


def test_reads_of_an_archived_camera_are_still_taken(world: World, ingest: Ingest, box: Box) -> None:
    cities.archive_camera(world.gestor, world.camera.pk)
    box.publish_events(Stream.LPR, {1: plate_read(world.camera.pk)})
    box.wait_for_ack(Stream.LPR, [(1, 1)])
    assert PlateRead.objects.count() == 1


def test_a_value_nobody_thought_of_is_found_and_the_rest_is_stored(world: World) -> None:
    """PostgreSQL itself refuses one event of many: only that one becomes a dead letter."""
    from django.db import DataError

    from central_hub.ingest import services
    from central_hub.ingest.domain import Event, Refusal

    node = cities.find_node(NodeAddress("vale-verde", "caixa-01"))
    assert node is not None
    taken: list[int] = []

    def handler(_: object, events: list[Event]) -> tuple[list[Refusal], list[int]]:
        if any(event.seq == 3 for event in events):
            raise DataError("value out of range")
        taken.extend(event.seq for event in events)
        return [], []

    refused, _ = services._store_or_bisect(handler, node, [Event(seq, None) for seq in range(1, 8)])
    assert [refusal.seq for refusal in refused] == [3]
    assert sorted(taken) == [1, 2, 4, 5, 6, 7]
