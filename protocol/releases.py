"""A release of the box's software: what it is, and the hub's signature over that.

The statement (JSON) names the archive by its digest. It is signed as clips are (ECDSA on P-256 with SHA-256,
over the text's bytes), by a key whose certificate the hub's authority issued for signing code and for nothing
else: no box's certificate, and not the hub's own, signs a release.

    NotTrusted (ValueError)    the text says why, in Portuguese
"""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from msgspec import Meta, Struct

#: Of releases: three numbers, so that everybody orders them alike.
VERSION_PATTERN = r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$"
#: PyAV and the rest of a box's wheels are about 100 MB.
MAX_ARCHIVE_BYTES = 2 * 1024**3

_Size = Annotated[int, Meta(ge=1, le=MAX_ARCHIVE_BYTES * 4)]


class Release(Struct, frozen=True):
    """What is signed: a ZIP of wheels, the software's own and those of everything that it needs."""

    version: Annotated[str, Meta(pattern=VERSION_PATTERN)]
    archive_sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    archive_bytes: Annotated[int, Meta(ge=1, le=MAX_ARCHIVE_BYTES)]
    #: Of the wheels' contents, before Python compiles them.
    installed_bytes: _Size
    v: Literal[1] = 1


class SignedRelease(Struct, frozen=True):
    """`statement` is the JSON text of a Release; `signature` is base64 of an ECDSA signature (DER)."""

    statement: Annotated[str, Meta(max_length=2000)]
    signature: Annotated[str, Meta(max_length=200)]
    certificate_pem: Annotated[str, Meta(max_length=10_000)]


class NotTrusted(ValueError):
    """A release that must not be installed."""


def sign(release: Release, key: ec.EllipticCurvePrivateKey, certificate_pem: str) -> SignedRelease:
    statement = msgspec.json.encode(release)
    signature = key.sign(statement, ec.ECDSA(hashes.SHA256()))
    return SignedRelease(statement.decode(), base64.b64encode(signature).decode(), certificate_pem)


def verify(signed: SignedRelease, authority: x509.Certificate, now: datetime) -> Release:
    """The release that this authority vouches for. Raises NotTrusted."""
    try:
        certificate = x509.load_pem_x509_certificate(signed.certificate_pem.encode())
        certificate.verify_directly_issued_by(authority)
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise NotTrusted("o certificado da versão não é de curva elíptica")
        signature = base64.b64decode(signed.signature, validate=True)
        key.verify(signature, signed.statement.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, binascii.Error):
        raise NotTrusted("a assinatura da versão não é da central desta caixa") from None
    except NotTrusted:
        raise
    except ValueError:
        raise NotTrusted("a versão veio sem um certificado da central desta caixa") from None
    if not _signs_code(certificate):
        raise NotTrusted("o certificado que assinou a versão não é para isso")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise NotTrusted("o certificado que assinou a versão está fora do prazo")
    try:
        return msgspec.json.decode(signed.statement, type=Release)
    except msgspec.DecodeError as error:
        raise NotTrusted(f"a descrição da versão não é entendida: {error}") from None


def is_older(version: str, than: str) -> bool:
    """Whether a release comes before another; of one that is no release (a developer's) nobody knows."""
    try:
        return _numbers(version) < _numbers(than)
    except ValueError:
        return False


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _signs_code(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return list(usage) == [ExtendedKeyUsageOID.CODE_SIGNING]
