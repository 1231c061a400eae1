"""A change at the hub is applied by a running box, and the hub hears that it is."""

import time
from typing import Any

import pytest

from central_hub.cities import services as cities
from tests.integration.hub.conftest import Login, World
from tests.integration.system.conftest import Site

ADDRESS = "/api/v1/nodes/vale-verde/caixa-01/configuration"


@pytest.mark.req("S3.2")
def test_a_change_of_plan_camera_or_person_is_applied_and_reported(
    site: Site, world: World, login: Login
) -> None:
    client = login(world.gestor)

    def seen() -> dict[str, Any]:
        return dict(client.get(ADDRESS).json())

    def applied() -> bool:
        found = seen()
        return found["reported_revision"] == found["desired_revision"] and found["differences"] == []

    with site.running():
        site.until(applied, "what there was is applied")
        for days in (30, 15):
            before, start = seen()["desired_revision"], time.monotonic()
            cities.change_city(world.admin, "vale-verde", plan=cities.plan_of_days(days))
            site.until(applied, "the plan is applied")
            print(f"applied and reported after {time.monotonic() - start:.2f} s")
            assert seen()["desired_revision"] == before + 1 and seen()["behind_since"] is None
        site.until(lambda: '"retention_days": 15' in site.gtv("status", "--json"), "the box goes by it")
