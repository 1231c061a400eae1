"""What a box should have applied and has not, as people see it at the hub."""

from datetime import UTC, datetime
from typing import Any

import pytest

from central_hub.cities import services as cities
from central_hub.fleet import services as fleet
from central_hub.fleet.models import NodeState
from protocol.messages import Health
from tests.integration.hub.conftest import Login, World

ADDRESS = "/api/v1/nodes/vale-verde/caixa-01/configuration"


def report(world: World, revision: int) -> None:
    fleet.node_health(world.node.pk, Health(datetime.now(UTC), "1", 1, 2, 0, revision))


@pytest.mark.req("S3.2")
def test_lag_and_differences_are_told_field_by_field_until_the_box_has_applied_them(
    world: World, login: Login
) -> None:
    def seen() -> dict[str, Any]:
        return dict(login(world.gestor).get(ADDRESS).json())

    new = seen()
    assert new["reported_revision"] is None and f"cameras/{world.camera.pk}/name" in str(new["differences"])
    revision = NodeState.objects.get(node=world.node).desired_revision
    report(world, revision)
    applied = seen()
    assert (applied["behind_since"], applied["lag_s"], applied["differences"]) == (None, 0.0, [])

    cities.change_city(world.admin, "vale-verde", plan=cities.plan_of_days(30))
    cities.change_camera(world.gestor, world.camera, name="Entrada nova", rtsp_url="rtsp://u:n0va@10.0.0.9/x")
    behind = seen()
    assert behind["desired_revision"] == revision + 2 and behind["reported_revision"] == revision
    assert behind["behind_since"] and behind["lag_s"] >= 0
    told = {one["field"]: (one["applied"], one["desired"], one["secret"]) for one in behind["differences"]}
    camera = f"cameras/{world.camera.pk}"
    assert told == {
        "retention_days": (7, 30, False),
        f"{camera}/name": ("Entrada", "Entrada nova", False),
        f"{camera}/rtsp_url": (None, None, True),
    }
    assert "n0va" not in str(behind)

    report(world, revision + 1)
    between = seen()
    assert between["differences"] is None and between["behind_since"], "of what lies between nothing is kept"
    report(world, revision + 2)
    assert (seen()["differences"], seen()["behind_since"]) == ([], None)


def test_it_is_for_who_governs_the_city(world: World, login: Login) -> None:
    assert login(world.viewer).get(ADDRESS).status_code == 403
    assert login(world.other_gestor).get(ADDRESS).status_code == 404
    assert login(world.admin).get(ADDRESS).status_code == 200
