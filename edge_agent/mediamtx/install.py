"""Fetches the pinned MediaMTX release, checks its digest, and puts the program into place.

From the project's releases, a mirror, or a folder or file that was carried to a box without
internet. The program that was there stays until the new one is whole: download, digest,
unpack beside it, fsync, one rename.

The digest is the technician's, or the one that lies beside the archive; the latter is
believed only where nobody could have changed both on the way: over HTTPS, on this machine,
or on a medium that was carried here.
"""

import contextlib
import hashlib
import io
import os
import platform
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import httpx

VERSION = "v1.20.1"
RELEASES = f"https://github.com/bluenviron/mediamtx/releases/download/{VERSION}"
CHECKSUMS = "checksums.sha256"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "armv7"}
#: v1.20's archives are about 25 MB, the program 55 MB.
MAX_ARCHIVE_BYTES = 150 * 1024 * 1024
MAX_PROGRAM_BYTES = 300 * 1024 * 1024
TIMEOUT_S = 30.0
_DIGEST = re.compile(r"[0-9a-f]{64}")


class InstallFailed(Exception):
    """Nothing was changed; the text is for the technician."""


def archive_name(machine: str | None = None) -> str:
    """Raises InstallFailed."""
    architecture = _ARCHITECTURES.get(machine or platform.machine())
    if architecture is None:
        raise InstallFailed(f"Não há MediaMTX para este processador ({machine or platform.machine()}).")
    return f"mediamtx_{VERSION}_linux_{architecture}.tar.gz"


def install(data_dir: Path, source: str = RELEASES, sha256: str = "", machine: str | None = None) -> Path:
    """The installed program. `source`: address of a release's folder, or a folder or archive on this machine.

    Without `sha256` the checksums beside the archive count. Raises InstallFailed.
    """
    expected = _clean(sha256)
    with _Release.at(source, archive_name(machine)) as release:
        expected = expected or release.published_digest()
        archive = release.read(release.archive, MAX_ARCHIVE_BYTES)
    found = hashlib.sha256(archive).hexdigest()
    if found != expected:
        raise InstallFailed(
            f"O arquivo {release.archive} não é o esperado (SHA-256 {found}, devia ser {expected}). "
            "Nada foi instalado. Busque-o de novo; se a soma continuar outra, não o use e compare-a "
            "com a da página da versão."
        )
    return _put_in_place(_program(archive), data_dir / "bin")


def _clean(sha256: str) -> str:
    digest = sha256.strip().lower()
    if digest and not _DIGEST.fullmatch(digest):
        raise InstallFailed("--sha256 pede os 64 algarismos hexadecimais de uma soma SHA-256.")
    return digest


class _Release:
    """A place that holds an archive and, perhaps, its checksums."""

    def __init__(self, place: str, archive: str, read: Callable[[str, int], bytes], trusted: bool) -> None:
        """`trusted`: its checksums were not on a network where somebody could change them."""
        self._place = place
        self.archive = archive
        self.read = read
        self._trusted = trusted

    @classmethod
    @contextmanager
    def at(cls, source: str, archive: str) -> Iterator[Self]:
        if not _is_address(source):
            path = Path(source)
            folder, archive = (path, archive) if path.is_dir() else (path.parent, path.name)
            yield cls(str(folder), archive, lambda name, limit: _load(folder / name, limit), trusted=True)
            return
        address = source.rstrip("/")
        try:
            trusted = _is_safe(httpx.URL(address))
        except httpx.InvalidURL as error:
            raise InstallFailed(f"{address} não é um endereço: {error}. Confira --from.") from None
        hooks = {"request": [_refuse_unsafe]} if trusted else {}
        with httpx.Client(follow_redirects=True, timeout=TIMEOUT_S, event_hooks=hooks) as http:
            yield cls(
                address,
                archive,
                lambda name, limit: _fetch(http, f"{address}/{name}", limit),
                trusted,
            )

    def published_digest(self) -> str:
        """From lines as `sha256sum` writes them."""
        if not self._trusted:
            raise InstallFailed(
                f"{self._place} não é HTTPS: a soma que vem junto pode ter sido trocada no caminho. "
                "Informe a soma com --sha256, ou use um endereço https://."
            )
        for line in self.read(CHECKSUMS, 64 * 1024).decode(errors="replace").splitlines():
            digest, _, file = line.partition(" ")
            if file.strip().lstrip("*") == self.archive and _DIGEST.fullmatch(digest.lower()):
                return digest.lower()
        raise InstallFailed(
            f"{CHECKSUMS} em {self._place} não traz a soma de {self.archive}. Informe-a com --sha256."
        )


def _is_address(source: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*://", source, re.IGNORECASE) is not None


def _is_safe(url: httpx.URL) -> bool:
    """Nobody on the way can change what comes: encrypted, or not on the way anywhere."""
    return url.scheme == "https" or (url.scheme == "http" and url.host in ("127.0.0.1", "::1", "localhost"))


def _refuse_unsafe(request: httpx.Request) -> None:
    """Each step of a redirection is asked; a safe place must not lead to another."""
    if not _is_safe(request.url):
        raise InstallFailed(f"O endereço desvia para um lugar sem HTTPS ({request.url.host}). Use outro.")


def _load(file: Path, limit_bytes: int) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(limit_bytes + 1)
    except OSError as error:
        raise InstallFailed(f"Não foi possível ler {file}: {error.strerror}. Confira --from.") from None
    if len(content) > limit_bytes:
        raise InstallFailed(f"{file} é grande demais para ser o MediaMTX.")
    return content


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
        raise InstallFailed(
            f"Não foi possível buscar {url}: {error}. Há rede? Sem internet, traga em um pendrive o "
            f"arquivo e o {CHECKSUMS} da versão, e use --from com essa pasta."
        ) from None


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
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise InstallFailed(
            f"Não foi possível gravar {target}: {error.strerror}. Rode como o usuário da caixa, ou como root."
        ) from None
    return target
