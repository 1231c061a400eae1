"""What goes with a clip's videos: who asked, what is in it, and the box's signature over all of it.

    manifest.json   SHA-256 of every video, the spans asked for and obtained, the box, its clock
    manifest.sig    ECDSA with SHA-256 (FIPS 186-5) over the bytes of manifest.json, DER, base64
    caixa.crt       the box's certificate (X.509, PEM), whose key signed
    autoridade.crt  the certificate of the authority that enrolled the box

The signature covers the manifest's bytes as they are in the file, so that no rule
for writing JSON needs to be agreed on to verify it.
"""

import base64
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
CERTIFICATE = "caixa.crt"
AUTHORITY = "autoridade.crt"
README = "LEIA-ME.txt"

README_TEXT = """\
Este recorte foi exportado por uma caixa GT-Vision sem recodificar as imagens.

Arquivos
  *.mp4, *.mov    os vídeos, como a câmera os enviou
  manifest.json   câmeras, horários (UTC), quem pediu, motivo, e o resumo SHA-256 de cada vídeo
  manifest.sig    assinatura digital da caixa sobre o manifest.json
  caixa.crt       certificado da caixa
  autoridade.crt  certificado da autoridade que registrou a caixa

Como verificar
  Em qualquer computador com o programa gtv, sem internet:
      gtv clip verify RECORTE.zip --ca autoridade.crt
  Peça o certificado da autoridade à central, por outro caminho que não este recorte.

  Sem o programa, o resumo de cada vídeo se confere com:  sha256sum ARQUIVO
"""


class ManifestSpan(Struct, frozen=True):
    camera: str
    camera_name: str
    start: datetime
    end: datetime


class ManifestFile(Struct, frozen=True):
    name: str
    camera: str
    camera_name: str
    start: datetime
    end: datetime
    size_bytes: int
    sha256: str
    #: The box's clock minus the footage's, as measured while recording; the largest of the sources.
    drift_us: int


class Manifest(Struct, frozen=True):
    """The statement that the box signs."""

    clip: str
    created: datetime
    requester: str
    reason: str
    city: str
    node: str
    software: str
    #: The box's clock when the clip was made; None: its system does not say.
    clock_synchronised: bool | None
    clock_offset_ms: float | None
    clock_error_ms: int | None
    asked: list[ManifestSpan]
    gaps: list[ManifestSpan]
    files: list[ManifestFile]
    v: int = 1


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2)


def sign(key_file: Path, statement: bytes) -> bytes:
    """The text of manifest.sig. Raises OSError, ValueError for a key that is not the box's."""
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{key_file} is not an elliptic-curve key")
    return base64.b64encode(key.sign(statement, ec.ECDSA(hashes.SHA256()))) + b"\n"
