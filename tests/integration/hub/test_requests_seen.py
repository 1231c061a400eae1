"""A request is followed by its id: through the proxy, the logs and the audit trail; and its time is kept."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from django.test import Client
from prometheus_client import REGISTRY

from central_hub import logs
from central_hub.audit.models import AuditEntry
from tests.integration.hub.conftest import PASSWORD, World

LOGIN = "/api/v1/auth/login"


def attempt(client: Client, world: World, **headers: str) -> Any:
    body = {"username": world.gestor.username, "password": PASSWORD}
    return client.post(LOGIN, body, content_type="application/json", headers=headers)


@contextmanager
def logging_as_in_a_process() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure()
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.mark.req("S13.1")
def test_one_id_leads_from_the_header_to_the_log_and_the_audit_trail(
    world: World, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    with logging_as_in_a_process():
        answer = attempt(client, world, X_Request_Id="pedido-0815")
    assert answer.status_code == 200 and answer.headers["X-Request-Id"] == "pedido-0815"
    told = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    audited = [line for line in told if line["event"] == "audited"]
    assert {line["request_id"] for line in audited} == {"pedido-0815"}
    assert AuditEntry.objects.filter(hash__in=[line["entry"] for line in audited]).exists()
    assert world.gestor.username not in json.dumps(audited), "who it was is in the trail alone"


@pytest.mark.parametrize("nonsense", ["", "a b", "x" * 65, '"},{"'])
def test_what_is_no_id_is_replaced(world: World, client: Client, nonsense: str) -> None:
    given = client.get("/healthz", headers={"X-Request-Id": nonsense}).headers["X-Request-Id"]
    assert given != nonsense and len(given) == 32


@pytest.mark.req("S12.1")
def test_time_is_counted_by_pattern_and_never_by_address(world: World, client: Client) -> None:
    client.get("/api/v1/plate-reads?plate=ABC1D23")
    client.get(f"/api/v1/cameras/{world.camera.pk}")
    client.generic("MADE-UP", "/healthz")
    samples = [sample for family in REGISTRY.collect() for sample in family.samples]
    seen = [sample.labels for sample in samples if sample.name == "gtv_http_request_duration_seconds_count"]
    assert {"method": "GET", "route": "api/v1/plate-reads", "status": "401"} in seen
    assert "ABC1D23" not in str(seen) and str(world.camera.pk) not in str(seen)
    methods = {labels["method"] for labels in seen}
    assert "other" in methods and "MADE-UP" not in methods
