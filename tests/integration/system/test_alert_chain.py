"""A watched plate, from the camera's push at the box to the hub's pages and the city's own system.

Nothing of the chain is left out: the box's process, the broker, the processes of ingest and jobs,
the hub's WebSocket, and a receiver of webhooks. How long it takes is measured by `make bench-alerts`.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from websockets.sync.client import connect

from central_hub import webhooks
from central_hub.cities import services as cities
from central_hub.lpr.models import PlateRead
from demo.engines import OwnedProcess, Postgres
from tests.integration.hub.box import eventually
from tests.integration.hub.conftest import Login, World, access_token, web
from tests.integration.hub.receiver import Receiver
from tests.integration.hub.test_watchlist import receiver
from tests.integration.system.conftest import GTV, Site
from tests.integration.system.plates import LPR_SECRET, push

__all__ = ["receiver", "web"]  # fixtures

WATCHED = ["QRT1A11", "QRT2B22", "QRT3C33"]
#: Nothing of this depends on speed: how fast it is the benchmark says.
WITHIN_S = 60.0


def hub_environment(settings: Any, postgres: Postgres) -> dict[str, str]:
    """What makes another process part of this test's hub."""
    from django.db import connection

    server, _, _ = postgres.url.rpartition("/")
    names = (
        "REDIS_URL",
        "MQTT_HOST",
        "MQTT_PORT",
        "PKI_DIR",
        "S3_ENDPOINT",
        "S3_ACCESS_KEY",
        "S3_SECRET_KEY",
    )
    return {
        **os.environ,
        **{f"GTV_{name}": str(getattr(settings, f"GTV_{name}")) for name in names},
        "GTV_DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "GTV_WEBHOOK_PRIVATE": "1",
    }


@pytest.fixture
def jobs_and_ingest(
    world: World, settings: SimpleNamespace, postgres: Postgres, tmp_path: Path
) -> Iterator[None]:
    environment = hub_environment(settings, postgres)
    with ExitStack() as stack:
        for name, ready in (("ingest", "ingest_connected"), ("worker", " ready")):
            log = tmp_path / f"{name}.log"
            process = OwnedProcess(
                name,
                [GTV, "hub", name],
                log=log,
                env=environment,
                ready=lambda log=log, ready=ready: ready in log.read_text(),  # type: ignore[misc]
                ready_within_s=60,
            )
            stack.enter_context(process)
        yield


@pytest.fixture
def site(jobs_and_ingest: None, world: World, login: Login, live_server: LiveServer, tmp_path: Path) -> Site:
    """An enrolled box, whose camera may push."""
    digest = hashlib.sha256(LPR_SECRET.encode()).hexdigest()
    cities.change_camera(None, world.camera, lpr_secret_sha256=digest)
    made = Site(tmp_path / "box", world, login, live_server.url)
    made.enrol()
    return made


def applied(node: dict[str, Any]) -> bool:
    return bool(node["reported_revision"]) and node["reported_revision"] == node["desired_revision"]


@pytest.mark.timeout(300)  # three processes start, which takes a busy machine a minute
@pytest.mark.req("S10.1", "S11.1")
def test_pages_and_webhook_hear_of_watched_plates_in_the_order_of_their_passing(
    site: Site, web: str, receiver: Receiver
) -> None:
    hook = site.gestor.post("/api/v1/webhooks", {"url": receiver.url}, format="json").json()
    entry = {"pattern": "QRT*", "kind": "stolen", "reason": "BO 123/2026"}
    assert site.gestor.post("/api/v1/watchlist", entry, format="json").status_code == 201
    with site.running(), connect(f"ws://{web}/api/v1/alerts") as page:
        page.send(json.dumps({"token": access_token(site.world.viewer)}))
        assert json.loads(page.recv(WITHIN_S)) == {}, "listening"
        site.until(lambda: applied(site.node()), "the box has its desired state", WITHIN_S)
        for plate in ("XYZ9A99", *WATCHED):
            push(site, plate)
        heard = [json.loads(page.recv(WITHIN_S)) for _ in WATCHED]
        eventually(lambda: len(receiver.received) >= len(WATCHED), "every webhook", WITHIN_S)

    assert [alert["plate"] for alert in heard] == WATCHED
    for alert in heard:
        assert (alert["kind"], alert["reason"], alert["city"]) == ("stolen", "BO 123/2026", "vale-verde")
        assert alert["camera"] == {"id": str(site.world.camera.pk), "name": "Entrada"}
    assert {found.plate for found in PlateRead.objects.all()} == {"XYZ9A99", *WATCHED}

    posted = sorted((json.loads(body) for _, body in receiver.received), key=lambda alert: alert["id"])
    assert posted == heard, "each once, as the page has it"
    for headers, body in receiver.received:
        signed = headers["X-GTV-Signature"]
        timestamp = int(signed.partition(",")[0].removeprefix("t="))
        assert signed == webhooks.signature(hook["secret"], timestamp, body)
