"""Fetches the pinned MediaMTX release, checks its digest, and puts the program into place.

The program that was there stays until the new one is whole: download, digest, unpack
beside it, fsync, one rename.
"""

import hashlib
import io
import os
import platform
import tarfile
from pathlib import Path

import httpx

VERSION = "v1.20.1"
RELEASES = f"https://github.com/bluenviron/mediamtx/releases/download/{VERSION}"
CHECKSUMS = "checksums.sha256"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "armv7"}
#: v1.20's archives are about 25 MB, the program 55 MB.
MAX_ARCHIVE_BYTES = 150 * 1024 * 1024
MAX_PROGRAM_BYTES = 300 * 1024 * 1024
TIMEOUT_S = 30.0


class InstallFailed(Exception):
    """Nothing was changed; the text is for the technician."""


def archive_name(machine: str | None = None) -> str:
    """Raises InstallFailed."""
    architecture = _ARCHITECTURES.get(machine or platform.machine())
    if architecture is None:
        raise InstallFailed(f"Não há MediaMTX para este processador ({machine or platform.machine()}).")
    return f"mediamtx_{VERSION}_linux_{architecture}.tar.gz"


def install(data_dir: Path, base_url: str = RELEASES, sha256: str = "", machine: str | None = None) -> Path:
    """The installed program; without `sha256` the checksums beside the release count.

    Raises InstallFailed.
    """
    name = archive_name(machine)
    base_url = base_url.rstrip("/")
    with httpx.Client(follow_redirects=True, timeout=TIMEOUT_S) as http:
        expected = sha256.lower() or _published_digest(http, f"{base_url}/{CHECKSUMS}", name)
        archive = _fetch(http, f"{base_url}/{name}", MAX_ARCHIVE_BYTES)
    found = hashlib.sha256(archive).hexdigest()
    if found != expected:
        raise InstallFailed(
            f"O arquivo {name} não é o esperado (SHA-256 {found}, devia ser {expected}). Nada foi instalado."
        )
    return _put_in_place(_program(archive), data_dir / "bin")


def _published_digest(http: httpx.Client, url: str, name: str) -> str:
    """From lines as `sha256sum` writes them."""
    for line in _fetch(http, url, 64 * 1024).decode(errors="replace").splitlines():
        digest, _, file = line.partition(" ")
        if file.strip().lstrip("*") == name:
            return digest.lower()
    raise InstallFailed(f"{url} não traz a soma de {name}. Informe-a com --sha256.")


def _fetch(http: httpx.Client, url: str, limit_bytes: int) -> bytes:
    try:
        with http.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise InstallFailed(f"{url} respondeu {answer.status_code}. Confira o endereço (--from).")
            content = bytearray()
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > limit_bytes:
                    raise InstallFailed(f"{url} é grande demais para ser o MediaMTX.")
            return bytes(content)
    except httpx.RemoteProtocolError:
        raise InstallFailed(f"A transferência de {url} foi interrompida. Tente de novo.") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InstallFailed(f"Não foi possível buscar {url}: {error}. Há rede?") from None


def _program(archive: bytes) -> bytes:
    """The one file that is wanted, by its exact name: no path of the archive is ever written."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
            member = opened.getmember("mediamtx")
            content = opened.extractfile(member) if member.isreg() else None
            if content is None or member.size > MAX_PROGRAM_BYTES:
                raise InstallFailed("O arquivo não contém o programa mediamtx.")
            return content.read()
    except (tarfile.TarError, KeyError, EOFError, OSError):
        raise InstallFailed("O arquivo não pôde ser aberto, ou não contém o programa mediamtx.") from None


def _put_in_place(program: bytes, folder: Path) -> Path:
    target = folder / "mediamtx"
    new = target.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with new.open("xb") as opened:
            opened.write(program)
            opened.flush()
            os.fsync(opened.fileno())
        new.chmod(0o755)
        new.replace(target)
    except OSError as error:
        raise InstallFailed(f"Não foi possível gravar {target}: {error.strerror}.") from None
    return target
