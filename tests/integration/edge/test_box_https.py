"""The console on the LAN: HTTPS by the box's own certificate, plain HTTP nowhere but on the box itself."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from edge_agent.config import DataFolder
from edge_agent.console.auth import COOKIE
from edge_agent.console.tls import fingerprint
from tests.integration.edge.rig import PASSWORD, USER, BoxProcess, Pki, desired
from tests.integration.edge.test_box_life import run_to_end


@pytest.fixture(scope="module")
def https(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoxProcess]:
    prepared = BoxProcess(tmp_path_factory.mktemp("box"), pki, desired(1), plain_http=False)
    with prepared.process:
        yield prepared


def certificate(box: BoxProcess) -> Path:
    return DataFolder(box.root).console_certificate


@pytest.fixture
def browser(https: BoxProcess) -> Iterator[httpx.Client]:
    """One that knows the box's certificate."""
    trusted = ssl.create_default_context(cafile=str(certificate(https)))
    with httpx.Client(base_url=https.console_url, verify=trusted) as client:
        yield client


def test_a_guard_logs_in_over_tls_and_the_session_never_travels_in_plain(browser: httpx.Client) -> None:
    answer = browser.post("/api/auth/login", json={"username": USER.username, "password": PASSWORD})
    assert answer.is_success
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(COOKIE)
    assert {"Secure", "HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    assert "max-age=" in answer.headers["strict-transport-security"]
    assert browser.get("/api/me").json()["username"] == USER.username


def test_the_fingerprint_is_in_the_log_to_compare(https: BoxProcess) -> None:
    lines = [json.loads(line) for line in https.log_text().splitlines()]
    shown = [line["sha256"] for line in lines if line["event"] == "console_certificate"]
    assert shown == [fingerprint(certificate(https))]


def test_a_technician_compares_the_fingerprint_on_the_box(https: BoxProcess) -> None:
    gtv = https.argv()[0]
    shown = run_to_end([gtv, "edge", "status", "--data-dir", https.root])
    assert shown.returncode == 0, shown.stderr
    assert fingerprint(certificate(https)) in shown.stdout.splitlines()[3]


def test_the_doctor_of_a_running_box_finds_its_ports_served_and_its_certificates_running_out(
    https: BoxProcess,
) -> None:
    done = run_to_end([https.argv()[0], "edge", "doctor", "--json", "--data-dir", https.root])
    found = {finding["subject"]: finding for finding in json.loads(done.stdout)}
    console = https.console_url.rpartition(":")[2]
    assert found["agente"]["ok"]
    assert "Não é usado" in found["MediaMTX"]["text"], "as the box was told, whatever lies on the PATH"
    assert found[f"porta {console}/tcp (console)"]["text"] == "Atendida pela caixa."
    assert found["certificado da autoridade da central"]["text"] == "Vence em 0 dias."
    assert found["certificado do console"]["ok"]
    assert "Sem conexão" in found["central"]["text"]


def test_the_port_speaks_no_plain_http(https: BoxProcess) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(https.console_url.replace("https", "http"), timeout=5)


def test_plain_http_to_the_lan_is_refused_in_one_clear_line(https: BoxProcess) -> None:
    argv = [argument if argument != "127.0.0.1" else "0.0.0.0" for argument in https.argv()]
    done = run_to_end([*argv, "--plain-http"])
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "--plain-http só é permitido em endereço local" in line
