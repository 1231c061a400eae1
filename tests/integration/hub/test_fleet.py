"""Enrolment, the broker's access list, desired state, commands."""

import threading
from datetime import timedelta

import argon2
import paho.mqtt.client as paho
import pytest
from cryptography import x509
from django.utils import timezone
from paho.mqtt.enums import CallbackAPIVersion
from rest_framework.test import APIClient

from central_hub import pki
from central_hub.accounts import services as accounts
from central_hub.cities import services as cities
from central_hub.fleet import certificates
from central_hub.fleet import services as fleet
from central_hub.fleet.models import Command, EnrolmentToken, NodeState
from central_hub.fleet.tasks import prune_tokens
from central_hub.kernel import Unavailable
from protocol import messages
from protocol.topics import EDGE_TO_HUB, HUB_TO_EDGE, NodeAddress, Stream
from tests.integration.conftest import Broker
from tests.integration.hub.box import Box, eventually, new_csr
from tests.integration.hub.conftest import PASSWORD, Login, World
from tests.integration.hub.test_accounts import at_once

ENROLMENT = "/api/v1/enrolment"


def enrol(token: str, csr: str | None = None) -> object:
    body = {"token": token, "csr_pem": csr or new_csr()[0]}
    return APIClient().post(ENROLMENT, body, format="json")


@pytest.mark.req("E5")
def test_a_token_gives_a_certificate_for_the_boxs_own_name(
    world: World, login: Login, broker: Broker
) -> None:
    client = login(world.admin)
    issued = client.post("/api/v1/nodes/vale-verde/caixa-01/enrolment-tokens").json()
    assert issued["token"] in issued["command"]
    answer = enrol(issued["token"], new_csr("serra-azul/caixa-01")[0])
    assert answer.status_code == 201
    given = answer.json()
    assert (given["city"], given["node"]) == ("vale-verde", "caixa-01")
    assert (given["broker_host"], given["broker_port"]) == ("127.0.0.1", broker.port)
    certificate = x509.load_pem_x509_certificate(given["certificate_pem"].encode())
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert [name.value for name in names] == ["vale-verde/caixa-01"], "whatever the request asks for"
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(given["ca_pem"].encode()))
    assert NodeState.objects.get(node=world.node).certificate_serial == format(certificate.serial_number, "x")


def test_a_token_works_once_even_for_two_at_the_same_moment(world: World) -> None:
    token = certificates.issue_token(None, "vale-verde", "caixa-01").token
    answers = at_once(4, lambda _: enrol(token).status_code)
    assert sorted(answers) == [201, 400, 400, 400]


def test_a_late_or_invented_token_is_refused_and_a_bad_request_costs_no_token(world: World) -> None:
    token = certificates.issue_token(None, "vale-verde", "caixa-01").token
    assert enrol("invented").status_code == 400
    assert enrol(token, "not a csr").json()["errors"].keys() == {"csr_pem"}
    EnrolmentToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert enrol(token).status_code == 400
    assert token not in str(list(EnrolmentToken.objects.values())), "only the hash is stored"
    assert prune_tokens() == 1 and not EnrolmentToken.objects.exists()


def test_only_admins_issue_tokens_and_add_boxes(world: World, login: Login) -> None:
    gestor = login(world.gestor)
    assert gestor.post("/api/v1/nodes/vale-verde/caixa-01/enrolment-tokens").status_code == 403
    new = {"city": "vale-verde", "code": "caixa-02"}
    assert gestor.post("/api/v1/nodes", new, format="json").status_code == 403
    admin = login(world.admin)
    assert admin.post("/api/v1/nodes", new, format="json").json()["online"] is False
    assert admin.post("/api/v1/nodes", new, format="json").status_code == 409
    assert admin.post("/api/v1/nodes", {**new, "code": "Caixa 3"}, format="json").status_code == 400


@pytest.mark.req("E5")
def test_the_broker_holds_every_box_to_its_own_topics(world: World, broker: Broker, box: Box) -> None:
    with Box("serra-azul", "caixa-01", broker) as other:
        for stream in HUB_TO_EDGE:
            other.client.subscribe(NodeAddress("vale-verde", "caixa-01").topic(stream), qos=1)
        other.client.subscribe("gtv/v1/#", qos=1)
        fleet.publish_desired(world.node.pk)
        box.wait_for(Stream.DESIRED)
        other.wait_for(Stream.DESIRED, lambda desired: desired.city == "serra-azul")
        assert {desired.city for desired in other.received[Stream.DESIRED]} == {"serra-azul"}

        heard: list[str] = []
        hub = hub_client(broker, heard)
        other.publish_raw(box.address.topic(Stream.LPR), b"forged")
        other.publish_raw(other.address.topic(Stream.DESIRED), b"forged", retain=False)
        other.publish_raw(other.address.topic(Stream.LPR), b"own")
        eventually(lambda: heard, "the hub hears the box's own topic")
        assert heard == [other.address.topic(Stream.LPR)]
        hub.disconnect()
        hub.loop_stop()


def test_the_broker_refuses_who_has_no_certificate(broker: Broker) -> None:
    anonymous = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    anonymous.tls_set(ca_certs=str(broker.pki / "ca.crt"))
    refused = threading.Event()
    anonymous.on_disconnect = lambda *_: refused.set()
    anonymous.on_connect = lambda *arguments: None if arguments[3].is_failure else pytest.fail("connected")
    try:
        anonymous.connect("127.0.0.1", broker.port)
        anonymous.loop_start()
        assert refused.wait(10)
    except OSError:
        pass  # TLS said no at once
    finally:
        anonymous.loop_stop()


def hub_client(broker: Broker, heard: list[str]) -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    files = {name: str(broker.pki / f"hub.{name}") for name in ("crt", "key")}
    client.tls_set(ca_certs=str(broker.pki / "ca.crt"), certfile=files["crt"], keyfile=files["key"])
    ready = threading.Event()
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _, __, message: heard.append(message.topic)
    client.connect("127.0.0.1", broker.hub_port)
    client.loop_start()
    client.subscribe([(f"gtv/v1/+/+/{stream}", 1) for stream in EDGE_TO_HUB if stream != Stream.STATUS])
    assert ready.wait(10)
    return client


@pytest.mark.req("S3.2")
def test_a_change_of_cameras_users_or_plan_reaches_the_box_as_a_new_revision(world: World, box: Box) -> None:
    first = box.wait_for(Stream.DESIRED)
    assert [camera.id for camera in first.cameras] == [str(world.camera.pk)]
    assert (first.city, first.retention_days, first.timezone) == ("vale-verde", 7, "America/Sao_Paulo")
    assert {user.username for user in first.users} == {"admin", "gestora", "vigilante"}

    added = world.add_camera(world.city, world.node, "Saída")
    second = box.wait_for(Stream.DESIRED, lambda desired: len(desired.cameras) == 2)
    assert second.revision == first.revision + 1

    accounts.change_user(world.gestor, world.viewer.pk, is_active=False)
    third = box.wait_for(Stream.DESIRED, lambda desired: len(desired.users) == 2)
    cities.change_city(world.admin, "vale-verde", plan=cities.plan_of_days(30))
    fourth = box.wait_for(Stream.DESIRED, lambda desired: desired.retention_days == 30)
    cities.archive_camera(world.gestor, added.pk)
    fifth = box.wait_for(
        Stream.DESIRED, lambda desired: len(desired.cameras) == 1 and desired.revision > fourth.revision
    )
    assert [third.revision, fourth.revision, fifth.revision] == [second.revision + n for n in (1, 2, 3)]


def test_what_changes_nothing_makes_no_revision(world: World) -> None:
    before = NodeState.objects.get(node=world.node).desired_revision
    cities.change_city(world.admin, "vale-verde", name="Vale Verde")
    world.add_camera(world.other_city, world.other_node, "elsewhere")
    assert NodeState.objects.get(node=world.node).desired_revision == before


def test_the_console_can_check_passwords_with_what_it_is_sent(world: World, box: Box) -> None:
    (gestora,) = [user for user in box.wait_for(Stream.DESIRED).users if user.username == "gestora"]
    assert gestora.password_hash.startswith("$argon2id$")
    assert argon2.PasswordHasher().verify(gestora.password_hash, PASSWORD)


def test_a_command_gets_exactly_one_reply_from_its_own_box(world: World, box: Box) -> None:
    action = messages.UploadImages([messages.ImageUpload("r1", "http://127.0.0.1/x")])
    command_id = fleet.send_command(world.node.pk, action, requester="hub", within=timedelta(minutes=1))
    sent = box.wait_for(Stream.CMD)
    assert (sent.id, sent.requester, sent.action) == (str(command_id), "hub", action)
    reply = messages.Reply(str(command_id), ok=False, error="disk full")
    assert not fleet.take_reply(world.other_node.pk, reply), "another box cannot answer"
    assert fleet.take_reply(world.node.pk, reply)
    assert not fleet.take_reply(world.node.pk, messages.Reply(str(command_id), ok=True)), "the first counts"
    assert not fleet.take_reply(world.node.pk, messages.Reply("no-such-command", ok=True))
    command = Command.objects.get(pk=command_id)
    assert (command.ok, command.error) == (False, "disk full") and command.replied_at is not None


def test_a_command_without_a_broker_says_so(world: World, broker: Broker, settings: object) -> None:
    from central_hub import mqtt

    mqtt.publisher().close()
    mqtt.publisher.cache_clear()
    settings.GTV_MQTT_PORT = 1  # type: ignore[attr-defined]  # nobody listens there
    action = messages.UploadImages([messages.ImageUpload("r1", "http://127.0.0.1/x")])
    with pytest.raises(Unavailable):
        fleet.send_command(world.node.pk, action, requester="hub", within=timedelta(minutes=1))


def test_certificate_requests_of_other_kinds_are_refused(broker: Broker) -> None:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = csr.public_bytes(serialization.Encoding.PEM).decode()
    with pytest.raises(pki.InvalidRequest, match="P-256"):
        pki.Authority(broker.pki).issue_for_node(pem, "vale-verde/caixa-01")
    own, _ = new_csr()
    lines = own.splitlines()
    lines[2] = lines[2][::-1]
    with pytest.raises(pki.InvalidRequest):
        pki.Authority(broker.pki).issue_for_node("\n".join(lines), "vale-verde/caixa-01")
