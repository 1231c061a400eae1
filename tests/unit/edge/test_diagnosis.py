"""The doctor names what is wrong and what to do, for each thing that can be wrong with a box."""

import errno
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from edge_agent.box import Box
from edge_agent.cli import app
from edge_agent.clock import ClockState, to_us
from edge_agent.config import DataFolder, Identity
from edge_agent.console.tls import fingerprint
from edge_agent.diagnosis import machine, smart, software, trust
from edge_agent.listening import Port, remember
from edge_agent.recording import camera
from edge_agent.recording.disk import DiskFailure

URL = "rtsp://10.0.0.77/main"


def gtv(*argv: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(part) for part in argv])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("state", "year", "ok", "said"),
    [
        (ClockState(True, error_ms=12), 2026, True, "erro de até 12 ms"),
        (ClockState(True, error_ms=90_000), 2026, False, "errado em até 90 s"),
        (ClockState(False), 2026, False, "não está sendo acertado"),
        (ClockState(None), 2026, False, "Não foi possível saber"),
        (ClockState(True, error_ms=0), 1970, False, "01/01/1970"),
    ],
)
def test_the_clock(state: ClockState, year: int, ok: bool, said: str) -> None:
    found = machine.check_clock(state, to_us(datetime(year, 1, 1, tzinfo=UTC)))
    assert found.ok is ok
    assert said in found.text
    assert ok or found.fix


def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LOW_BYTES", 0)
    monkeypatch.setattr(machine, "LOW_INODES", 0)
    assert machine.check_disk(tmp_path).ok
    monkeypatch.setattr(machine, "LOW_BYTES", 10**18)
    assert "quase cheio" in machine.check_disk(tmp_path).text
    missing = machine.check_disk(tmp_path / "missing")
    assert not missing.ok
    assert "montado" in missing.fix


ATA = {
    "smart_status": {"passed": True},
    "temperature": {"current": 41},
    "ata_smart_attributes": {
        "table": [
            {"id": 5, "name": "Reallocated_Sector_Ct", "raw": {"value": 0}},
            {"id": 9, "name": "Power_On_Hours", "raw": {"value": 31234}},
        ]
    },
}
NVME = {
    "smart_status": {"passed": True},
    "nvme_smart_health_information_log": {"percentage_used": 97, "media_errors": 0},
}


@pytest.mark.parametrize(
    ("answer", "ok", "said"),
    [
        (None, True, "smartmontools"),
        ("smartctl: command line error", True, "legível"),
        (
            json.dumps({"smartctl": {"messages": [{"string": "Permission denied"}]}}),
            True,
            "Permission denied",
        ),
        (json.dumps(ATA), True, "bom, a 41 °C"),
        (json.dumps(ATA | {"temperature": {"current": 71}}), False, "71 °C"),
        (json.dumps({"smart_status": {"passed": False}}), False, "está para falhar"),
        (json.dumps(NVME), False, "97 % da vida útil"),
        (
            json.dumps(ATA | {"ata_smart_attributes": {"table": [{"id": 197, "raw": {"value": 8}}]}}),
            False,
            "8 setores à espera",
        ),
    ],
)
def test_what_the_disk_says_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None, ok: bool, said: str
) -> None:
    monkeypatch.setattr(smart, "_disks", lambda _device: ["/dev/sda"])
    (found,) = smart.check_smart(tmp_path, lambda _command: answer)
    assert (found.ok, found.subject) == (ok, "SMART /dev/sda")
    assert said in found.text
    assert ok or found.fix


def test_the_disk_below_a_partition_of_an_encrypted_raid_is_found(tmp_path: Path) -> None:
    """A tree as sysfs shows it: dm-0 lies on md0, md0 on a partition of each of two disks."""
    disks = [tmp_path / name for name in ("sda", "sdb")]
    for disk in disks:
        (disk / "device").mkdir(parents=True)
        (disk / f"{disk.name}1").mkdir()
        (disk / f"{disk.name}1" / "partition").write_text("1")
    for upper, lower in (("md0", [disk / f"{disk.name}1" for disk in disks]), ("dm-0", [tmp_path / "md0"])):
        (tmp_path / upper / "slaves").mkdir(parents=True)
        for part in lower:
            (tmp_path / upper / "slaves" / part.name).symlink_to(part)
    assert sorted(smart._below(tmp_path / "dm-0")) == ["/dev/sda", "/dev/sdb"]


def test_a_port_that_nobody_else_may_take() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = Port("console", "tcp", listener.getsockname()[1])
        (ours,) = machine.check_ports([port], os.getpid())
        (taken,) = machine.check_ports([port], None)
    (free,) = machine.check_ports([port], None)
    (deaf,) = machine.check_ports([port], os.getpid())
    assert (ours.ok, taken.ok, free.ok, deaf.ok) == (True, False, True, False)
    assert f"processo {os.getpid()}" in taken.text
    assert "ninguém atende" in deaf.text


def test_a_media_port_held_by_another_program_is_named() -> None:
    holder = "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); "
    program = [sys.executable, "-c", holder + "print(s.getsockname()[1], flush=True); input()"]
    with (
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other,
        subprocess.Popen(["cat"], stdin=subprocess.PIPE) as agent,
    ):
        assert other.stdout
        port = Port("vídeo ao vivo", "udp", int(other.stdout.readline()))
        (found,) = machine.check_ports([port], agent.pid)
        (child,) = machine.check_ports([port], os.getpid())
        other.communicate("\n")
        agent.communicate()
    assert not found.ok
    assert f"processo {other.pid}" in found.text
    assert child.ok, "MediaMTX is a child of the agent"


def test_the_database_and_its_permissions(box: Box) -> None:
    assert software.check_database(box.folder).ok
    assert trust.check_permissions(box.folder).ok
    box.folder.secrets_key.chmod(0o644)
    assert "secrets.key" in trust.check_permissions(box.folder).fix
    box.store.close()
    box.folder.database.write_bytes(b"not a database" * 100)
    damaged = software.check_database(box.folder)
    assert not damaged.ok
    assert "Reinicie" in damaged.fix


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
    [(200, "Válido por mais 200"), (10, "Vence em 10 dias"), (-5, "Venceu em"), (None, "falta")],
)
def test_the_certificates(tmp_path: Path, days: int | None, said: str) -> None:
    folder = DataFolder(tmp_path).prepare()
    if days is not None:
        for file in (folder.certificate, folder.ca, folder.console_certificate):
            file.write_bytes(certificate(days))
    found = trust.check_certificates(folder)
    assert len(found) == (2 if days is None else 3)
    assert all(said in one.text for one in found)
    assert all(one.ok or one.fix for one in found)


def test_a_certificate_of_the_future_points_at_the_clock(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    folder.certificate.write_bytes(certificate(200))
    found = trust.check_certificates(folder, datetime(2001, 1, 1, tzinfo=UTC))[0]
    assert "atrasado" in found.text
    assert "relógio" in found.fix


@pytest.mark.parametrize(
    ("host", "said"), [("127.0.0.1", "Sem conexão"), ("name.invalid", "não existe para esta rede")]
)
def test_the_way_to_the_hub(tmp_path: Path, host: str, said: str) -> None:
    (found,) = trust.check_broker(Identity("a", "b", host, 1), DataFolder(tmp_path))
    assert not found.ok
    assert said in found.text


CAMERA_STATE = {
    "id": "c1",
    "name": "Praça",
    "refusal": "",
    "state": "online",
    "reason": "",
    "fps": 24.9,
    "bitrate_bps": 2_100_000,
    "packets_lost": 0,
    "reconnects": 0,
}


def test_the_cameras() -> None:
    found = software.check_cameras(
        [
            CAMERA_STATE | {"packets_lost": 3},
            CAMERA_STATE | {"state": "offline", "reason": "A câmera recusou o usuário ou a senha."},
            CAMERA_STATE | {"reason": camera.DISK_SLOW},
            CAMERA_STATE | {"refusal": "cheio"},
        ]
    )
    assert [one.ok for one in found] == [True, False, False, False]
    assert "25 quadros/s, 2,1 Mbit/s; 3 pacotes perdidos" in found[0].text
    assert "se trancam" in found[1].fix
    assert "gtv edge camera test c1" in found[1].fix
    assert "não é da câmera" in found[2].fix


def test_whatever_the_disk_refuses_is_not_blamed_on_the_camera() -> None:
    for number in (errno.ENOSPC, errno.EROFS, errno.EIO):
        reason = camera.explain(DiskFailure(number, "x"))
        (found,) = software.check_cameras([CAMERA_STATE | {"state": "offline", "reason": reason}])
        assert "não é da câmera" in found.fix


def test_doctor_on_a_box_that_is_not_enrolled_says_so(tmp_path: Path) -> None:
    code, said = gtv("doctor", "--data-dir", tmp_path)
    assert code == 1
    assert "registre esta caixa primeiro" in said


def test_doctor_on_a_box_that_is_switched_off_says_that_nothing_is_recorded(box: Box) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        remember(box.settings, [Port("console", "tcp", port)])
        code, said = gtv("doctor", "--json", "--data-dir", box.folder.root)
    assert code == 1
    texts = {finding["subject"]: finding["text"] for finding in json.loads(said)}
    assert "nada está sendo gravado" in texts["agente"]
    assert "daqui" in texts["MediaMTX"] or "Presente" in texts["MediaMTX"]
    assert "outro programa" in texts[f"porta {port}/tcp (console)"], "the ports of the last run"


@pytest.mark.parametrize(
    ("size_bytes", "said"),
    [(4_000_000, "4 MB"), (43_400_000, "43 MB"), (4_340_000_000, "4,3 GB"), (512_300_000_000, "512 GB")],
)
def test_room_is_told_in_words_that_fit_the_disk(size_bytes: int, said: str) -> None:
    assert machine.size_text(size_bytes) == said


def test_status_tells_the_room_as_the_doctor_does(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box.__class__, "disk", lambda _box: (43_400_000, 60_000_000))
    assert "Disco: 43 MB livres" in gtv("status", "--data-dir", box.folder.root)[1]


def test_status_of_a_box_that_is_switched_off(box: Box) -> None:
    code, said = gtv("status", "--data-dir", box.folder.root)
    assert code == 0
    assert "Caixa sao-bento/caixa-01: PARADA" in said
    assert "Praça da Matriz: parada" in said
    assert "SHA-256" not in said, "there is no certificate yet"
    box.folder.console_certificate.write_bytes(certificate(10))
    assert fingerprint(box.folder.console_certificate) in gtv("status", "--data-dir", box.folder.root)[1]


def test_a_camera_is_added_listed_and_removed_while_the_agent_is_off(box: Box) -> None:
    data = ("--data-dir", box.folder.root)
    add = ("camera", "add", URL, "--no-test", *data)
    code, said = gtv(*add, "--name", "Portão", "--user", "a", "--password", "h1dden")
    assert code == 0, said
    camera_id = said.split()[-1]
    code, listed = gtv("camera", "list", *data)
    assert f"{camera_id}  Portão  parada (espera a central)" in listed
    assert listed.index("Portão") < listed.index("Praça da Matriz"), "in the order of their names"
    assert "h1dden" not in said + listed
    code, said = gtv(*add, "--name", "Portão 2")
    assert (code, "já está cadastrado" in said) == (1, True)
    assert gtv("camera", "set", camera_id, "--name", "Pátio", "--no-test", *data)[0] == 0
    assert f"{camera_id}  Pátio  " in gtv("camera", "list", *data)[1]
    assert gtv("camera", "remove", camera_id, *data)[0] == 0
    assert gtv("camera", "remove", camera_id, *data)[0] == 1
    assert camera_id not in gtv("camera", "list", "--json", *data)[1]


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
