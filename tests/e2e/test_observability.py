"""What dashboards, rules and alerts ask for is there: a real Prometheus reads the running system."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from demo.engines import OwnedProcess, free_port, require_program
from demo.ports import LOOPBACK
from demo.system import DemoSystem
from scripts import write_dashboards
from tests.e2e.plate_camera import push_plate
from tests.integration.deploy.front_door import CONFIGURATION, certificate, front_door_environment

pytestmark = pytest.mark.req("S12.1", "S12.2", "Q3")

RULES = Path(__file__).parents[2] / "deploy/hub/prometheus"
#: The checks of the audit trail come each minute; rates want a few scrapes.
KNOWN_WITHIN_S = 150.0
#: Where the machine's kernel does not say how well its clock is kept, nobody can.
OF_THE_CLOCK = "gtv_node_clock_error_seconds"


class Prometheus:
    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=30)

    def ask(self, query: str) -> list[dict[str, Any]]:
        answer = self._client.get("/query", params={"query": query})
        assert answer.status_code == 200, f"{query}: {answer.text}"
        return list(answer.json()["data"]["result"])

    def rules(self) -> list[dict[str, Any]]:
        groups = self._client.get("/rules").json()["data"]["groups"]
        return [rule | {"group": group["name"]} for group in groups for rule in group["rules"]]

    def names(self) -> set[str]:
        return set(self._client.get("/label/__name__/values").json()["data"])


def configuration(targets: dict[str, int]) -> dict[str, Any]:
    """What is deployed, of the processes on this machine, and each second."""
    document: dict[str, Any] = yaml.safe_load((RULES / "prometheus.yml").read_text())
    document["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "2s"}
    document["rule_files"] = [str(RULES / name) for name in document["rule_files"]]
    del document["alerting"]
    jobs = {job["job_name"] for job in document["scrape_configs"]}
    assert targets.keys() - {"gtv-edge"} <= jobs, "names that rules and dashboards know"
    document["scrape_configs"] = [
        {"job_name": job, "static_configs": [{"targets": [f"{LOOPBACK}:{port}"]}]}
        for job, port in targets.items()
    ]
    return document


@pytest.fixture(scope="module")
def prometheus(system: DemoSystem, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    folder = tmp_path_factory.mktemp("prometheus")
    haproxy_binary = require_program("haproxy", "haproxy")
    prometheus_binary = require_program("prometheus", "prometheus")
    door = {name: free_port() for name in ("http", "https", "metrics")}
    relay = int(system.relay_url.rpartition(":")[2])
    environment = front_door_environment(
        certificate(folder), web=system.hub_port, relays=(relay, relay), **door
    )
    targets = {f"gtv-{name}": port for name, port in system.metrics_ports.items()}
    targets |= {"gtv-edge": system.console_port, "haproxy": door["metrics"]}
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(configuration(targets)))
    url = f"http://{LOOPBACK}:{free_port()}"
    haproxy = OwnedProcess(
        "haproxy",
        [haproxy_binary, "-db", "-f", CONFIGURATION],
        log=folder / "haproxy.log",
        env=environment,
        ready=lambda: answers(f"http://{LOOPBACK}:{door['metrics']}/healthz"),
    )
    reader = OwnedProcess(
        "prometheus",
        [
            prometheus_binary,
            f"--config.file={file}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={url.removeprefix('http://')}",
        ],
        log=folder / "prometheus.log",
        ready=lambda: answers(f"{url}/-/ready"),
    )
    with ExitStack() as stack:
        for process in (haproxy, reader):
            stack.enter_context(process)
        use_it(system, f"https://localhost:{door['https']}")
        yield Prometheus(url)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def use_it(system: DemoSystem, door: str) -> None:
    """What people do, so that there is something to tell of."""
    push_plate(system, "OBS1E23")
    with httpx.Client(verify=False) as client:  # its certificate is of a moment ago
        for path in ("/", "/api/v1/cameras", "/v1/sessions/none/playback.m3u8"):
            for _ in range(3):
                client.get(f"{door}{path}", timeout=30)


def eventually(found: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + KNOWN_WITHIN_S
    while not found():
        assert time.monotonic() < deadline, f"{what}: nothing after {KNOWN_WITHIN_S:g} s"
        time.sleep(1)


def the_kernel_tells_of_its_clock(prometheus: Prometheus) -> bool:
    return bool(prometheus.ask("gtv_clock_error_seconds"))


def test_every_process_is_read(prometheus: Prometheus) -> None:
    eventually(lambda: len(prometheus.ask("up == 1")) == 7, "five of the hub, the box, HAProxy")


def test_every_panel_of_every_dashboard_has_something_to_show(prometheus: Prometheus) -> None:
    wanted = write_dashboards.queries()
    assert len(wanted) > 40
    for query in wanted:
        if OF_THE_CLOCK in query and not the_kernel_tells_of_its_clock(prometheus):
            continue
        eventually(lambda query=query: bool(prometheus.ask(query)), query)  # type: ignore[misc]


def test_every_figure_that_a_rule_asks_for_is_told(prometheus: Prometheus) -> None:
    eventually(lambda: all(rule["health"] == "ok" for rule in prometheus.rules()), "all rules evaluated")
    asked = {
        name
        for rule in prometheus.rules()
        for name in re.findall(r"\b(?:gtv|haproxy|up)[a-z0-9_:]*\b", re.sub(r'"[^"]*"', "", rule["query"]))
    }
    if not the_kernel_tells_of_its_clock(prometheus):
        asked.discard(OF_THE_CLOCK)
    assert len(asked) > 25
    eventually(lambda: asked <= prometheus.names(), f"{asked - prometheus.names()}")


def test_a_hub_that_works_raises_no_alarm(prometheus: Prometheus) -> None:
    eventually(lambda: bool(prometheus.ask("gtv_audit_trail_whole == 1")), "the audit trail checked")
    firing = [rule for rule in prometheus.rules() if rule["type"] == "alerting" and rule["state"] == "firing"]
    assert [rule["name"] for rule in firing if rule["labels"]["severity"] == "critical"] == []


def test_what_a_box_reports_and_what_it_tells_itself_agree(prometheus: Prometheus) -> None:
    def cameras(query: str) -> float:
        return sum(float(sample["value"][1]) for sample in prometheus.ask(query))

    eventually(
        lambda: cameras("sum(gtv_node_cameras_online)") == cameras('gtv_cameras{state="online"}') == 4,
        "four cameras, by the hub and by the box",
    )


@pytest.mark.req("S13.1")
def test_a_plate_read_is_followed_by_its_id_from_the_boxs_log_to_the_hubs(system: DemoSystem) -> None:
    def ids(process: str, event: str) -> set[str]:
        lines = (system.folder / "logs" / f"{process}.log").read_text().splitlines()
        told = [json.loads(line) for line in lines if f'"{event}"' in line]
        return {read for line in told for read in line["reads"]}

    push_plate(system, "LOG1E23")
    kept = ids("edge", "lpr_reads_kept")
    assert kept
    eventually(lambda: kept <= ids("hub-ingest", "plate_reads_stored"), "all that the box kept")
    for log in (system.folder / "logs").iterdir():
        assert "LOG1E23" not in log.read_text(), f"{log.name} tells whose it was"
