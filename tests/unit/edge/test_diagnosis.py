"""The doctor names what is wrong and what to do, for each thing that can be wrong with a box."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from edge_agent import diagnosis
from edge_agent.box import Box
from edge_agent.cli import app
from edge_agent.config import DataFolder, Identity

URL = "rtsp://10.0.0.77/main"


def gtv(*argv: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(part) for part in argv])
    return result.exit_code, result.output


@pytest.mark.parametrize(("answer", "ok"), [("yes\n", True), ("no\n", False), ("", False)])
def test_the_clock(answer: str, ok: bool) -> None:
    found = diagnosis.check_clock(lambda _: answer)
    assert found.ok is ok
    assert ok or found.fix


def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "LOW_BYTES", 0)
    monkeypatch.setattr(diagnosis, "LOW_INODES", 0)
    assert diagnosis.check_disk(tmp_path).ok
    monkeypatch.setattr(diagnosis, "LOW_BYTES", 10**18)
    assert "quase cheio" in diagnosis.check_disk(tmp_path).text
    assert not diagnosis.check_disk(tmp_path / "missing").ok


def test_the_database_and_its_permissions(box: Box) -> None:
    assert diagnosis.check_database(box.folder).ok
    assert diagnosis.check_permissions(box.folder).ok
    box.folder.secrets_key.chmod(0o644)
    assert "secrets.key" in diagnosis.check_permissions(box.folder).fix
    box.store.close()
    box.folder.database.write_bytes(b"not a database" * 100)
    damaged = diagnosis.check_database(box.folder)
    assert not damaged.ok
    assert "fsck" in damaged.fix


def certificate(days: int) -> bytes:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days, hours=1))
    )
    signed = builder.sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("days", "said"),
    [(200, "Válido por mais 200"), (10, "vence em 10 dias"), (-5, "venceu"), (None, "falta")],
)
def test_the_certificate(tmp_path: Path, days: int | None, said: str) -> None:
    folder = DataFolder(tmp_path).prepare()
    if days is not None:
        folder.certificate.write_bytes(certificate(days))
    assert said in diagnosis.check_certificate(folder).text


@pytest.mark.parametrize(
    ("host", "said"), [("127.0.0.1", "Sem conexão"), ("name.invalid", "não existe para esta rede")]
)
def test_the_way_to_the_hub(tmp_path: Path, host: str, said: str) -> None:
    found = diagnosis.check_broker(Identity("a", "b", host, 1), DataFolder(tmp_path))
    assert not found.ok
    assert said in found.text


def test_the_cameras() -> None:
    base = {"id": "c1", "name": "Praça", "refusal": "", "state": "online", "reason": ""}
    found = diagnosis.check_cameras(
        [
            base,
            {**base, "state": "offline", "reason": "A câmera recusou a senha."},
            {**base, "refusal": "cheio"},
        ]
    )
    assert [one.ok for one in found] == [True, False, False]
    assert "gtv edge camera test c1" in found[1].fix


def test_doctor_on_a_box_that_is_not_enrolled_says_so(tmp_path: Path) -> None:
    code, said = gtv("doctor", "--data-dir", tmp_path)
    assert code == 1
    assert "registre esta caixa primeiro" in said


def test_doctor_on_a_box_that_is_switched_off_says_that_nothing_is_recorded(box: Box) -> None:
    code, said = gtv("doctor", "--json", "--data-dir", box.folder.root)
    assert code == 1
    assert (
        "nada está sendo gravado"
        in {finding["subject"]: finding["text"] for finding in json.loads(said)}["agente"]
    )


def test_status_of_a_box_that_is_switched_off(box: Box) -> None:
    code, said = gtv("status", "--data-dir", box.folder.root)
    assert code == 0
    assert "Caixa sao-bento/caixa-01: PARADA" in said
    assert "Praça da Matriz" in said


def test_a_camera_is_added_listed_and_removed_while_the_agent_is_off(box: Box) -> None:
    data = ("--data-dir", box.folder.root)
    code, said = gtv("camera", "add", URL, "--name", "Portão", "--user", "a", "--password", "h1dden", *data)
    assert code == 0, said
    camera_id = said.split()[-1]
    code, listed = gtv("camera", "list", *data)
    assert f"{camera_id}  Portão  conectando (espera a central)" in listed
    assert "h1dden" not in said + listed
    code, said = gtv("camera", "add", URL, "--name", "Portão 2", *data)
    assert (code, "já está cadastrado" in said) == (1, True)
    assert gtv("camera", "remove", camera_id, *data)[0] == 0
    assert gtv("camera", "remove", camera_id, *data)[0] == 1
    assert "Portão" not in gtv("camera", "list", "--json", *data)[1]


def test_a_camera_that_is_added_with_nonsense_is_refused(box: Box) -> None:
    code, said = gtv("camera", "add", "http://x", "--name", "x", "--data-dir", box.folder.root)
    assert code == 1
    assert "rtsp://" in said


def test_a_camera_that_does_not_answer_fails_its_test(box: Box) -> None:
    code, said = gtv("camera", "test", "rtsp://u:h1dden@127.0.0.1:1/x")
    assert code == 1
    assert "recusou a conexão" in said
    assert "h1dden" not in said
    code, said = gtv("camera", "test", "no-such-id", "--data-dir", box.folder.root)
    assert code == 1
    assert "camera list" in said


def test_discover_says_when_nothing_answers() -> None:
    code, said = gtv("discover", "--address", "127.0.0.9")
    assert code == 1
    assert "Nenhuma câmera respondeu" in said
