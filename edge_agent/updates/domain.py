"""The rules of an update on the box: what is refused before it is fetched, and when a new version works."""

from dataclasses import dataclass

from protocol.releases import Release, is_older

#: Left free beside the archive and what is installed of it: compiled Python, the box's own work meanwhile.
MARGIN_BYTES = 256 * 1024**2
#: Python's compiled files beside the sources.
COMPILED_SHARE = 0.3

#: A new version has so long to show that it works, from when its process starts.
DEADLINE_S = 180.0
#: It must be well for so long in one go: a process that dies after its first seconds is not well.
SETTLED_S = 10.0


@dataclass(frozen=True)
class Wellness:
    """How a box works: cameras that it records, whether it is in contact with the hub."""

    cameras: int
    hub: bool


def room_needed(release: Release) -> int:
    """Bytes: the archive, its wheels, and what is installed of them."""
    installed = int(release.installed_bytes * (1 + COMPILED_SHARE))
    return 2 * release.archive_bytes + installed + MARGIN_BYTES


def refusal(release: Release, running: str, *, allow_older: bool, free_bytes: int) -> str | None:
    """Why this release is not to be installed here; for people."""
    if release.version == running:
        return f"a versão {running} já está em uso"
    if not allow_older and is_older(release.version, running):
        return f"a versão {release.version} é mais antiga que a {running} em uso"
    needed = room_needed(release)
    if free_bytes < needed:
        return f"não há espaço no disco: são precisos {needed / 1e6:.0f} MB, há {free_bytes / 1e6:.0f} MB"
    return None


def works(before: Wellness, now: Wellness) -> bool:
    """Whether a new version does what the one before it did. One camera in ten may be away by chance:
    cameras fail at their own time, and a box must not lose an update by it."""
    return now.cameras >= before.cameras - before.cameras // 10 and (now.hub or not before.hub)
