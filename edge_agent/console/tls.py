"""HTTPS on the LAN with the box's own certificate.

There is no authority that a box without internet could ask, so the certificate
is self-signed: a technician compares the SHA-256 fingerprint that the box shows
at start-up with the browser's once, and the browser remembers. Therefore a new
certificate is made only when it must be: none is there, it is about to expire,
or the box has moved to a network where the old one names none of its addresses.

A city with its own authority puts its certificate at `identity/console.crt` and
`console.key`; the box then serves it and never replaces it, but takes a newer
file without a restart.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import psutil
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edge_agent.config import DataFolder

log = structlog.get_logger()

Address = IPv4Address | IPv6Address

#: CA/Browser Forum's limit for server certificates; some browsers refuse more, whoever signed.
VALID_FOR = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)
CHECK_EVERY_S = 3600.0
_MADE_BY_THE_BOX = "GT-Vision: caixa"


class ConsoleCertificate:
    """The certificate of one box's console, and the TLS context that serves it."""

    def __init__(
        self, folder: DataFolder, node: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Makes a certificate when there is none that can be used. Raises OSError."""
        self._certificate = folder.console_certificate
        self._key = folder.console_key
        self._node = node
        self._now = now
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        self._loaded = ""
        self._start()

    def refresh(self) -> None:
        """Renew when it is time, and serve what is on disk from the next connection on."""
        if not self._certificate.exists() or self._must_be_remade(load(self._certificate)):
            self._make()
        self._serve_what_is_on_disk()

    def _start(self) -> None:
        """A console with a new certificate is better than none, whatever is on disk."""
        try:
            self.refresh()
        except (ssl.SSLError, ValueError) as error:
            log.error("console_certificate_unusable", error=str(error))
            self._make()
            self._serve_what_is_on_disk()

    def _serve_what_is_on_disk(self) -> None:
        current = fingerprint(self._certificate)
        if current != self._loaded:
            self.context.load_cert_chain(self._certificate, self._key)
            self._loaded = current
            log.info("console_certificate", sha256=current)

    async def keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            try:
                await asyncio.to_thread(self.refresh)
            except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
                log.error("console_certificate_not_renewed", error=str(error))

    def _must_be_remade(self, certificate: x509.Certificate) -> bool:
        expires_in = certificate.not_valid_after_utc - self._now()
        if not _made_by_the_box(certificate):
            if expires_in < RENEW_BEFORE:
                log.error("console_certificate_expires", at=certificate.not_valid_after_utc.isoformat())
            return False
        here = {address for address in own_addresses() if not address.is_loopback}
        return expires_in < RENEW_BEFORE or bool(here and here.isdisjoint(_named(certificate)))

    def _make(self) -> None:
        """Key first, then certificate: a power cut between leaves a pair that does not match,
        so the old certificate goes before either."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _self_signed(key, self._node, self._now())
        self._certificate.unlink(missing_ok=True)
        _write(
            self._key,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        _write(self._certificate, certificate.public_bytes(serialization.Encoding.PEM))


def load(file: Path) -> x509.Certificate:
    """Raises OSError, ValueError for what is no certificate."""
    return x509.load_pem_x509_certificate(file.read_bytes())


def fingerprint(file: Path) -> str:
    """SHA-256 of a certificate as browsers show it: pairs of capitals between colons.
    Raises OSError, ValueError."""
    return load(file).fingerprint(hashes.SHA256()).hex(":").upper()


def own_addresses() -> set[Address]:
    """Every address of this machine, but the link-local ones, which need a zone."""
    return {
        address
        for interface in psutil.net_if_addrs().values()
        for entry in interface
        if entry.family in (socket.AF_INET, socket.AF_INET6)
        and not (address := ip_address(entry.address.partition("%")[0])).is_link_local
    }


def _self_signed(key: ec.EllipticCurvePrivateKey, node: str, now: datetime) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _MADE_BY_THE_BOX),
            x509.NameAttribute(NameOID.COMMON_NAME, node),
        ]
    )
    hosts = {socket.gethostname(), "localhost", node}
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in sorted(hosts)]
    names += [x509.IPAddress(address) for address in sorted(own_addresses(), key=str)]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks of the LAN's computers differ
        .not_valid_after(now + VALID_FOR - timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )


def _made_by_the_box(certificate: x509.Certificate) -> bool:
    made_by = certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return [attribute.value for attribute in made_by] == [_MADE_BY_THE_BOX]


def _named(certificate: x509.Certificate) -> list[object]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(names.get_values_for_type(x509.IPAddress))


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, readable by the box alone."""
    new = file.with_suffix(file.suffix + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
