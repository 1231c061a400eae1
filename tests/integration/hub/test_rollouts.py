"""A release at the hub: put in by the operator, rolled out by an admin, halted by a box that goes back."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from django.db import IntegrityError
from rest_framework.test import APIClient

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.fleet import releases, rollouts
from central_hub.fleet.models import Release, Rollout, RolloutNode
from central_hub.ingest.process import Ingest
from central_hub.kernel import Conflict, InvalidInput
from protocol import messages
from protocol.messages import InstallRelease, UpdateReport
from protocol.releases import verify
from protocol.topics import Stream
from tests.integration.conftest import Broker
from tests.integration.hub.box import Box, eventually
from tests.integration.hub.conftest import Login, World

NEW = "2.0.0"


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """Two wheels, as far as the hub looks at them."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name in (f"gt_vision-{NEW}-py3-none-any.whl", "other-1.0-py3-none-any.whl"):
        with zipfile.ZipFile(folder / name, "w") as wheel:
            wheel.writestr("module.py", b"x" * 1000)
    return folder


@pytest.fixture
def release(world: World, wheels: Path) -> Release:
    return releases.register(wheels, "mais rápida")


class Desk:
    """An admin who starts rollouts."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def start(self, **asked: Any) -> dict[str, Any]:
        body = {"version": NEW, "soak_minutes": 0, **asked}
        answer = self.client.post("/api/v1/rollouts", body, format="json")
        assert answer.status_code == 201, answer.json()
        return dict(answer.json())

    def show(self) -> dict[str, Any]:
        (newest, *_) = self.client.get("/api/v1/rollouts").json()
        return dict(self.client.get(f"/api/v1/rollouts/{newest['id']}").json())

    def state(self) -> str:
        return str(self.show()["rollout"]["state"])

    def node(self, city: str) -> dict[str, Any]:
        return next(node for node in self.show()["nodes"] if node["city"] == city)

    def act(self, action: str) -> int:
        path = f"/api/v1/rollouts/{self.show()['rollout']['id']}/action"
        return int(self.client.post(path, {"action": action}, format="json").status_code)


@pytest.fixture
def desk(world: World, login: Login) -> Desk:
    return Desk(login(world.admin))


def tell(box: Box, version: str = "1.0.0", report: UpdateReport | None = None, cameras: int = 1) -> None:
    """One of a box's health messages."""
    health = messages.Health(
        at=datetime.now(UTC),
        agent_version=version,
        disk_free_bytes=1,
        disk_total_bytes=1,
        outbox_depth=0,
        desired_revision=0,
        cameras=[messages.CameraHealth(str(number), "online") for number in range(cameras)],
        update=report,
    )
    box.publish(Stream.HEALTH, health)


def come(box: Box) -> None:
    box.publish(Stream.STATUS, messages.NodeStatus(True, datetime.now(UTC)))
    tell(box)


def order_to(box: Box, since: int = 0) -> InstallRelease:
    """The newest order to install, after so many."""

    def orders() -> list[InstallRelease]:
        found = [command.action for command in box.received[Stream.CMD]]
        return [action for action in found if isinstance(action, InstallRelease)][since:]

    eventually(orders, "an order to install")
    return orders()[-1]


@pytest.fixture
def other_box(world: World, broker: Broker) -> Iterator[Box]:
    with Box("serra-azul", "caixa-01", broker) as connected:
        yield connected


@pytest.fixture
def advancing() -> Callable[[Callable[[], Any], str], None]:
    """Wait while the job runs, as beat has it run."""

    def until(reached: Callable[[], Any], what: str) -> None:
        eventually(lambda: (rollouts.advance(), reached())[1], what)

    return until


Advancing = Callable[[Callable[[], Any], str], None]


# --- releases -----------------------------------------------------------------------------


def test_a_release_is_signed_stored_and_noted(
    release: Release, broker: Broker, wheels: Path, desk: Desk
) -> None:
    from central_hub import objects
    from protocol.releases import SignedRelease

    (shown,) = desk.client.get("/api/v1/releases").json()
    assert (shown["version"], shown["notes"]) == (NEW, "mais rápida")
    ca = x509.load_pem_x509_certificate((broker.pki / "ca.crt").read_bytes())
    verified = verify(SignedRelease(**release.signed), ca, datetime.now(UTC))
    stored = httpx.get(objects.presigned_get(release.object_key)).content
    assert (verified.version, verified.archive_bytes) == (NEW, len(stored))
    assert verified.archive_sha256 == hashlib.sha256(stored).hexdigest() == shown["sha256"]
    assert verified.installed_bytes == 2000
    assert sorted(zipfile.ZipFile(io.BytesIO(stored)).namelist()) == sorted(
        wheel.name for wheel in wheels.iterdir()
    )
    assert AuditEntry.objects.get(action="release-registered").target == NEW


def test_a_version_is_registered_once_and_needs_its_wheel(release: Release, wheels: Path) -> None:
    with pytest.raises(Conflict):
        releases.register(wheels)
    (own,) = wheels.glob("gt_vision*")
    own.rename(wheels / "gt_vision-2.0.0rc1-py3-none-any.whl")
    with pytest.raises(InvalidInput, match="três números"):
        releases.register(wheels)
    own.with_name("gt_vision-2.0.0rc1-py3-none-any.whl").unlink()
    with pytest.raises(InvalidInput, match="precisa ter um pacote"):
        releases.register(wheels)


# --- rollouts -----------------------------------------------------------------------------


def test_the_canary_first_then_the_others_then_it_is_done(
    release: Release, desk: Desk, ingest: Ingest, box: Box, other_box: Box, advancing: Advancing
) -> None:
    come(box)
    come(other_box)
    begun = desk.start(canaries=["vale-verde/caixa-01"], shares=[100])
    assert [node["city"] for node in begun["nodes"]] == ["vale-verde", "serra-azul"]
    advancing(lambda: desk.node("vale-verde")["state"] == "ordered", "the canary is told")
    order = order_to(box)
    assert hashlib.sha256(httpx.get(order.url).content).hexdigest() == release.sha256
    tell(box, report=UpdateReport(order.attempt, NEW, "downloading"))
    advancing(lambda: desk.node("vale-verde")["step"] == "downloading", "what the box does is shown")
    assert not other_box.received[Stream.CMD], "the others wait for the canary"
    tell(box, NEW, UpdateReport(order.attempt, NEW, "confirmed"))
    advancing(lambda: desk.node("vale-verde")["state"] == "done", "the canary is done")
    advancing(lambda: desk.node("serra-azul")["state"] == "ordered", "the next stage is told")
    tell(other_box, NEW, UpdateReport(order_to(other_box).attempt, NEW, "confirmed"))
    advancing(lambda: desk.state() == "done", "the rollout is done")
    told = AuditEntry.objects.filter(action__startswith="rollout").values_list("action", flat=True)
    assert list(told.order_by("id")) == ["rollout-started", "rollout-done"]


def test_a_box_that_goes_back_halts_the_rollout_until_an_admin_resumes_it(
    release: Release, desk: Desk, ingest: Ingest, box: Box, other_box: Box, advancing: Advancing
) -> None:
    come(box)
    come(other_box)
    desk.start(canaries=["vale-verde/caixa-01"], shares=[100])
    advancing(lambda: desk.node("vale-verde")["state"] == "ordered", "the canary is told")
    order = order_to(box)
    tell(box, report=UpdateReport(order.attempt, NEW, "rolled-back", "a nova versão terminou sozinha"))
    advancing(lambda: desk.state() == "halted", "the rollout is halted")
    assert desk.node("vale-verde")["state"] == "rolled-back"
    assert desk.show()["rollout"]["reason"] == "a nova versão terminou sozinha"
    assert AuditEntry.objects.get(action="rollout-halted").actor == "system"
    assert rollouts.advance() == 0 and not other_box.received[Stream.CMD]

    assert desk.act("resume") == 200
    advancing(lambda: desk.node("vale-verde")["state"] == "ordered", "the box gets another try")
    again = order_to(box, since=1)
    assert again.attempt != order.attempt, "of which the box does not know how it ends"
    tell(box, NEW, UpdateReport(again.attempt, NEW, "confirmed"))
    advancing(lambda: desk.node("serra-azul")["state"] == "ordered", "and the others follow")


def test_paused_and_cancelled_rollouts_tell_nobody(
    release: Release, desk: Desk, ingest: Ingest, box: Box, advancing: Advancing
) -> None:
    come(box)
    desk.start(shares=[100])
    assert desk.act("pause") == 200 and desk.act("pause") == 409
    eventually(lambda: desk.node("vale-verde")["online"], "the box is in contact")
    assert rollouts.advance() == 0
    assert desk.act("cancel") == 200 and desk.act("resume") == 409
    assert rollouts.advance() == 0 and not box.received[Stream.CMD]
    assert desk.state() == "cancelled" and desk.show()["rollout"]["ended_at"]


def test_one_rollout_at_a_time_of_a_version_that_there_is(release: Release, desk: Desk) -> None:
    def refused(**asked: Any) -> int:
        body = {"version": NEW, "soak_minutes": 0, **asked}
        return int(desk.client.post("/api/v1/rollouts", body, format="json").status_code)

    assert refused(version="9.9.9") == refused(shares=[50]) == refused(shares=[50, 20, 100]) == 400
    assert refused(canaries=["vale-verde/nenhuma"]) == refused(shares=[]) == 400
    desk.start()
    assert refused() == 409
    with pytest.raises(IntegrityError):
        Rollout.objects.create(release=release, stages=1, soak_s=0, created_by="x")


def test_a_revoked_box_is_in_no_rollout(release: Release, desk: Desk, world: World) -> None:
    from central_hub.fleet.models import NodeState

    NodeState.objects.filter(node=world.other_node).update(revoked_at=datetime.now(UTC))
    assert [node["city"] for node in desk.start()["nodes"]] == ["vale-verde"]


def test_a_large_fleet_is_looked_at_with_few_queries(
    release: Release, desk: Desk, world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        cities.add_node(None, "vale-verde", f"caixa-{number + 2:02}")
    desk.start()
    with django_assert_max_num_queries(13):
        rollouts.advance()
        assert len(desk.show()["nodes"]) == 32
    assert RolloutNode.objects.filter(state="waiting").count() == 32, "nobody is in contact"
