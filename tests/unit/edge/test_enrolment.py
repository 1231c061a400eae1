"""A box becomes itself with one token: its key is made here, and a half-done enrolment is none."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from edge_agent.config import DataFolder, Identity, NotEnrolled
from edge_agent.enrolment import EnrolmentFailed, enrol

ANSWER = {
    "city": "sao-bento",
    "node": "caixa-01",
    "certificate_pem": "CERTIFICATE",
    "ca_pem": "CA",
    "broker_host": "broker.example",
    "broker_port": 8883,
}


class Hub:
    """An HTTP server that gives one answer to an enrolment."""

    def __init__(self) -> None:
        self.status, self.body = 201, json.dumps(ANSWER)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hub.asked.append((self.path, body))
                self.send_response(hub.status)
                self.end_headers()
                self.wfile.write(hub.body.encode())

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def hub() -> Iterator[Hub]:
    answering = Hub()
    thread = threading.Thread(target=answering.server.serve_forever, args=(0.02,))
    thread.start()
    yield answering
    answering.server.shutdown()
    thread.join()
    answering.server.server_close()


def test_enrolment_gives_the_box_its_identity(hub: Hub, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "box")
    identity = enrol(hub.url, "one-time", folder)
    assert identity == Identity("sao-bento", "caixa-01", "broker.example", 8883)
    assert DataFolder(tmp_path / "box").load_identity() == identity
    assert str(identity.address) == "sao-bento/caixa-01"
    assert (folder.certificate.read_text(), folder.ca.read_text()) == ("CERTIFICATE", "CA")


def test_the_private_key_stays_on_the_box_and_is_the_requests(hub: Hub, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "box")
    enrol(hub.url, "one-time", folder)
    ((path, sent),) = hub.asked
    assert path == "/api/v1/enrolment"
    assert sent["token"] == "one-time"
    assert "PRIVATE" not in json.dumps(sent)
    request = x509.load_pem_x509_csr(sent["csr_pem"].encode())
    assert request.is_signature_valid
    key = serialization.load_pem_private_key(folder.key.read_bytes(), password=None)
    assert key.public_key() == request.public_key()
    assert folder.key.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, '{"detail": "Token já usado."}', "Token já usado."),
        (502, "<html>bad gateway</html>", "bad gateway"),
        (200, "[]", "200"),
    ],
)
def test_a_refusal_is_said_and_changes_nothing(
    hub: Hub, tmp_path: Path, status: int, body: str, said: str
) -> None:
    hub.status, hub.body = status, body
    folder = DataFolder(tmp_path / "box")
    with pytest.raises(EnrolmentFailed, match=said):
        enrol(hub.url, "one-time", folder)
    with pytest.raises(NotEnrolled, match="gtv edge enrol"):
        folder.load_identity()


@pytest.mark.parametrize("body", ["", "null", "{}", '{"city": "sao-bento"}'])
def test_an_answer_that_is_no_identity_is_said_and_changes_nothing(
    hub: Hub, tmp_path: Path, body: str
) -> None:
    hub.body = body
    folder = DataFolder(tmp_path / "box")
    with pytest.raises(EnrolmentFailed):
        enrol(hub.url, "one-time", folder)
    with pytest.raises(NotEnrolled):
        folder.load_identity()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1", "A central não respondeu em http://127.0.0.1:1: não há conexão"),
        ("no-scheme", "informe-o com https://"),
    ],
)
def test_a_hub_that_cannot_be_reached_is_said(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(EnrolmentFailed, match=said):
        enrol(url, "one-time", DataFolder(tmp_path))
