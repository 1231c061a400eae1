"""HAProxy with the configuration that is deployed, in front of processes on this machine."""

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.ports import LOOPBACK

CONFIGURATION = Path(__file__).parents[3] / "deploy/hub/haproxy.cfg"


def certificate(folder: Path) -> Path:
    """A new one of localhost, with its key, as HAProxy wants it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(LOOPBACK))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).add_extension(names, critical=False)
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "tls.pem"
    file.write_bytes(pem + private)
    return file


def front_door_environment(
    tls: Path,
    *,
    http: int,
    https: int,
    metrics: int,
    web: int,
    relays: tuple[int, int],
    requests_per_10s: int = 1000,
) -> dict[str, str]:
    """What the configuration wants to know. The gateway is left out: web takes its place; no object store."""
    return os.environ | {
        "BIND_HTTP": f"{LOOPBACK}:{http}",
        "BIND_HTTPS": f":{https}",
        "BIND_METRICS": f"{LOOPBACK}:{metrics}",
        "TLS_CERTIFICATE": str(tls),
        "OBJECTS_HOST": "objetos.localhost",
        "REQUESTS_PER_10S": str(requests_per_10s),
        "GATEWAY": f"{LOOPBACK}:{web}",
        "GATEWAY_CHECK_PORT": str(web),
        "GATEWAY_HEALTH": "/healthz",
        "WEB": f"{LOOPBACK}:{web}",
        "RELAY_1": f"{LOOPBACK}:{relays[0]}",
        "RELAY_2": f"{LOOPBACK}:{relays[1]}",
        "OBJECTS": f"{LOOPBACK}:1",
        "OBJECTS_HEALTH": "/minio/health/live",
        "ACME": f"{LOOPBACK}:1",
    }
