"""Who speaks to whom in the hub's stack can: the names exist, and the two share a network."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy/hub"


@cache
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.hub.yml").read_text()))


def networks(service: str) -> set[str]:
    return set(compose()["services"][service].get("networks", []))


def scraped() -> list[tuple[str, str]]:
    """Host and port of every target."""
    found = []
    for job in yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"]:
        for group in job.get("static_configs", []):
            found += [tuple(target.split(":")) for target in group["targets"]]
        for group in job.get("dns_sd_configs", []):
            found += [(name, str(group["port"])) for name in group["names"]]
    return [(host, port) for host, port in found if host != "localhost"]


@pytest.mark.parametrize(("host", "port"), scraped())
def test_prometheus_reaches_what_it_reads_where_it_answers(host: str, port: str) -> None:
    service = compose()["services"][host]
    assert networks(host) & networks("prometheus")
    environment = service.get("environment", {})
    if "GTV_METRICS_PORT" in environment:
        assert environment["GTV_METRICS_PORT"] == port and environment["GTV_METRICS_HOST"] == "0.0.0.0"
    else:
        assert f":{port}" in str(service), "said somewhere in the service"


def test_haproxy_knows_all_that_its_configuration_asks_for_and_reaches_it() -> None:
    environment = compose()["services"]["haproxy"]["environment"]
    asked = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "haproxy.cfg").read_text()))
    assert asked == environment.keys()
    for backend in ("GATEWAY", "WEB", "RELAY_1", "RELAY_2", "OBJECTS"):
        host, port = environment[backend].split(":")
        assert networks(host) & networks("haproxy"), host
        assert port in str(compose()["services"][host]), f"{host} listens on {port}"


def test_the_gateway_reaches_the_hub() -> None:
    for service in yaml.safe_load((DEPLOY / "kong.yml").read_text())["services"]:
        host = re.fullmatch(r"http://([\w-]+):8000", service["url"])
        assert host and networks(host[1]) & networks("gateway")


@pytest.mark.parametrize("service", ["web", "ingest", "worker", "beat", "migrate", "broker-guard", "relay-1"])
def test_a_process_reaches_its_engines_and_they_reach_nothing_outside(service: str) -> None:
    for engine in ("postgres", "redis"):
        assert networks(engine) == {"back"} and "back" in networks(service)
    assert compose()["networks"]["back"]["internal"]


def test_what_the_proxies_say_of_a_client_is_believed_and_of_nobody_else() -> None:
    (subnet,) = (one["subnet"] for one in compose()["networks"]["front"]["ipam"]["config"])
    assert compose()["services"]["web"]["environment"]["GTV_TRUSTED_PROXIES"] == subnet
    assert compose()["services"]["gateway"]["environment"]["KONG_TRUSTED_IPS"] == subnet


def test_only_the_front_door_the_broker_and_video_are_open_to_the_world() -> None:
    published = {
        name: [str(port) for port in service["ports"] if not str(port).startswith("127.0.0.1:")]
        for name, service in compose()["services"].items()
        if "ports" in service
    }
    assert {name for name, ports in published.items() if ports} == {"haproxy", "broker", "relay-1", "relay-2"}
    assert published["broker"] == ["8883:8883"], "the services' listener is not for the internet"
