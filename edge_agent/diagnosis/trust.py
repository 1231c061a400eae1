"""Who may read what, whose certificate is good for how long, and whether the hub is reached."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from edge_agent.config import DataFolder, Identity
from edge_agent.diagnosis.finding import TIMEOUT_S, Finding

#: Certificates last a year and are renewed long before (see the hub's PKI).
EXPIRES_SOON_DAYS = 30
_ENROL = "Registre a caixa de novo (`gtv edge enrol`), com uma senha nova da central."


def check_permissions(folder: DataFolder) -> Finding:
    """Keys and passwords lie there: nobody else may read them."""
    keys = (folder.key, folder.secrets_key, folder.console_key, folder.metrics_token)
    exposed = [path for path in (*keys, folder.database) if _open_to_others(path)]
    if exposed:
        names = " ".join(str(path) for path in exposed)
        return Finding("permissões", False, f"Outros usuários podem ler {names}.", f"chmod 600 {names}")
    return Finding("permissões", True, "Chaves e senhas só ao alcance da caixa.")


def check_certificates(folder: DataFolder, now: datetime | None = None) -> list[Finding]:
    """The box's identity to the hub, the authority that it believes, and its console's."""
    now = now or datetime.now(UTC)
    found = [
        _check_certificate("certificado da caixa", folder.certificate, _ENROL, now),
        _check_certificate(
            "certificado da autoridade da central",
            folder.ca,
            f"Peça à central que renove a sua autoridade. {_ENROL}",
            now,
        ),
    ]
    if folder.console_certificate.exists():  # the box makes it when it starts, and renews its own
        fix = "Troque identity/console.crt e console.key; sem eles a caixa faz um certificado próprio."
        found.append(_check_certificate("certificado do console", folder.console_certificate, fix, now))
    return found


def _check_certificate(subject: str, file: Path, fix: str, now: datetime) -> Finding:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return Finding(subject, False, "O arquivo falta ou está danificado.", fix)
    return _judge(subject, certificate.not_valid_before_utc, certificate.not_valid_after_utc, now, fix)


def _judge(subject: str, begins: datetime, ends: datetime, now: datetime, fix: str) -> Finding:
    if now < begins:
        text = f"Só vale a partir de {begins:%d/%m/%Y}: o relógio da caixa está atrasado?"
        return Finding(subject, False, text, "Confira o relógio; se estiver certo: " + fix)
    days = (ends - now).days
    if now >= ends:
        return Finding(subject, False, f"Venceu em {ends:%d/%m/%Y}.", fix)
    if days < EXPIRES_SOON_DAYS:
        return Finding(subject, False, f"Vence em {days} dias.", fix)
    return Finding(subject, True, f"Válido por mais {days} dias.")


def check_broker(identity: Identity, folder: DataFolder, now: datetime | None = None) -> list[Finding]:
    """Name, connection and TLS handshake, so that the one that fails is named; then its certificate."""
    host, port = identity.broker_host, identity.broker_port
    try:
        socket.getaddrinfo(host, port)
    except OSError:
        text = f"O nome {host} não existe para esta rede."
        return [Finding("central", False, text, "Confira o DNS e a internet.")]
    try:
        begins, ends = _handshake(host, port, folder)
    except (ssl.SSLError, ValueError) as error:
        why = getattr(error, "verify_message", "") or getattr(error, "reason", "") or error
        text = f"{host}:{port} não é aceito como a central: {why}."
        return [Finding("central", False, text, f"Confira o relógio; se estiver certo: {_ENROL}")]
    except OSError as error:
        text = f"Sem conexão com {host}:{port}: {error.strerror or 'não respondeu a tempo'}."
        fix = f"Libere no firewall a saída TCP {port}. A caixa continua gravando sem internet."
        return [Finding("central", False, text, fix)]
    fix = "Avise a central: sem um certificado novo nenhuma caixa a alcança."
    return [
        Finding("central", True, f"{host}:{port} responde com um certificado válido."),
        _judge("certificado da central", begins, ends, now or datetime.now(UTC), fix),
    ]


def _handshake(host: str, port: int, folder: DataFolder) -> tuple[datetime, datetime]:
    """From when until when the broker's certificate is valid. Raises OSError, ssl.SSLError, ValueError."""
    with socket.create_connection((host, port), TIMEOUT_S) as plain:
        context = ssl.create_default_context(cafile=str(folder.ca))
        context.load_cert_chain(folder.certificate, folder.key)
        with context.wrap_socket(plain, server_hostname=host) as secured:
            shown = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
            return shown.not_valid_before_utc, shown.not_valid_after_utc


def _open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False
