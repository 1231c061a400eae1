"""What a technician at the hub has done on a real box, and what he gets back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from central_hub.audit.models import AuditEntry
from central_hub.fleet.models import Command
from tests.integration.hub.conftest import Login, World
from tests.integration.system.conftest import RTSP_PASSWORD, Site

COMMANDS = "/api/v1/nodes/vale-verde/caixa-01/commands"


class Desk:
    """An admin's API."""

    def __init__(self, world: World, login: Login, site: Site) -> None:
        self.client, self._site = login(world.admin), site

    def give(self, action: str, **more: Any) -> str:
        answer = self.client.post(COMMANDS, {"action": action, **more}, format="json")
        assert answer.status_code == 202, answer.json()
        return str(answer.json()["id"])

    def result(self, order: str) -> dict[str, Any]:
        def answered() -> dict[str, Any] | None:
            found: dict[str, Any] = self.client.get(f"/api/v1/node-commands/{order}").json()
            return found if found["state"] != "waiting" else None

        return dict(self._site.until(answered, "an answer"))


@pytest.fixture
def desk(world: World, login: Login, site: Site) -> Desk:
    return Desk(world, login, site)


def test_doctor_logs_and_camera_are_asked_from_far_away(site: Site, desk: Desk, world: World) -> None:
    with site.running():
        site.until(lambda: site.cameras()["Entrada"]["state"] == "online", "the camera recorded")
        examined = desk.result(desk.give("run-doctor"))
        assert examined["state"] == "done"
        subjects = {finding["subject"]: finding["ok"] for finding in examined["result"]["findings"]}
        assert subjects["agente"] and subjects["certificado da caixa"] and subjects["câmera Entrada"]

        stream = desk.result(desk.give("probe-camera", camera=str(world.camera.pk)))["result"]["stream"]
        assert stream["ok"] and stream["codec"] == "H.264" and stream["width"] > 0

        log = desk.result(desk.give("collect-logs"))["result"]["log"]
        assert any("agent_starting" in line for line in log)
        assert RTSP_PASSWORD not in "".join(log)
        site.until(
            lambda: AuditEntry.objects.filter(actor__contains="admin (central)").count() == 3,
            "the box's own trail tells of it too",
        )
    assert AuditEntry.objects.filter(action="node-command", actor="admin").count() == 3


def test_a_box_that_is_told_to_restarts_and_goes_on(site: Site, desk: Desk) -> None:
    with site.running() as box:
        assert desk.result(desk.give("restart-agent"))["state"] == "done"
        site.until(lambda: site.log_text().count('"agent_starting"') == 2, "it starts again")
        site.until(lambda: site.node()["online"], "and is in contact")
        assert box.running, "whoever watches the process has seen nothing"
        assert desk.result(desk.give("collect-logs"))["state"] == "done"


def test_an_order_waits_for_a_box_that_is_away_or_runs_out(site: Site, desk: Desk) -> None:
    late, waiting = desk.give("collect-logs"), desk.give("run-doctor", within_s=600)
    Command.objects.filter(pk=late).update(deadline=timezone.now() - timedelta(seconds=1))
    assert desk.result(late)["state"] == "expired"
    with site.running():
        assert desk.result(waiting)["state"] == "done"
        states = {order["id"]: order["state"] for order in desk.client.get(COMMANDS).json()}
        assert states == {late: "expired", waiting: "done"}, "what ran out is not carried out"


def test_who_may_order_what(site: Site, world: World, login: Login) -> None:
    def give(user: Any, **body: Any) -> int:
        return int(login(user).post(COMMANDS, body, format="json").status_code)

    probe = {"action": "probe-camera", "camera": str(world.camera.pk)}
    assert give(world.gestor, **probe) == 202
    assert give(world.viewer, **probe) == 403
    assert give(world.other_gestor, **probe) == 404
    assert give(world.gestor, action="restart-agent") == 403
    assert give(world.admin, action="rm -rf /") == 400
    assert give(world.admin, action="probe-camera") == 400
    assert give(world.admin, action="probe-camera", camera=str(world.other_camera.pk)) == 400
    assert login(world.viewer).get(COMMANDS).status_code == 403
