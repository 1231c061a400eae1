"""What is wrong with a box, in words a technician can act on: each check gives a Finding.

The checks read; none changes anything. Each is bounded in time.
"""

import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from edge_agent.config import DataFolder, Identity

NETWORK_S = 5.0
#: Below either the recorder is about to lose its room.
LOW_BYTES = 2 * 1024**3
LOW_INODES = 10_000
#: Certificates last a year and are renewed long before (see the hub's PKI).
EXPIRES_SOON_DAYS = 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `fix` says what to do when it is not well."""

    subject: str
    ok: bool
    text: str
    fix: str = ""


def check_clock(run: Callable[[list[str]], str] | None = None) -> Finding:
    """Plates and footage are evidence: their times must be right."""
    answer = (run or _output)(["timedatectl", "show", "--property=NTPSynchronized", "--value"]).strip()
    if answer == "yes":
        return Finding("relógio", True, "Acertado pela rede (NTP).")
    if answer == "no":
        return Finding(
            "relógio",
            False,
            "O relógio não está sendo acertado pela rede.",
            "Ative com `timedatectl set-ntp true` e libere a porta UDP 123 até o servidor de hora.",
        )
    return Finding(
        "relógio",
        False,
        "Não foi possível saber se o relógio é acertado pela rede.",
        "Confira com `chronyc tracking` ou instale chrony.",
    )


def check_disk(folder: Path) -> Finding:
    try:
        usage, inodes = shutil.disk_usage(folder), os.statvfs(folder).f_favail
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"gtv")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Finding(
            "disco",
            False,
            f"Não se consegue gravar em {folder}: {error.strerror}.",
            "Confira se o disco está montado, se aceita escrita e se tem defeito (`smartctl -H`, `dmesg`).",
        )
    free = f"{usage.free / 1e9:.0f} GB livres de {usage.total / 1e9:.0f} GB"
    if usage.free < LOW_BYTES or inodes < LOW_INODES:
        return Finding(
            "disco",
            False,
            f"Disco quase cheio: {free}.",
            "Apague o que não é da caixa ou ponha um disco maior.",
        )
    return Finding("disco", True, f"Grava bem; {free}.")


def check_permissions(folder: DataFolder) -> Finding:
    """Keys and passwords lie there: nobody else may read them."""
    exposed = [path for path in (folder.key, folder.secrets_key, folder.database) if _open_to_others(path)]
    if exposed:
        names = ", ".join(str(path) for path in exposed)
        return Finding("permissões", False, f"Outros usuários podem ler {names}.", f"chmod 600 {names}")
    return Finding("permissões", True, "Chaves e senhas só ao alcance da caixa.")


def check_database(folder: DataFolder) -> Finding:
    try:
        connection = sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True, timeout=NETWORK_S)
        try:
            (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        result = str(error)
    if result == "ok":
        return Finding("banco de dados", True, "Íntegro.")
    return Finding(
        "banco de dados", False, f"Danificado: {result}.", "Pare a caixa e rode `gtv edge fsck --repair`."
    )


def check_certificate(folder: DataFolder, now: datetime | None = None) -> Finding:
    """The box's identity to the hub."""
    try:
        certificate = x509.load_pem_x509_certificate(folder.certificate.read_bytes())
    except (OSError, ValueError):
        return Finding(
            "certificado",
            False,
            "O certificado da caixa falta ou está danificado.",
            "Registre a caixa de novo.",
        )
    days = (certificate.not_valid_after_utc - (now or datetime.now(UTC))).days
    if days < 0:
        return Finding(
            "certificado", False, "O certificado venceu.", "Registre a caixa de novo: `gtv edge enrol`."
        )
    if days < EXPIRES_SOON_DAYS:
        return Finding(
            "certificado", False, f"O certificado vence em {days} dias.", "Peça à central um novo registro."
        )
    return Finding("certificado", True, f"Válido por mais {days} dias.")


def check_broker(identity: Identity, folder: DataFolder) -> Finding:
    """Name, connection and TLS handshake, so that the one that fails is named."""
    host, port = identity.broker_host, identity.broker_port
    try:
        socket.getaddrinfo(host, port)
    except OSError:
        return Finding(
            "central", False, f"O nome {host} não existe para esta rede.", "Confira o DNS e a internet."
        )
    try:
        with socket.create_connection((host, port), NETWORK_S) as plain:
            context = ssl.create_default_context(cafile=str(folder.ca))
            context.load_cert_chain(folder.certificate, folder.key)
            with context.wrap_socket(plain, server_hostname=host):
                return Finding("central", True, f"{host}:{port} responde com um certificado válido.")
    except ssl.SSLError as error:
        return Finding(
            "central",
            False,
            f"{host}:{port} não é aceito como a central: {error.reason or error}.",
            "Confira o relógio; se estiver certo, registre a caixa de novo.",
        )
    except OSError as error:
        return Finding(
            "central",
            False,
            f"Sem conexão com {host}:{port}: {error.strerror or 'não respondeu a tempo'}.",
            f"Libere no firewall a saída TCP {port}. A caixa continua gravando sem internet.",
        )


def check_cameras(cameras: list[dict[str, Any]]) -> list[Finding]:
    """Cameras as the running agent sees them."""
    found = []
    for camera in cameras:
        name = f"câmera {camera['name']}"
        if camera["refusal"]:
            found.append(
                Finding(name, False, f"Recusada: {camera['refusal']}", "Retire-a ou fale com a central.")
            )
        elif camera["state"] == "offline":
            fix = f"Teste com `gtv edge camera test {camera['id']}`."
            found.append(Finding(name, False, camera["reason"] or "Sem sinal.", fix))
        else:
            found.append(Finding(name, True, "Gravando." if camera["state"] == "online" else "Conectando."))
    return found


def check_mediamtx(folder: DataFolder) -> Finding:
    """Optional: without it the box serves live video itself."""
    place = folder.root / "bin" / "mediamtx"
    found = place if place.exists() else shutil.which("mediamtx")
    text = f"Presente em {found}." if found else "Ausente; o vídeo ao vivo sai da própria caixa."
    return Finding("MediaMTX", True, text)


def _open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False


def _output(command: list[str]) -> str:
    """What a program prints; nothing when it is absent, fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=NETWORK_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
