"""Which authorities a clip is checked against: those that the verifier has from elsewhere (ADR 42).

The certificate that lies in a clip proves nothing by itself: whoever forges a clip puts his own there.
It is used only when its fingerprint is one that the verifier was told by another way.

    AuthorityRefused    the text (Portuguese) says what is wrong with what the verifier gave
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from edge_agent.evidence.manifest import AUTHORITY, SIGNATURE

#: SHA-256, in hexadecimal digits.
_FINGERPRINT_DIGITS = 64
#: How fingerprints are written and printed, beside their digits.
_BETWEEN = str.maketrans("", "", ": -\t\n")


class AuthorityRefused(Exception):
    """What the verifier gave cannot be an authority obtained outside the clip."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """`named`: given for this clip, so that no other will do; else what this computer keeps."""

    certificates: tuple[x509.Certificate, ...] = ()
    sha256: str = ""
    named: bool = False

    def issuer_of(
        self, certificate: x509.Certificate, in_clip: x509.Certificate | None
    ) -> x509.Certificate | None:
        """The trusted certificate that issued another; the clip's own only when its fingerprint was given."""
        told = [in_clip] if in_clip and fingerprint(in_clip) == self.sha256 else []
        return next((own for own in (*self.certificates, *told) if issued(certificate, own)), None)


def named(file: Path | None, sha256: str | None) -> Authorities | None:
    """What the verifier gave: a certificate or a fingerprint. Raises AuthorityRefused, OSError."""
    if file and sha256:
        raise AuthorityRefused("Informe o certificado da autoridade ou a sua impressão digital, não os dois.")
    if file:
        return Authorities((_outside(file),), named=True)
    return Authorities(sha256=_fingerprint_of(sha256), named=True) if sha256 else None


def kept(folder: Path, box_authority: Path) -> Authorities:
    """Every certificate in the verifier's folder; on a box, also the authority that enrolled it.

    Raises AuthorityRefused, OSError.
    """
    return Authorities((*map(_load, sorted(folder.glob("*.crt"))), *_of_the_box(box_authority)))


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 as it is printed and read aloud: pairs of capitals between colons."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether a certificate is of an authority (RFC 5280, 6.1.3)."""
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _outside(file: Path) -> x509.Certificate:
    """Raises AuthorityRefused also for a clip's own: it has that name, or a clip's files beside it."""
    place = file.resolve()
    if AUTHORITY in (file.name, place.name) or (place.parent / SIGNATURE).exists():
        raise AuthorityRefused(
            f"O arquivo {file} veio num recorte: quem forja um recorte põe nele a sua própria autoridade. "
            "Use o certificado obtido da central."
        )
    return _load(file)


def _load(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError:
        raise AuthorityRefused(f"O arquivo {file} não é um certificado.") from None


def _of_the_box(file: Path) -> Iterator[x509.Certificate]:
    """None where there is no box, or for a user that may not read its identity."""
    try:
        yield x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return


def _fingerprint_of(text: str) -> str:
    digits = text.translate(_BETWEEN).upper()
    if len(digits) != _FINGERPRINT_DIGITS or not set(digits) <= set(string.hexdigits):
        raise AuthorityRefused("A impressão digital SHA-256 tem 64 algarismos de 0 a 9 e de A a F.")
    return bytes.fromhex(digits).hex(":").upper()
