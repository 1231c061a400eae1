"""A box and a real broker: what the hub is told arrives once it can, and what the hub says is done."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from demo.engines import Mosquitto, free_port
from edge_agent.config import DataFolder
from edge_agent.diagnosis import trust
from protocol.messages import (
    Command,
    DesiredCamera,
    Health,
    ImageUpload,
    NodeStatus,
    PlateRead,
    Reply,
    UploadImages,
    decode,
    decode_event,
)
from protocol.topics import Stream
from tests.integration.edge.rig import BoxProcess, HubClient, Pki, camera, desired, eventually, make_broker
from tests.unit.edge.builders import anpr_xml

NO_CAMERA = camera("cam1", 1, "nowhere")


class Site:
    """A broker, the hub's client, and a box that talk to each other."""

    def __init__(self, broker: Mosquitto, hub: HubClient, box: BoxProcess, guard: httpx.Client) -> None:
        self.broker, self.hub, self.box, self.guard = broker, hub, box, guard

    def plates(self) -> list[str]:
        """As the hub stored them, in the box's order."""
        events = self.hub.events[Stream.LPR]
        return [decode_event(events[seq], PlateRead).plate for seq in sorted(events)]

    def push(self, plate: str) -> None:
        assert self.box.push(anpr_xml(plate=plate, event=plate)).is_success

    def depth(self) -> int:
        depth: int = self.guard.get("/api/status").json()["outbox_depth"]
        return depth

    def health(self) -> Health | None:
        payload = self.hub.latest.get(Stream.HEALTH)
        return decode(payload, Health) if payload else None

    def online(self) -> bool | None:
        payload = self.hub.latest.get(Stream.STATUS)
        return decode(payload, NodeStatus).online if payload else None


@pytest.fixture
def site(pki: Pki, tmp_path: Path) -> Iterator[Site]:
    port = free_port()
    broker = make_broker(pki, tmp_path / "broker", port)
    box = BoxProcess(tmp_path / "box", pki, desired(1, NO_CAMERA), port)
    with broker:
        hub = HubClient(pki, port)
        try:
            with box.process, box.log_in() as guard:
                made = Site(broker, hub, box, guard)
                eventually(lambda: guard.get("/api/status").json()["online_with_hub"], what="the box online")
                yield made
        finally:
            hub.close()


def test_a_plate_reaches_the_hub_within_seconds_and_leaves_the_outbox_when_it_is_stored(site: Site) -> None:
    site.hub.acks = False
    site.push("ABC1D23")
    eventually(lambda: site.plates() == ["ABC1D23"], within_s=5.0, what="the plate at the hub")
    assert site.depth() > 0, "a broker's receipt is not the hub's"
    site.hub.acknowledge_all()
    eventually(lambda: site.depth() == 0, what="an empty outbox")


def test_an_hour_without_broker_loses_nothing_and_doubles_nothing(site: Site) -> None:
    site.push("AAA0A00")
    eventually(lambda: site.plates() == ["AAA0A00"])
    site.broker.stop()
    missed = [f"BBB{number:04}" for number in range(30)]
    for plate in missed:
        site.push(plate)
    eventually(lambda: not site.guard.get("/api/status").json()["online_with_hub"], what="the outage seen")
    assert site.depth() >= len(missed)
    site.broker.start()
    eventually(lambda: site.plates() == ["AAA0A00", *missed], within_s=30, what="the backlog at the hub")
    eventually(lambda: site.depth() == 0, what="an empty outbox")


def test_what_the_hub_did_not_confirm_before_a_power_cut_is_delivered_after_it(site: Site) -> None:
    site.hub.acks = False
    site.push("ABC1D23")
    eventually(lambda: site.plates() == ["ABC1D23"])
    pid = site.box.process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: site.online() is False, what="the last will")
    site.hub.events[Stream.LPR].clear()
    site.box.process.start()
    eventually(lambda: site.plates() == ["ABC1D23"], what="the plate after the restart")
    eventually(lambda: site.online() is True)


def test_a_box_that_stops_says_so(site: Site) -> None:
    eventually(lambda: site.online() is True)
    site.box.process.stop()
    eventually(lambda: site.online() is False, within_s=10, what="the farewell")


def test_a_new_desired_state_is_applied_while_the_box_runs_and_reported(site: Site) -> None:
    added = DesiredCamera(id="cam9", name="Ponte", rtsp_url="rtsp://127.0.0.1:1/none")
    site.hub.send(Stream.DESIRED, desired(2, NO_CAMERA, added), retain=True)
    eventually(lambda: [c["id"] for c in site.guard.get("/api/cameras").json()] == ["cam1", "cam9"])
    site.hub.send(Stream.DESIRED, desired(1), retain=True)  # an old one that comes late
    health = eventually(lambda: h if (h := site.health()) and h.desired_revision == 2 else None)
    assert [c.camera for c in health.cameras] == ["cam1", "cam9"]
    differences = eventually(lambda: (h := site.health()) and len(h.differences) == 2 and h.differences)
    assert "h1dden" not in str(differences)


def test_a_command_is_answered_once_and_a_message_that_is_none_harms_nothing(site: Site) -> None:
    order = UploadImages(images=[ImageUpload(read="no-such-read", url="http://127.0.0.1:1/")])
    command = Command(
        id="k1", deadline=datetime.now(UTC) + timedelta(seconds=30), requester="hub", action=order
    )
    site.hub.send(Stream.CMD, NodeStatus(online=True, at=datetime.now(UTC)))  # nonsense
    site.hub.send(Stream.CMD, command)
    site.hub.send(Stream.CMD, command)
    payload = eventually(lambda: site.hub.latest.get(Stream.REPLY), what="the reply")
    reply = decode(payload, Reply)
    assert (reply.command, reply.ok) == ("k1", False)
    eventually(lambda: "hub_message_refused" in site.box.log_text())
    assert site.box.log_text().count("command_done") == 1


def test_the_doctor_reads_the_brokers_certificate(site: Site) -> None:
    folder = DataFolder(site.box.root)
    hub, broker = trust.check_broker(folder.load_identity(), folder)
    assert hub.ok
    assert (broker.subject, broker.text) == ("certificado da central", "Vence em 0 dias.")
    later, ended = trust.check_broker(folder.load_identity(), folder, datetime.now(UTC) + timedelta(days=9))
    assert later.ok
    assert "Venceu em" in ended.text
