"""Each alert comes when it should and not before: Prometheus' own tests of rules, from the table below.

A row: the alert, series that set it off, and series that must not (promtool's notation, a value a minute).
"""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.engines import require_program

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy/hub/prometheus"
Series = dict[str, str]

#: Long enough for every `for` and window.
AT = "4h"
MINUTES = 4 * 60
BOX = '{city="c",node="n"}'
ONLINE: Series = {f"gtv_node_online{BOX}": f"1x{MINUTES}"}


def answers(faults_a_minute: float) -> Series:
    """100 answers a second at the front door, and faults among them."""
    name = 'haproxy_frontend_http_responses_total{proxy="public",code="%s"}'
    return {
        name % "2xx": f"0+{6000 - faults_a_minute}x{MINUTES}",
        name % "5xx": f"0+{faults_a_minute}x{MINUTES}",
    }


def histogram(name: str, labels: str, buckets: dict[str, float]) -> Series:
    """By upper bound: how many a minute are not above it."""
    return {f'{name}_bucket{{{labels}le="{le}"}}': f"0+{rate}x{MINUTES}" for le, rate in buckets.items()}


def steady(name: str, value: float) -> Series:
    return {name: f"{value}x{MINUTES}"}


def growing(name: str, a_minute: float) -> Series:
    return {name: f"0+{a_minute}x{MINUTES}"}


def offline_of_ten(offline: int) -> Series:
    return {f'gtv_node_online{{city="c",node="n{n}"}}': f"{int(n >= offline)}x{MINUTES}" for n in range(10)}


API = 'method="GET",route="api/v1/cameras",status="200",'
CASES: list[tuple[str, Series, Series]] = [
    # 0.1 % may fail: 6 a minute.
    ("ErrorBudgetBurnsFast", answers(90), answers(80)),
    ("ErrorBudgetBurns", answers(40), answers(30)),
    ("ErrorBudgetBurnsSlowly", answers(20), answers(15)),
    ("ErrorBudgetWillNotLast", answers(7), answers(5)),
    ("ProcessDown", steady('up{job="gtv-web",instance="a"}', 0), steady('up{job="gtv-web",instance="a"}', 1)),
    (
        "ApiSlow",
        histogram("gtv_http_request_duration_seconds", API, {"0.2": 90, "0.5": 100, "+Inf": 100}),
        histogram("gtv_http_request_duration_seconds", API, {"0.2": 99, "0.5": 100, "+Inf": 100}),
    ),
    ("SiteFiguresMissing", steady("gtv_site_up", 0), steady("gtv_site_up", 1)),
    ("SiteFiguresMissing", {}, steady("gtv_site_up", 1)),
    ("IngestDisconnected", steady("gtv_ingest_connected", 0), steady("gtv_ingest_connected", 1)),
    ("IngestDisconnected", {}, steady("gtv_ingest_connected", 1)),
    (
        "IngestOverrun",
        growing("gtv_ingest_dropped_messages_total", 3),
        steady("gtv_ingest_dropped_messages_total", 9),
    ),
    (
        "IngestLate",
        histogram("gtv_ingest_lag_seconds", "", {"60": 40, "600": 100, "+Inf": 100}),
        histogram("gtv_ingest_lag_seconds", "", {"60": 60, "600": 100, "+Inf": 100}),
    ),
    (
        "IngestDatabaseErrors",
        growing("gtv_ingest_database_errors_total", 1),
        growing("gtv_ingest_database_errors_total", 0.3),
    ),
    ("MessagesRefused", growing("gtv_dead_letters", 1), steady("gtv_dead_letters", 40)),
    ("JobsWaiting", steady("gtv_jobs_waiting", 900), steady("gtv_jobs_waiting", 20)),
    (
        "JobsNotDone",
        steady('gtv_job_last_success_timestamp_seconds{task="fleet.watch_nodes"}', 10_000),
        growing('gtv_job_last_success_timestamp_seconds{task="fleet.watch_nodes"}', 60),
    ),
    (
        "RelayRefuses",
        growing('gtv_relay_answer_seconds_count{status="504"}', 10)
        | growing('gtv_relay_answer_seconds_count{status="200"}', 90),
        growing('gtv_relay_answer_seconds_count{status="404"}', 10)
        | growing('gtv_relay_answer_seconds_count{status="200"}', 90),
    ),
    ("AuditTrailBroken", steady("gtv_audit_trail_whole", 0), steady("gtv_audit_trail_whole", 1)),
    (
        "AuditTrailUnchecked",
        steady("gtv_audit_trail_check_age_seconds", 4000),
        steady("gtv_audit_trail_check_age_seconds", 300),
    ),
    ("ManyBoxesOffline", offline_of_ten(6), offline_of_ten(4)),
    ("BoxOffline", steady(f"gtv_node_online{BOX}", 0), ONLINE),
    (
        "BoxSilent",
        ONLINE | steady(f"gtv_node_report_age_seconds{BOX}", 300),
        steady(f"gtv_node_online{BOX}", 0) | steady(f"gtv_node_report_age_seconds{BOX}", 300),
    ),
    (
        "BoxOutboxGrows",
        ONLINE | steady(f"gtv_node_outbox_events{BOX}", 20_000),
        ONLINE | steady(f"gtv_node_outbox_events{BOX}", 200),
    ),
    (
        "BoxConfigurationOld",
        ONLINE | steady(f"gtv_node_configuration_behind_seconds{BOX}", 9000),
        ONLINE | steady(f"gtv_node_configuration_behind_seconds{BOX}", 0),
    ),
    (
        "BoxCertificateEnds",
        steady(f"gtv_node_certificate_left_seconds{BOX}", 10 * 86_400),
        steady(f"gtv_node_certificate_left_seconds{BOX}", 20 * 86_400),
    ),
    (
        "BoxClockWrong",
        steady(f"gtv_node_clock_error_seconds{BOX}", 3),
        steady(f"gtv_node_clock_error_seconds{BOX}", 0.2),
    ),
    (
        "BoxDiskFull",
        steady(f"gtv_node_disk_free_bytes{BOX}", 5) | steady(f"gtv_node_disk_total_bytes{BOX}", 1000),
        steady(f"gtv_node_disk_free_bytes{BOX}", 20) | steady(f"gtv_node_disk_total_bytes{BOX}", 1000),
    ),
    (
        "CamerasOffline",
        ONLINE | steady(f"gtv_node_cameras_online{BOX}", 3) | steady(f"gtv_node_cameras{BOX}", 4),
        ONLINE | steady(f"gtv_node_cameras_online{BOX}", 0) | steady(f"gtv_node_cameras{BOX}", 0),
    ),
    # Also where the sum begins anew.
    (
        "PacketsLost",
        growing(f"gtv_node_packets_lost{BOX}", 1000),
        {f"gtv_node_packets_lost{BOX}": "90000-100x240"},
    ),
    (
        "CameraDown",
        steady('gtv_camera_up{instance="b",camera="x"}', 0),
        steady('gtv_camera_up{instance="b",camera="x"}', 1),
    ),
    (
        "CameraNotRecorded",
        steady('gtv_camera_up{instance="b",camera="x"}', 1)
        | steady('gtv_camera_recorded_bytes_total{instance="b",camera="x"}', 7),
        steady('gtv_camera_up{instance="b",camera="x"}', 1)
        | growing('gtv_camera_recorded_bytes_total{instance="b",camera="x"}', 7),
    ),
    (
        "RecorderDies",
        growing('gtv_recorder_restarts_total{instance="b"}', 0.2),
        growing('gtv_recorder_restarts_total{instance="b"}', 0.01),
    ),
    (
        "BoxAckLate",
        histogram("gtv_outbox_ack_seconds", 'instance="b",', {"60": 50, "600": 100, "+Inf": 100}),
        histogram("gtv_outbox_ack_seconds", 'instance="b",', {"60": 100, "600": 100, "+Inf": 100}),
    ),
    (
        "BoxBelowFloor",
        steady('gtv_disk_free_bytes{instance="b"}', 40) | steady('gtv_disk_floor_bytes{instance="b"}', 100),
        steady('gtv_disk_free_bytes{instance="b"}', 90) | steady('gtv_disk_floor_bytes{instance="b"}', 100),
    ),
]


def case(alert: str, series: Series, fires: bool) -> dict[str, Any]:
    firing = f'count by (alertname) (ALERTS{{alertname="{alert}",alertstate="firing"}})'
    expected = [{"labels": f'{{alertname="{alert}"}}', "value": 1}] if fires else []
    if alert == "ManyBoxesOffline" or not fires:
        firing = f'group by (alertname) (ALERTS{{alertname="{alert}",alertstate="firing"}})'
    return {
        "name": f"{alert} {'fires' if fires else 'does not fire'}",
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{"expr": firing, "eval_time": AT, "exp_samples": expected}],
    }


@pytest.mark.req("S12.2", "Q3")
def test_every_alert_fires_when_it_should_and_not_when_it_should_not(tmp_path: Path) -> None:
    tests = [case(alert, bad, True) for alert, bad, _ in CASES]
    tests += [case(alert, good, False) for alert, _, good in CASES]
    document = {
        "rule_files": [str(RULES / "recording.yml"), str(RULES / "alerts.yml")],
        "evaluation_interval": "5m",
        "tests": tests,
    }
    file = tmp_path / "alerts.yml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True))
    promtool = require_program("promtool", "prometheus")
    done = subprocess.run([promtool, "test", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def alerts() -> list[dict[str, Any]]:
    document = yaml.safe_load((RULES / "alerts.yml").read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def test_every_alert_is_in_the_table_and_tells_people_what_to_do() -> None:
    assert {rule["alert"] for rule in alerts()} == {alert for alert, _, _ in CASES}
    for rule in alerts():
        runbook = ROOT / rule["annotations"]["runbook"]
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert runbook.is_file(), f"{rule['alert']}: {runbook}"
        assert f"`{rule['alert']}`" in runbook.read_text(), f"{runbook.name} says nothing of {rule['alert']}"


def test_prometheus_and_alertmanager_take_their_configurations() -> None:
    promtool = require_program("promtool", "prometheus")
    amtool = require_program("amtool", "prometheus-alertmanager")
    for check in (
        [promtool, "check", "config", "--syntax-only", RULES / "prometheus.yml"],
        [promtool, "check", "rules", RULES / "recording.yml", RULES / "alerts.yml"],
        [amtool, "check-config", RULES.parent / "alertmanager.yml"],
    ):
        done = subprocess.run(check, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [("severity=critical alertname=ProcessDown", "channel"), ("severity=warning", "channel")],
)
def test_every_alert_reaches_somebody(labels: str, receiver: str) -> None:
    amtool = require_program("amtool", "prometheus-alertmanager")
    route = [amtool, "config", "routes", "test", f"--config.file={RULES.parent / 'alertmanager.yml'}"]
    done = subprocess.run([*route, *labels.split()], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == receiver


def test_what_silences_an_alert_exists() -> None:
    """A name that is written wrong would silence nothing."""
    text = (RULES.parent / "alertmanager.yml").read_text()
    named = {name for found in re.findall(r'alertname=~?"([^"]+)"', text) for name in found.split("|")}
    assert named <= {rule["alert"] for rule in alerts()}
