"""HAProxy and the gateway lead to addresses that the hub and the relay have."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
import yaml
from django.urls import resolve

DEPLOY = Path(__file__).parents[3] / "deploy/hub"


@pytest.fixture(scope="module", autouse=True)
def hub() -> None:
    os.environ.setdefault("GTV_DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")
    django.setup()


@pytest.fixture
def relay_paths(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    from central_hub.relay.app import create_app

    monkeypatch.setenv("GTV_RELAY_SECRET", "s" * 32)
    monkeypatch.setenv("GTV_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("GTV_PUBLIC_URL", "https://hub.example")
    app = create_app()
    sockets = {path for route in app.routes if (path := getattr(route, "path", ""))}
    yield sockets | set(app.openapi()["paths"])  # which has what included routers bring, and no WebSocket


def test_what_goes_to_the_relays_is_theirs_and_all_that_is_theirs_goes_there(relay_paths: set[str]) -> None:
    text = (DEPLOY / "haproxy.cfg").read_text()
    led = re.findall(r"acl for_relay path(?:_beg)? (.+)", text)
    prefixes = tuple(path for line in led for path in line.split())
    for prefix in prefixes:
        assert any(path.startswith(prefix) for path in relay_paths), prefix
    assert {path for path in relay_paths if not path.startswith(prefixes)} == {"/healthz"}


def test_the_tokens_place_in_a_viewers_address_is_where_haproxy_looks(relay_paths: set[str]) -> None:
    with_token = [path for path in relay_paths if path.startswith("/v1/")]
    assert with_token and all(path.split("/")[3] == "{token}" for path in with_token), "field(4,/)"


def test_the_gateways_routes_are_the_hubs() -> None:
    document = yaml.safe_load((DEPLOY / "kong.yml").read_text())
    assert document["_format_version"] == "3.0"
    routes = [route for service in document["services"] for route in service["routes"]]
    for route in routes:
        assert route["preserve_host"] and not route["strip_path"], "the hub sees what was asked"
        for path in route["paths"]:
            match = resolve(path if path != "/api/" else "/api/v1/cameras")
            assert match.func.__name__ != "unknown_api_path", path


def test_the_gateway_refuses_what_the_hub_would() -> None:
    from central_hub.bodies import MAX_BODY_BYTES

    plugins = {
        plugin["name"]: plugin for plugin in yaml.safe_load((DEPLOY / "kong.yml").read_text())["plugins"]
    }
    assert plugins["request-size-limiting"]["config"]["allowed_payload_size"] == MAX_BODY_BYTES
