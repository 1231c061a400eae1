"""Certificates at the hub and its real broker: renewed for their own box, refused once they are revoked."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import paho.mqtt.client as paho
import pytest
from cryptography import x509
from paho.mqtt.enums import CallbackAPIVersion

from central_hub.audit.models import AuditEntry
from central_hub.fleet import certificates
from central_hub.fleet import services as fleet
from central_hub.fleet.domain import TOKEN_LIFE
from central_hub.fleet.models import EnrolmentToken, NodeCertificate, NodeState
from central_hub.fleet.revocation import BrokerGuard, BrokerNotFound
from central_hub.ingest.process import Ingest
from central_hub.kernel import Conflict
from central_hub.streaming.models import RelaySession
from protocol import messages
from protocol.messages import CertificateRequest, Health, NodeStatus
from protocol.topics import EDGE_TO_HUB, HUB_TO_EDGE, NodeAddress, Stream
from tests.integration.conftest import Broker
from tests.integration.hub.box import Box, eventually, new_csr, plate_read
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.test_fleet import enrol, hub_client

REVOCATION = "/api/v1/nodes/vale-verde/caixa-01/revocation"


def enrolled(city: str, broker: Broker) -> Box:
    token = certificates.issue_token(None, city, "caixa-01").token
    return Box(city, "caixa-01", broker, lambda csr: certificates.enrol(token, csr).certificate_pem)


@pytest.fixture
def guard(world: World) -> Iterator[BrokerGuard]:
    guarding = BrokerGuard()
    thread = threading.Thread(target=guarding.run)
    thread.start()
    yield guarding
    guarding.stop()
    thread.join(20)


@pytest.mark.req("E5")
def test_a_revoked_box_is_thrown_out_and_kept_out_and_the_others_stay(
    world: World, login: Login, broker: Broker, ingest: Ingest, guard: BrokerGuard
) -> None:
    with enrolled("vale-verde", broker) as box, enrolled("serra-azul", broker) as other:
        gone, lost = threading.Event(), threading.Event()
        box.client.on_disconnect = lambda *_: gone.set()
        other.client.on_disconnect = lambda *_: lost.set()
        answer = login(world.admin).post(REVOCATION, {"reason": "furtada"}, format="json")
        assert answer.status_code == 200 and answer.json()["revoked_at"] and not answer.json()["online"]
        assert gone.wait(10), "its connection is ended"
        certificate = NodeCertificate.objects.get(node=world.node)
        eventually(lambda: certificate.refresh_from_db() or certificate.refused_since, "the broker is told")
        taken = (certificate.refused_since - certificate.revoked_at).total_seconds()
        assert taken < 10
        box.client.on_connect = lambda *_: pytest.fail("a revoked certificate was taken")
        retried = threading.Event()
        box.client.on_disconnect = lambda *_: retried.set()
        assert retried.wait(10), "it comes again and is refused"
        other.publish(Stream.LPR, messages.NodeStatus(True, datetime.now(UTC)))
        assert not lost.is_set(), "who is not revoked stays connected"
    entry = AuditEntry.objects.get(action="node-revoked")
    assert (entry.actor, entry.details["reason"]) == ("admin", "furtada")


def test_a_box_in_the_place_of_a_revoked_one_is_taken_and_the_old_one_is_not(
    world: World, broker: Broker, guard: BrokerGuard
) -> None:
    with enrolled("vale-verde", broker) as stolen:
        thrown_out = threading.Event()
        stolen.client.on_disconnect = lambda *_: thrown_out.set()
        certificates.revoke(None, "vale-verde", "caixa-01", "furtada")
        assert thrown_out.wait(10)
        stolen.client.on_connect = lambda *_: pytest.fail("the stolen box was taken again")
        with enrolled("vale-verde", broker) as replacement:
            assert not fleet.is_revoked(world.node.pk)
            fleet.publish_desired(world.node.pk)
            replacement.wait_for(Stream.DESIRED)
            again = threading.Event()
            stolen.client.on_disconnect = lambda *_: again.set()
            assert again.wait(10), "the stolen one tried, and was refused"


def test_the_hub_believes_nothing_of_a_revoked_box_and_serves_it_nothing_from_the_first_moment(
    world: World, login: Login, broker: Broker, ingest: Ingest
) -> None:
    """The broker's guard does not run here: the seconds before it has done its work."""
    with enrolled("vale-verde", broker) as box:
        box.publish(Stream.STATUS, NodeStatus(True, datetime.now(UTC)))
        eventually(lambda: NodeState.objects.get(node=world.node).online, "the box is online")
        client = login(world.gestor)
        period = {"start": "2026-11-25T10:00:00Z", "end": "2026-11-25T11:00:00Z"}
        body = {"camera": str(world.camera.pk), **period}
        opened = client.post("/api/v1/relay-sessions", body, format="json")
        token = certificates.issue_token(None, "vale-verde", "caixa-01").token
        certificates.revoke(None, "vale-verde", "caixa-01", "furtada")

        box.publish_events(Stream.LPR, {1: plate_read(world.camera.pk)})
        box.publish(Stream.STATUS, NodeStatus(True, datetime.now(UTC)))
        with enrolled("serra-azul", broker) as other:  # what it says after shows that the rest was seen
            other.publish(Stream.STATUS, NodeStatus(True, datetime.now(UTC)))
            eventually(lambda: NodeState.objects.get(node=world.other_node).online, "the other one is heard")
        assert not NodeState.objects.get(node=world.node).online
        assert not box.acked(Stream.LPR), "what is not taken stays in its outbox"

        assert opened.status_code == 201, opened.json()
        assert not RelaySession.objects.filter(closed_at__isnull=True).exists(), "its uplinks are hung up"
        assert client.post("/api/v1/relay-sessions", body, format="json").status_code == 409
        upload = messages.UploadImages([messages.ImageUpload("r1", "http://127.0.0.1/x")])
        with pytest.raises(Conflict):
            fleet.send_command(world.node.pk, upload, requester="hub", within=TOKEN_LIFE)
        assert not EnrolmentToken.objects.filter(used_at__isnull=True, node=world.node).exists()
        assert enrol(token).status_code == 400, "a token from before is worth nothing"  # type: ignore[attr-defined]


def test_only_admins_revoke_and_only_what_there_is(world: World, login: Login) -> None:
    body = {"reason": "engano"}
    assert login(world.gestor).post(REVOCATION, body, format="json").status_code == 403
    assert login(world.other_gestor).post(REVOCATION, body, format="json").status_code == 404
    admin = login(world.admin)
    assert admin.post(REVOCATION, {}, format="json").status_code == 400
    nothing = admin.post(REVOCATION, body, format="json")
    assert (nothing.status_code, nothing.json()["type"]) == (409, "urn:gtv:problem:nothing-to-revoke")


def test_a_guard_that_finds_no_broker_says_so_and_tries_again(
    world: World, broker: Broker, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enrolled("vale-verde", broker):
        certificates.revoke(None, "vale-verde", "caixa-01", "furtada")
        with monkeypatch.context() as patch:
            patch.setattr("central_hub.fleet.revocation.PID_FILE", "ca.crt")
            with pytest.raises(BrokerNotFound):
                BrokerGuard().enforce()
        assert NodeCertificate.objects.get(node=world.node).refused_since is None
        BrokerGuard().enforce()
        assert NodeCertificate.objects.get(node=world.node).refused_since


def test_a_box_renews_its_certificate_for_its_own_key_only(
    world: World, broker: Broker, ingest: Ingest
) -> None:
    csr, _ = new_csr()
    token = certificates.issue_token(None, "vale-verde", "caixa-01").token
    first = certificates.enrol(token, csr)
    with Box("vale-verde", "caixa-01", broker) as box:
        box.publish(Stream.CERTIFICATE_REQUEST, CertificateRequest(new_csr()[0]))
        box.publish(Stream.CERTIFICATE_REQUEST, CertificateRequest("no request"))
        box.publish(Stream.CERTIFICATE_REQUEST, CertificateRequest(csr))
        answer = box.wait_for(Stream.CERTIFICATE)
        assert len(box.received[Stream.CERTIFICATE]) == 1, "for another key there is none"
        renewed = x509.load_pem_x509_certificate(answer.certificate_pem.encode())
        old = x509.load_pem_x509_certificate(first.certificate_pem.encode())
        assert (renewed.subject, renewed.public_key()) == (old.subject, old.public_key())
        serial = format(renewed.serial_number, "x")

        state = NodeState.objects.get(node=world.node)
        assert state.certificate_serial == format(old.serial_number, "x"), (
            "until the box has used the new one"
        )
        health = Health(datetime.now(UTC), "1.0", 1, 2, 0, 0, certificate_serial=serial)
        box.publish(Stream.HEALTH, health)
        eventually(
            lambda: NodeState.objects.get(node=world.node).certificate_serial == serial, "the new one in use"
        )
    assert AuditEntry.objects.filter(action="certificate-renewed", actor="vale-verde/caixa-01").count() == 1


@pytest.mark.req("E5")
@pytest.mark.parametrize("stream", list(Stream))
def test_no_box_writes_or_reads_another_boxs_topic(broker: Broker, world: World, stream: Stream) -> None:
    """For every kind of topic, both ways: the broker says no to the very request, or lets nothing through."""
    victim = NodeAddress("serra-azul", "caixa-01")
    with Box("vale-verde", "caixa-01", broker) as box, Box("serra-azul", "caixa-01", broker) as other:
        refused: list[bool] = []
        box.client.on_publish = lambda *arguments: refused.append(arguments[3].is_failure)
        box.client.publish(victim.topic(stream), b"forged", qos=1).wait_for_publish(10)
        box.client.publish(box.address.topic(stream), b"own", qos=1).wait_for_publish(10)
        eventually(lambda: len(refused) == 2, "the broker answers both")
        assert refused == [True, stream in HUB_TO_EDGE], "it writes its own events, and nothing else"

        heard: list[str] = []
        reached: list[str] = []
        box.client.on_message = lambda _, __, message: heard.append(message.topic)
        other.client.on_message = lambda _, __, message: reached.append(message.topic)
        for wanted in (victim.topic(stream), f"gtv/v1/+/+/{stream}", "gtv/v1/serra-azul/#", "#"):
            box.client.subscribe(wanted, qos=1)
        hub = hub_client(broker, reached)
        try:
            sender = other.client if stream in EDGE_TO_HUB else hub
            sender.publish(victim.topic(stream), b"for others' eyes", qos=1).wait_for_publish(10)
            hub.publish(box.address.topic(Stream.ACK), b"for this box", qos=1).wait_for_publish(10)
            if stream != Stream.STATUS:  # retained: the hub client of the tests leaves it out
                eventually(lambda: victim.topic(stream) in reached, "who may read it does")
            eventually(lambda: heard, "the box hears its own topic")
        finally:
            hub.disconnect()
            hub.loop_stop()
        assert {topic.split("/")[2] for topic in heard} == {"vale-verde"}


def test_no_box_takes_over_another_boxs_connection(world: World, broker: Broker) -> None:
    with Box("serra-azul", "caixa-01", broker) as victim, Box("vale-verde", "caixa-01", broker) as box:
        lost, taken_over = threading.Event(), threading.Event()
        victim.client.on_disconnect = lambda *_: lost.set()
        box.client.on_disconnect = lambda *_: taken_over.set()
        thief = paho.Client(CallbackAPIVersion.VERSION2, client_id=str(victim.address), protocol=paho.MQTTv5)
        thief.tls_set_context(box.client._ssl_context)
        thief.connect("127.0.0.1", broker.port)
        thief.loop_start()
        assert taken_over.wait(10), "whatever id it asks for, it gets its own"
        assert not lost.is_set()
        thief.disconnect()
        thief.loop_stop()
