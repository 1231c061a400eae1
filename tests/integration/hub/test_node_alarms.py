"""Health of boxes at the hub, its history, and alarms: opened once, acknowledged, escalated once, closed."""

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from central_hub.fleet import alarms
from central_hub.fleet import services as fleet
from central_hub.fleet.models import Escalation, NodeAlarm, NodeSample, NodeState
from central_hub.fleet.tasks import prune_health, watch_nodes
from protocol.messages import Alarm, CameraHealth, Health, NodeStatus
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.receiver import Receiver
from tests.integration.hub.test_accounts import at_once

ALARMS = "/api/v1/node-alarms"


def report(world: World, at: datetime | None = None, **changes: object) -> None:
    """The box of the first prefeitura is online and says how it is."""
    fleet.node_status(world.node.pk, NodeStatus(True, datetime.now(UTC)))
    revision = NodeState.objects.get(node=world.node).desired_revision
    camera = CameraHealth(str(world.camera.pk), "online")
    known = {
        "cpu_share": 0.25, "clock_synchronised": True, "clock_error_ms": 3, "cameras": [camera],
        "system": "Linux", **changes,
    }  # fmt: skip
    now = at or datetime.now(UTC)
    fleet.node_health(world.node.pk, Health(now, "1.2.3", 500, 1000, 7, revision, **known))  # type: ignore[arg-type]


def keys() -> list[str]:
    return sorted(NodeAlarm.objects.filter(closed_at__isnull=True).values_list("key", flat=True))


@pytest.fixture
def receiver(settings: SimpleNamespace) -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    settings.GTV_WEBHOOK_PRIVATE = True
    settings.GTV_ALARM_WEBHOOK_URL, settings.GTV_ALARM_WEBHOOK_SECRET = server.url, "s3cret"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_health_of_a_box_is_in_the_api_with_a_small_history(world: World, login: Login) -> None:
    start = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    for seconds in range(0, 900, 5):
        report(world, start + timedelta(seconds=seconds))
    detail = login(world.gestor).get("/api/v1/nodes/vale-verde/caixa-01").json()
    node = detail["node"]
    assert (node["cpu_share"], node["clock_error_ms"], node["agent_version"]) == (0.25, 3, "1.2.3")
    assert (node["cameras_online"], node["cameras_total"]) == (1, 1)
    assert [sample["at"][11:16] for sample in detail["history"]] == ["03:00", "03:05", "03:10"]
    assert detail["history"][0]["disk_free_bytes"] == 500
    assert login(world.other_gestor).get("/api/v1/nodes/vale-verde/caixa-01").status_code == 404
    NodeSample.objects.filter(at=start).update(at=timezone.now() - timedelta(hours=49))
    assert prune_health() >= 1


def test_an_alarm_opens_once_and_closes_when_its_cause_is_over(world: World, login: Login) -> None:
    report(world)
    watch_nodes()
    assert keys() == []
    report(world, cameras=[CameraHealth(str(world.camera.pk), "offline")], alarms=[Alarm("Disco cheio.")])
    at_once(4, lambda _: alarms.watch())
    assert len(keys()) == 2 and "cameras-down" in keys()
    first = login(world.gestor).get(ALARMS).json()["results"]
    assert {alarm["text"] for alarm in first} == {"1 de 1 câmeras sem vídeo.", "Disco cheio."}
    assert login(world.other_gestor).get(ALARMS).json()["results"] == []
    report(world)
    watch_nodes()
    assert keys() == []
    assert login(world.gestor).get(ALARMS).json()["results"] == []
    closed = login(world.gestor).get(ALARMS, {"open": "false"}).json()["results"]
    assert len(closed) == 2 and all(alarm["closed_at"] for alarm in closed)


def test_a_box_out_of_contact_is_an_alarm_and_what_it_last_said_stays_open(world: World) -> None:
    report(world, alarms=[Alarm("Disco cheio.", critical=True)])
    watch_nodes()
    fleet.node_status(world.node.pk, NodeStatus(False, datetime.now(UTC)))
    watch_nodes()
    assert len(keys()) == 1, "a line that hiccups is no alarm"
    NodeState.objects.filter(node=world.node).update(last_seen_at=timezone.now() - timedelta(minutes=5))
    watch_nodes()
    assert len(keys()) == 2 and "offline" in keys()
    report(world)
    watch_nodes()
    assert keys() == []


def test_an_alarm_is_acknowledged_by_one_who_governs_and_by_one_only(world: World, login: Login) -> None:
    report(world, alarms=[Alarm("Disco cheio.", critical=True)])
    watch_nodes()
    address = f"{ALARMS}/{NodeAlarm.objects.get().pk}/acknowledgement"
    assert login(world.viewer).post(address, {}, format="json").status_code == 403
    assert login(world.other_gestor).post(address, {}, format="json").status_code == 404
    answers = at_once(3, lambda _: login(world.gestor).post(address, {"note": "vou lá"}, format="json"))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]  # type: ignore[attr-defined]
    alarm = login(world.gestor).get(ALARMS).json()["results"][0]
    assert (alarm["acknowledged_by"], alarm["note"]) == ("gestora", "vou lá") and alarm["acknowledged_at"]


def test_a_critical_alarm_that_nobody_takes_reaches_the_central_once(
    world: World, receiver: Receiver
) -> None:
    report(world, alarms=[Alarm("Disco cheio.", critical=True), Alarm("Sem NTP.")])
    watch_nodes()
    assert receiver.received == [], "not before its time"
    NodeAlarm.objects.update(opened_at=timezone.now() - timedelta(minutes=11))
    receiver.answers = [500]
    watch_nodes()
    assert Escalation.objects.get().attempts == 1 and Escalation.objects.get().delivered_at is None
    Escalation.objects.update(next_at=timezone.now())
    at_once(4, lambda _: alarms.escalate())
    watch_nodes()
    assert len(receiver.received) == 2, "tried again after the failure, and then no more"
    headers, body = receiver.received[-1]
    told = json.loads(body)
    assert (told["node"], told["text"]) == ("vale-verde/caixa-01", "Disco cheio.")
    assert headers["X-GTV-Signature"].startswith("t=")
    assert NodeAlarm.objects.filter(escalated_at__isnull=False).count() == 1, "only what is critical"


def test_an_alarm_that_was_taken_or_is_over_is_not_escalated(
    world: World, login: Login, receiver: Receiver
) -> None:
    report(world, alarms=[Alarm("Disco cheio.", critical=True)])
    watch_nodes()
    NodeAlarm.objects.update(opened_at=timezone.now() - timedelta(minutes=11))
    alarms.acknowledge(world.admin, NodeAlarm.objects.get().pk, "")
    watch_nodes()
    report(world)
    watch_nodes()
    report(world, alarms=[Alarm("Disco cheio.", critical=True)])
    watch_nodes()
    assert NodeAlarm.objects.count() == 2, "what comes again is a new alarm"
    assert receiver.received == []


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as takes a message."""

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline().decode().strip().upper():
            if line == "DATA":
                self._say("354 go on")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.server.mails.append(text.decode())  # type: ignore[attr-defined]
            self._say("221 bye" if line == "QUIT" else "250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def test_the_central_hears_of_it_by_e_mail_too(world: World, settings: SimpleNamespace) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail) as server:
        server.mails = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.GTV_ALARM_EMAILS = ["plantao@central.example"]
        report(world, alarms=[Alarm("Disco cheio.", critical=True)])
        watch_nodes()
        NodeAlarm.objects.update(opened_at=timezone.now() - timedelta(minutes=11))
        watch_nodes()
        watch_nodes()
        server.shutdown()
        thread.join()
        (mail,) = server.mails  # type: ignore[attr-defined]
    assert "plantao@central.example" in mail
    assert "/caixas/vale-verde/caixa-01" in mail, "the page of the box"
