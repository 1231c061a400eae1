"""Fetches a release's archive: resumed where it broke off, and believed only by its digest.

ArchiveRefused    the text (Portuguese) says why there is no archive
"""

import asyncio
import hashlib
from pathlib import Path

import httpx
import structlog

from protocol.releases import Release

log = structlog.get_logger()

TIMEOUT_S = 30.0
#: In a row, without a byte that came; the waits between them double.
MAX_FAILURES = 6
FIRST_WAIT_S = 1.0


class ArchiveRefused(Exception):
    """Nothing was installed of it."""


async def fetch(release: Release, url: str, folder: Path) -> Path:
    """The whole archive, begun where an earlier attempt stopped. Raises ArchiveRefused, OSError."""
    part = folder / f"{release.archive_sha256}.part"
    _forget_but(part)
    failures, wait_s = 0, FIRST_WAIT_S
    while _size(part) < release.archive_bytes:
        before = _size(part)
        try:
            await _fetch_rest(release, url, part)
        except httpx.HTTPError as error:
            # Its text may hold the presigned address, which is a credential.
            log.warning("release_fetch_interrupted", error=type(error).__name__, bytes=_size(part))
        if _size(part) > before:
            failures, wait_s = 0, FIRST_WAIT_S
            continue
        failures += 1
        if failures >= MAX_FAILURES:
            raise ArchiveRefused("o arquivo da versão não chegou inteiro da central")
        await asyncio.sleep(wait_s)
        wait_s *= 2
    if await asyncio.to_thread(_sha256, part) != release.archive_sha256:
        part.unlink()
        raise ArchiveRefused("o arquivo recebido não é o da versão assinada (SHA-256 diferente)")
    return part


async def _fetch_rest(release: Release, url: str, part: Path) -> None:
    """Raises httpx.HTTPError, OSError, ArchiveRefused."""
    held = _size(part)
    headers = {"Range": f"bytes={held}-"} if held else {}
    async with (
        httpx.AsyncClient(timeout=TIMEOUT_S) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        answer.raise_for_status()
        if held and answer.status_code != httpx.codes.PARTIAL_CONTENT:
            held = 0
        with part.open("ab" if held else "wb") as file:
            async for piece in answer.aiter_bytes():
                held += len(piece)
                if held > release.archive_bytes:
                    raise ArchiveRefused("o arquivo recebido é maior que o da versão assinada")
                file.write(piece)


def _forget_but(part: Path) -> None:
    """What was begun of releases that were given up."""
    for other in set(part.parent.glob("*.part")) - {part}:
        other.unlink()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
