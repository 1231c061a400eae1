"""The hub's certificate authority: it issues the certificates of boxes, hub services and the broker.

A certificate's common name is the identity that the broker's ACL works with:
`<city>/<node>` for a box, `hub` for the hub's own services. A box sends a request
(CSR) and keeps its private key; whatever name the request asks for is ignored.
Which certificates no longer count is told to the broker in a list (CRL, RFC 5280, 5).
"""

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from protocol import releases
from protocol.releases import Release, SignedRelease

HUB = "hub"

CA_LIFE = timedelta(days=3650)
SERVICE_LIFE = timedelta(days=825)
NODE_LIFE = timedelta(days=365)
#: How long boxes install a release after it was signed.
RELEASE_LIFE = timedelta(days=365)

#: Clocks of boxes are not always right; a certificate is valid from a little before it was made.
BACKDATE = timedelta(hours=1)


class InvalidRequest(ValueError):
    """A certificate request that cannot be granted; the text says why, in Portuguese."""


@dataclass(frozen=True)
class Issued:
    certificate_pem: str
    ca_pem: str
    serial: str
    expires_at: datetime
    #: Of its public key: a renewal is for the key that was enrolled, and no other.
    key_sha256: str


@dataclass(frozen=True)
class Revoked:
    """A certificate that no longer counts, from when on."""

    serial: str
    at: datetime


class Authority:
    """The CA in a folder: `ca.crt` and `ca.key`, with the pairs it made for the hub and the broker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ensure(self, broker_host: str) -> None:
        """Make what is absent: the CA, and the pairs of the hub's services and of the broker."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (self.folder / "ca.crt").exists():
            self._make_ca()
        if not (self.folder / "hub.crt").exists():
            self._make_pair(HUB, ExtendedKeyUsageOID.CLIENT_AUTH, [])
        if not (self.folder / "broker.crt").exists():
            hosts = sorted({broker_host, "localhost", "127.0.0.1"})
            self._make_pair("broker", ExtendedKeyUsageOID.SERVER_AUTH, hosts)
        if not self.revocations.exists():  # the broker does not start without it
            self.write_revocations([])

    @property
    def revocations(self) -> Path:
        """The list that the broker reads."""
        return self.folder / "ca.crl"

    def write_revocations(self, revoked: Iterable[Revoked]) -> None:
        """Sign the whole list anew and put it in the old one's place. Raises OSError.

        It never gets too old to be used (`next_update`): OpenSSL refuses every box by a list that did,
        and the process that writes it must not be needed for boxes to connect.
        """
        now = self._later_than_the_old_list()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(now)
            .next_update(self._certificate.not_valid_after_utc)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        )
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(int(one.serial, 16))
            builder = builder.add_revoked_certificate(entry.revocation_date(one.at).build())
        signed = builder.sign(self._key, hashes.SHA256())
        new = self.revocations.with_suffix(".new")
        new.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        new.replace(self.revocations)

    def _later_than_the_old_list(self) -> datetime:
        """Of two lists the broker believes the one signed later, by whole seconds; it keeps the first of two
        signed in one second. So this waits for the next one."""
        if self.revocations.exists():
            old = x509.load_pem_x509_crl(self.revocations.read_bytes()).last_update_utc
            time.sleep(max(0.0, (old + timedelta(seconds=1) - datetime.now(UTC)).total_seconds()))
        return datetime.now(UTC)

    def issue_for_node(self, csr_pem: str, common_name: str) -> Issued:
        """A client certificate for a box. Raises InvalidRequest."""
        try:
            csr = x509.load_pem_x509_csr(csr_pem.encode())
            key = csr.public_key()
            signed = csr.is_signature_valid
        except (ValueError, TypeError, InvalidSignature):
            raise InvalidRequest("não é um CSR em PEM") from None
        if not signed:
            raise InvalidRequest("a assinatura não confere")
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise InvalidRequest("a chave precisa ser EC P-256")
        certificate = self._sign(key, common_name, NODE_LIFE, ExtendedKeyUsageOID.CLIENT_AUTH, [])
        return Issued(
            certificate_pem=_pem(certificate),
            ca_pem=_pem(self._certificate),
            serial=format(certificate.serial_number, "x"),
            expires_at=certificate.not_valid_after_utc,
            key_sha256=_key_digest(key),
        )

    def sign_release(self, release: Release) -> SignedRelease:
        """By a key that signs this one release and is forgotten: there is none that could be stolen."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = f"release {release.version}"
        certificate = self._sign(key.public_key(), name, RELEASE_LIFE, ExtendedKeyUsageOID.CODE_SIGNING, [])
        return releases.sign(release, key, _pem(certificate))

    def published(self) -> str:
        """The CA's certificate, after a line with its fingerprint, which is there to be compared by eye
        and read aloud (text before a certificate: RFC 7468, 2). Raises OSError."""
        return (
            f"{self._certificate.subject.rfc4514_string()}, SHA-256 {self.sha256}\n{_pem(self._certificate)}"
        )

    @property
    def sha256(self) -> str:
        """The fingerprint of the CA's certificate, pairs of capitals between colons. Raises OSError."""
        return self._certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @cached_property
    def _certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / "ca.crt").read_bytes())

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        key = serialization.load_pem_private_key((self.folder / "ca.key").read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def _make_ca(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("GT-Vision CA")
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = _builder(name, name, key.public_key(), CA_LIFE)
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        self._write_pair("ca", key, certificate)

    def _make_pair(self, name: str, usage: x509.ObjectIdentifier, hosts: list[str]) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self._write_pair(name, key, self._sign(key.public_key(), name, SERVICE_LIFE, usage, hosts))

    def _sign(
        self,
        key: ec.EllipticCurvePublicKey,
        common_name: str,
        life: timedelta,
        usage: x509.ObjectIdentifier,
        hosts: list[str],
    ) -> x509.Certificate:
        builder = _builder(_name(common_name), self._certificate.subject, key, life)
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if hosts:
            names = [_general_name(host) for host in hosts]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _write_pair(self, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """The key first: a certificate is there only if its key is."""
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        opened = os.open(self.folder / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(private)
        (self.folder / f"{name}.crt").write_text(_pem(certificate))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(now + life)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_digest(key: ec.EllipticCurvePublicKey) -> str:
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
