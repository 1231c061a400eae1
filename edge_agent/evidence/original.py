"""Compares a clip with the footage that it was cut from, where the box still has it.

The manifest names the bytes of each recording file that were used, and their SHA-256: equal
bytes prove that the footage on the box is what it was when the clip was made.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from edge_agent.evidence.findings import Finding
from edge_agent.evidence.manifest import Manifest, ManifestFile, ManifestSource

_CHUNK = 1 << 20


def compare(manifest: Manifest, recordings: Path) -> Iterator[Finding]:
    """A finding a video. Raises OSError for a disk that does not give what it has."""
    for file in manifest.files:
        yield _compare(file, recordings)


def _compare(file: ManifestFile, recordings: Path) -> Finding:
    if not file.sources:
        return Finding("warning", f"O vídeo {file.name} não diz de que gravação foi cortado.")
    found = [_digest(source, recordings) for source in file.sources]
    gone = found.count(None)
    pairs = zip(found, file.sources, strict=True)
    if altered := [source for digest, source in pairs if digest not in (None, source.sha256)]:
        since = altered[0].start.isoformat()
        return Finding("fault", f"A gravação de onde saiu o vídeo {file.name} é outra, a partir de {since}.")
    if gone:
        text = f"{gone} de {len(found)} gravações de onde saiu o vídeo {file.name} não estão mais na caixa."
        return Finding("warning", text)
    return Finding("fine", f"O vídeo {file.name} saiu da gravação que está na caixa.")


def _digest(source: ManifestSource, recordings: Path) -> str | None:
    """Of the bytes named; None where there is no such file. What nobody signed may name any path."""
    path = (recordings / source.path).resolve()
    if not path.is_relative_to(recordings.resolve()) or not path.is_file():
        return None
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        for offset, size_bytes in ((0, source.init_bytes), (source.offset, source.size_bytes)):
            opened.seek(offset)
            left = size_bytes
            while left > 0 and (chunk := opened.read(min(left, _CHUNK))):
                digest.update(chunk)
                left -= len(chunk)
    return digest.hexdigest()
