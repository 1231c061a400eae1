"""`gtv hub …`: the operator's commands, and processes that start and end as they are told."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings as django_settings
from django.db import connection
from typer.testing import CliRunner

from central_hub.accounts import services as accounts
from central_hub.cities.models import Camera, City
from central_hub.cli import app
from central_hub.fleet import certificates
from central_hub.fleet.models import EnrolmentToken, NodeState
from central_hub.pki import Authority
from demo.engines import ObjectStore, Redis, free_port
from tests.integration.conftest import ACCESS_KEY, BUCKET, SECRET_KEY, Broker
from tests.integration.hub.box import eventually, new_csr
from tests.integration.hub.conftest import World


def gtv_hub(*arguments: str, stdin: str = "") -> Any:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def demo_request(password: str = "uma-senha-de-demo", cameras: int = 4) -> str:
    return json.dumps(
        {
            "password": password,
            "cameras": [
                {"name": f"Câmera {n}", "rtsp_url": f"rtsp://127.0.0.1/{n}", "lpr_secret": "segredo"}
                for n in range(cameras)
            ],
        }
    )


def test_the_demo_can_be_seeded_again_and_again(transactional_db: None) -> None:
    first = gtv_hub("seed-demo", stdin=demo_request())
    assert first.exit_code == 0, first.output
    revision = NodeState.objects.get().desired_revision
    again = gtv_hub("seed-demo", stdin=demo_request())
    assert json.loads(again.stdout) == json.loads(first.stdout)
    assert NodeState.objects.get().desired_revision == revision, "nothing changed for the box"
    assert (City.objects.count(), Camera.objects.count()) == (1, 4)

    changed = demo_request("outra-senha-de-demo").replace("rtsp://127.0.0.1/2", "rtsp://127.0.0.1/9")
    assert gtv_hub("seed-demo", stdin=changed).exit_code == 0
    assert Camera.objects.filter(rtsp_url="rtsp://127.0.0.1/9").count() == 1
    assert NodeState.objects.get().desired_revision > revision
    assert accounts.exists("visualizador")


def test_seeding_with_nonsense_is_one_clear_line(transactional_db: None) -> None:
    broken = gtv_hub("seed-demo", stdin="{}")
    assert broken.exit_code == 1 and "password" in broken.output


def test_a_token_is_printed_alone(world: World) -> None:
    printed = gtv_hub("enrolment-token", "vale-verde", "caixa-01")
    assert printed.exit_code == 0 and len(printed.stdout.strip()) == 32
    assert EnrolmentToken.objects.count() == 1
    assert gtv_hub("enrolment-token", "vale-verde", "caixa-77").exit_code == 1


def test_a_box_is_revoked_by_the_operator(world: World) -> None:
    command = ("revoke-node", "vale-verde", "caixa-01", "--reason", "furtada")
    nothing = gtv_hub(*command)
    assert nothing.exit_code == 1 and "certificado" in nothing.output
    token = certificates.issue_token(None, "vale-verde", "caixa-01").token
    certificates.enrol(token, new_csr()[0])
    assert gtv_hub(*command).exit_code == 0
    assert NodeState.objects.get(node=world.node).revoked_at
    assert gtv_hub("revoke-node", "vale-verde", "caixa-77", "--reason", "x").exit_code == 1


def test_init_pki_keeps_what_is_there(tmp_path: Path) -> None:
    arguments = (
        "init-pki",
        str(tmp_path / "pki"),
        "--broker-host",
        "broker.example",
        "--broker-port",
        "8884",
    )
    assert gtv_hub(*arguments).exit_code == 0
    before = {file.name: file.read_bytes() for file in (tmp_path / "pki").iterdir()}
    again = gtv_hub(*arguments)
    assert again.exit_code == 0
    ca = x509.load_pem_x509_certificate(before["ca.crt"])
    assert ca.fingerprint(hashes.SHA256()).hex(":").upper() in again.stdout, "for who verifies clips"
    assert {file.name: file.read_bytes() for file in (tmp_path / "pki").iterdir()} == before
    assert "listener 8884 127.0.0.1" in before["mosquitto.conf"].decode()
    for key in ("ca.key", "hub.key", "broker.key"):
        assert (tmp_path / "pki" / key).stat().st_mode & 0o077 == 0, f"{key} is its owner's only"
    Authority(tmp_path / "pki").ensure("broker.example")


def test_a_missing_secret_is_one_clear_line() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("GTV_")}
    done = subprocess.run(
        [_gtv(), "hub", "web"],
        env=bare,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("gtv hub: GTV_")
    assert "Traceback" not in done.stderr


def _gtv() -> str:
    return str(Path(sys.executable).parent / "gtv")


@pytest.fixture
def hub_env(world: World, broker: Broker, redis_server: Redis, object_store: ObjectStore) -> dict[str, str]:
    database = connection.settings_dict
    url = psycopg.conninfo.make_conninfo(
        host=database["HOST"], port=database["PORT"], user=database["USER"],
        password=database["PASSWORD"], dbname=database["NAME"],
    )  # fmt: skip
    return {
        **os.environ,
        "GTV_DEBUG": "0",
        "GTV_SECRET_KEY": django_settings.SECRET_KEY,
        "GTV_DATABASE_URL": url,
        "GTV_REDIS_URL": redis_server.url,
        "GTV_MQTT_PORT": str(broker.hub_port),
        "GTV_PKI_DIR": str(broker.pki),
        "GTV_S3_ENDPOINT": object_store.endpoint,
        "GTV_S3_ACCESS_KEY": ACCESS_KEY,
        "GTV_S3_SECRET_KEY": SECRET_KEY,
        "GTV_S3_BUCKET": BUCKET,
        "GTV_RELAY_SECRET": django_settings.GTV_RELAY_SECRET,
    }


@contextmanager
def running(env: dict[str, str], log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        child = subprocess.Popen([_gtv(), "hub", *arguments], env=env, stdout=output, stderr=output)
    try:
        yield child
    finally:
        child.kill()
        child.wait(20)


@pytest.mark.parametrize("process", ["web", "ingest", "worker", "beat", "broker-guard"])
def test_every_process_starts_and_ends_on_sigterm(
    hub_env: dict[str, str], tmp_path: Path, process: str
) -> None:
    log = tmp_path / "log"
    port = free_port()
    ready = {
        "broker-guard": "broker_guard_started",
        "web": "Uvicorn running",
        "ingest": "ingest_connected",
        "worker": "ready.",
        "beat": "Starting",
    }
    arguments = [process, "--port", str(port)] if process == "web" else [process]
    with running(hub_env, log, *arguments) as child:
        eventually(lambda: ready[process] in log.read_text(), f"{process} starts", within_s=40)
        if process == "web":
            assert httpx.get(f"http://127.0.0.1:{port}/healthz").text == "ok\n"
            assert httpx.get(f"http://127.0.0.1:{port}/api/v1/me").status_code == 401
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) in (0, -signal.SIGTERM)
    text = log.read_text()
    assert "Traceback" not in text, text
    assert django_settings.SECRET_KEY not in text and SECRET_KEY not in text


def test_migrations_are_complete(transactional_db: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
