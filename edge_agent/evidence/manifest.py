"""What goes with a clip's videos: who asked, what is in it, and the box's signature over all of it.

    manifest.json   SHA-256 of every video and of the footage that it was cut from, the spans asked
                    for and obtained, the box, its clock at the recording and at the export
    manifest.sig    ECDSA with SHA-256 (FIPS 186-5) over the bytes of manifest.json, DER, base64
    caixa.crt       the box's certificate (X.509, PEM), whose key signed
    autoridade.crt  the certificate of the authority that enrolled the box; proves nothing by itself (ADR 42)

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
from msgspec.structs import replace

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
CERTIFICATE = "caixa.crt"
AUTHORITY = "autoridade.crt"
README = "LEIA-ME.txt"

#: Six hours of a camera name 360 sources, 150 kB; the hub takes a megabyte (protocol.messages.ClipResult).
MAX_BYTES = 500_000

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
      gtv clip verify RECORTE.zip --authority-sha256 IMPRESSÃO
  IMPRESSÃO é a impressão digital SHA-256 do certificado da autoridade. Peça-a à central da cidade
  (https://CENTRAL/authority.crt, um ofício, o telefone), nunca a quem entregou o recorte: o
  autoridade.crt que está aqui não prova nada sozinho, pois quem forja um recorte põe nele o seu.
  Com o certificado que a central publica:  gtv clip verify RECORTE.zip --ca ARQUIVO
  Só AUTÊNTICO quer dizer que a caixa da cidade o assinou e que nada foi alterado.

  Na própria caixa, enquanto ela ainda tem a gravação, compare também com o original:
      gtv clip verify RECORTE.zip --recordings /var/lib/gtv/recordings

  Sem o programa, o resumo de cada vídeo se confere com:  sha256sum ARQUIVO
"""


class ManifestSpan(Struct, frozen=True):
    camera: str
    camera_name: str
    start: datetime
    end: datetime


class ManifestSource(Struct, frozen=True):
    """A recording file that a video was cut from, so that the two can be compared while the box has it.

    `sha256` is over its first `init_bytes` and, after them, the `size_bytes` from `offset` on.
    """

    path: str
    start: datetime
    end: datetime
    init_bytes: int
    offset: int
    size_bytes: int
    sha256: str
    #: The box's clock minus the footage's when this file was closed.
    drift_us: int
    #: The box's clock then; None: not known (the file was still open, or was repaired after a crash).
    clock_synchronised: bool | None = None
    clock_error_ms: int | None = None


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
    #: Empty in clips of the first version, and where there are too many to name.
    sources: list[ManifestSource] = []


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
    #: Of LEIA-ME.txt, which tells people whom to believe; empty in clips of the first version.
    readme_sha256: str = ""
    v: int = 1


def encode(manifest: Manifest) -> bytes:
    """Its text. Where footage is in so many pieces that the hub would not take it, without the sources."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    if len(text) <= MAX_BYTES:
        return text
    files = [replace(file, sources=[]) for file in manifest.files]
    return msgspec.json.format(msgspec.json.encode(replace(manifest, files=files)), indent=2)


def sign(key_file: Path, statement: bytes) -> bytes:
    """The text of manifest.sig. Raises OSError, ValueError for a key that is not the box's."""
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{key_file} is not an elliptic-curve key")
    return base64.b64encode(key.sign(statement, ec.ECDSA(hashes.SHA256()))) + b"\n"
