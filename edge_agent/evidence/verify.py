"""Verifies a clip on any computer, offline: `gtv clip verify`.

Answers in findings and one of three outcomes (ADR 42). A clip is authentic when none of the
findings is a fault and an authority that the verifier has from elsewhere issued the box's
certificate. Without such an authority it is only whole: anybody can sign as anybody.
"""

import base64
import binascii
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import IO

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edge_agent.evidence import manifest as parts
from edge_agent.evidence.authorities import Authorities, fingerprint, issued
from edge_agent.evidence.findings import Finding
from edge_agent.evidence.manifest import Manifest
from edge_agent.evidence.original import compare
from protocol.topics import NodeAddress

_CHUNK = 1 << 20
#: Raised for an entry that was damaged, encrypted, or packed by a method that we do not read.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError)
#: A manifest of the largest clip is a few kilobytes; anything much larger is not one.
_MAX_SMALL_BYTES = 4 << 20
_BESIDE = {parts.MANIFEST, parts.SIGNATURE, parts.CERTIFICATE, parts.AUTHORITY, parts.README}


class NotAClip(Exception):
    """There is no clip at that place; the text (Portuguese) says what is missing."""


class Outcome(Enum):
    AUTHENTIC = auto()
    #: Nothing was altered since somebody signed; who, is not proven.
    UNPROVEN = auto()
    NOT_AUTHENTIC = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`proven`: an authority that the verifier trusts says which box signed."""

    manifest: Manifest | None
    findings: list[Finding]
    proven: bool = False

    @property
    def outcome(self) -> Outcome:
        if any(finding.kind == "fault" for finding in self.findings):
            return Outcome.NOT_AUTHENTIC
        return Outcome.AUTHENTIC if self.proven else Outcome.UNPROVEN


def verify(place: Path, authorities: Authorities, recordings: Path | None = None) -> Verdict:
    """Verify a clip's ZIP or folder, also against a box's recordings. Raises NotAClip, OSError."""
    with _opened(place) as folder:
        needed = (parts.MANIFEST, parts.SIGNATURE, parts.CERTIFICATE)
        missing = [name for name in needed if not folder.has(name)]
        if missing:
            raise NotAClip(f"Não é um recorte: falta {', '.join(missing)}.")
        verdict = _verify(folder, authorities)
    if recordings is None or verdict.manifest is None:
        return verdict
    return replace(verdict, findings=[*verdict.findings, *compare(verdict.manifest, recordings)])


class _Folder:
    """The files of a clip, wherever they lie; the name of a folder among them ends in a slash."""

    def __init__(self, names: set[str], opened: Callable[[str], IO[bytes]]) -> None:
        self.names = names
        self._opened = opened

    def has(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        with self._opened(name) as file:
            return file.read(_MAX_SMALL_BYTES)

    def sha256(self, name: str) -> str:
        """Empty when the file cannot be read: damaged, encrypted, or packed by another method."""
        digest = hashlib.sha256()
        try:
            with self._opened(name) as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except _UNREADABLE:
            return ""
        return digest.hexdigest()


@contextmanager
def _opened(place: Path) -> Iterator[_Folder]:
    if place.is_dir():
        names = {entry.name if entry.is_file() else f"{entry.name}/" for entry in place.iterdir()}
        yield _Folder(names, lambda name: place.joinpath(name).open("rb"))
        return
    try:
        with zipfile.ZipFile(place) as archive:
            names_in_zip = archive.namelist()
            if len(set(names_in_zip)) != len(names_in_zip):  # which is shown depends on the program
                raise NotAClip("O ZIP foi montado de novo: tem dois arquivos com o mesmo nome.")
            yield _Folder(set(names_in_zip), archive.open)
    except _UNREADABLE:
        raise NotAClip("Não é um recorte: nem pasta, nem arquivo ZIP inteiro, ou está danificado.") from None


def _verify(folder: _Folder, authorities: Authorities) -> Verdict:
    statement = folder.read(parts.MANIFEST)
    try:
        certificate = x509.load_pem_x509_certificate(folder.read(parts.CERTIFICATE))
    except ValueError:
        return Verdict(None, [Finding("fault", "O certificado da caixa está danificado.")])
    findings = [_signature(certificate, folder.read(parts.SIGNATURE), statement)]
    try:
        manifest = msgspec.json.decode(statement, type=Manifest)
    except msgspec.DecodeError:
        return Verdict(None, [*findings, Finding("fault", "O manifesto está danificado.")])
    in_clip = _authority_in(folder)
    if folder.has(parts.AUTHORITY) and not (in_clip and issued(certificate, in_clip)):
        findings.append(Finding("fault", f"O arquivo {parts.AUTHORITY} não é da autoridade desta caixa."))
    trusted = authorities.issuer_of(certificate, in_clip)
    findings.append(_issuer(trusted, authorities))
    findings += _signer(certificate, manifest)
    findings += _files(folder, manifest)
    findings += _readme(folder, manifest)
    return Verdict(manifest, findings, proven=trusted is not None)


def _authority_in(folder: _Folder) -> x509.Certificate | None:
    """The certificate that the clip itself brings."""
    if not folder.has(parts.AUTHORITY):
        return None
    try:
        return x509.load_pem_x509_certificate(folder.read(parts.AUTHORITY))
    except ValueError:
        return None


def _issuer(trusted: x509.Certificate | None, authorities: Authorities) -> Finding:
    """Whether the box's certificate is of an authority that the verifier trusts, and on whose word."""
    if trusted is not None:
        whose = (
            "que você informou (confira a impressão digital com a central)"
            if authorities.named
            else "guardada neste computador"
        )
        return Finding(
            "fine", f"O certificado da caixa é da autoridade {whose}, SHA-256 {fingerprint(trusted)}."
        )
    if authorities.named:
        return Finding("fault", "O certificado da caixa não é da autoridade informada.")
    if authorities.certificates:
        return Finding(
            "warning",
            "O certificado da caixa não é de nenhuma autoridade guardada neste computador: "
            "o recorte é de outra central, ou é falso.",
        )
    return Finding("warning", "Nenhuma autoridade obtida fora do recorte diz de que caixa ele é.")


def _signature(certificate: x509.Certificate, signature: bytes, statement: bytes) -> Finding:
    try:
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise InvalidSignature
        key.verify(base64.b64decode(signature, validate=False), statement, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, binascii.Error, ValueError):
        return Finding("fault", "A assinatura não confere: o manifesto foi alterado ou não é desta caixa.")
    return Finding("fine", "A assinatura da caixa confere.")


def _signer(certificate: x509.Certificate, manifest: Manifest) -> Iterator[Finding]:
    """Whether the certificate is of the box that the manifest names, and was valid then."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    box = str(NodeAddress(manifest.city, manifest.node))
    if not names or names[0].value != box:
        yield Finding("fault", f"O certificado não é da caixa {box}.")
    if not certificate.not_valid_before_utc <= manifest.created <= certificate.not_valid_after_utc:
        yield Finding("fault", "O certificado da caixa não era válido quando o recorte foi feito.")


def _files(folder: _Folder, manifest: Manifest) -> Iterator[Finding]:
    for file in manifest.files:
        if not folder.has(file.name):
            yield Finding("fault", f"Falta o vídeo {file.name}.")
        elif folder.sha256(file.name) != file.sha256:
            yield Finding("fault", f"O vídeo {file.name} foi alterado.")
        else:
            yield Finding("fine", f"O vídeo {file.name} está íntegro.")
    for name in sorted(folder.names - _BESIDE - {file.name for file in manifest.files}):
        yield Finding(
            "fault", f"O arquivo {name} não faz parte do recorte assinado: retire-o e verifique de novo."
        )


def _readme(folder: _Folder, manifest: Manifest) -> Iterator[Finding]:
    if not folder.has(parts.README):
        return
    if not manifest.readme_sha256:
        yield Finding("warning", f"O arquivo {parts.README} não foi assinado: não siga o que ele diz.")
    elif folder.sha256(parts.README) != manifest.readme_sha256:
        yield Finding("fault", f"O arquivo {parts.README} foi alterado: retire-o e verifique de novo.")
