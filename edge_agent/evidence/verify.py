"""Verifies a clip on any computer, offline: `gtv clip verify`.

Answers in findings; a clip is authentic when none of them is a fault. What is
trusted is the authority's certificate: given by the person who verifies, or (with
a warning) the one that lies in the clip, which proves only that nothing was
altered since, not who signed.
"""

import base64
import binascii
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edge_agent.evidence import manifest as parts
from edge_agent.evidence.findings import Finding
from edge_agent.evidence.manifest import Manifest
from edge_agent.evidence.original import compare
from protocol.topics import NodeAddress

_CHUNK = 1 << 20
#: A manifest of the largest clip is a few kilobytes; anything much larger is not one.
_MAX_SMALL_BYTES = 4 << 20
_BESIDE = {parts.MANIFEST, parts.SIGNATURE, parts.CERTIFICATE, parts.AUTHORITY, parts.README}


class NotAClip(Exception):
    """There is no clip at that place; the text (Portuguese) says what is missing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    manifest: Manifest | None
    findings: list[Finding]

    @property
    def authentic(self) -> bool:
        return all(finding.kind != "fault" for finding in self.findings)


def verify(place: Path, authority_pem: bytes | None, recordings: Path | None = None) -> Verdict:
    """Verify a clip's ZIP or folder, also against a box's recordings. Raises NotAClip, OSError."""
    with _opened(place) as folder:
        needed = (parts.MANIFEST, parts.SIGNATURE, parts.CERTIFICATE)
        missing = [name for name in needed if not folder.has(name)]
        if missing:
            raise NotAClip(f"Não é um recorte: falta {', '.join(missing)}.")
        verdict = _verify(folder, authority_pem)
    if recordings is None or verdict.manifest is None:
        return verdict
    return replace(verdict, findings=[*verdict.findings, *compare(verdict.manifest, recordings)])


class _Folder:
    """The files of a clip, wherever they lie."""

    def __init__(self, root: "Path | zipfile.Path") -> None:
        self._root = root
        self.names = {entry.name for entry in root.iterdir()}

    def has(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        with self._root.joinpath(name).open("rb") as file:
            return bytes(file.read(_MAX_SMALL_BYTES))

    def sha256(self, name: str) -> str:
        """Empty when the ZIP's own checksum says that the file is damaged."""
        digest = hashlib.sha256()
        try:
            with self._root.joinpath(name).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except zipfile.BadZipFile:
            return ""
        return digest.hexdigest()


@contextmanager
def _opened(place: Path) -> Iterator[_Folder]:
    if place.is_dir():
        yield _Folder(place)
        return
    try:
        with zipfile.ZipFile(place) as archive:
            names = archive.namelist()
            if len(set(names)) != len(names):  # which of the two is shown depends on the program
                raise NotAClip("O ZIP foi montado de novo: tem dois arquivos com o mesmo nome.")
            yield _Folder(zipfile.Path(archive))
    except zipfile.BadZipFile:
        raise NotAClip("Não é um recorte: nem pasta, nem arquivo ZIP inteiro, ou está danificado.") from None


def _verify(folder: _Folder, authority_pem: bytes | None) -> Verdict:
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
    findings += _issuer(folder, certificate, authority_pem)
    findings += _signer(certificate, manifest)
    findings += _files(folder, manifest)
    return Verdict(manifest, findings)


def _signature(certificate: x509.Certificate, signature: bytes, statement: bytes) -> Finding:
    try:
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise InvalidSignature
        key.verify(base64.b64decode(signature, validate=False), statement, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, binascii.Error, ValueError):
        return Finding("fault", "A assinatura não confere: o manifesto foi alterado ou não é desta caixa.")
    return Finding("fine", "A assinatura da caixa confere.")


def _issuer(folder: _Folder, certificate: x509.Certificate, authority_pem: bytes | None) -> Iterator[Finding]:
    """Whether the box's certificate is of the authority that is trusted (RFC 5280)."""
    pem = authority_pem or (folder.read(parts.AUTHORITY) if folder.has(parts.AUTHORITY) else b"")
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(pem))
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        yield Finding("fault", "O certificado da caixa não é desta autoridade.")
        return
    if authority_pem is None:
        yield Finding(
            "warning",
            "A autoridade conferida é a que veio no próprio recorte. "
            "Para provar de quem ele é, repita com --ca e o certificado obtido da central.",
        )
    else:
        yield Finding("fine", "O certificado da caixa é da autoridade informada.")


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
        yield Finding("warning", f"O arquivo {name} não faz parte do recorte assinado.")
