"""A real file system of a few megabytes, to fill and to make read-only.

Mounting needs root, also root of a user namespace (`unshare --map-root-user --mount`).
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A tmpfs mounted at `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ballast = root / "ballast"

    def fill(self, leave_bytes: int) -> None:
        """Somebody else's file takes the room."""
        with self._ballast.open("wb") as file:
            while (free := self._free()) > leave_bytes:
                file.write(bytes(min(free - leave_bytes, 65_536)))
                file.flush()

    def make_room(self) -> None:
        self._ballast.unlink()

    def become(self, mode: str) -> None:
        """`ro` or `rw`. Raises CalledProcessError while a file is open for writing."""
        _run("mount", "-o", f"remount,{mode}", str(self.root))

    def _free(self) -> int:
        done = _run("stat", "--file-system", "--format=%a %S", str(self.root))
        blocks, size = done.split()
        return int(blocks) * int(size)


@contextmanager
def small_disk(root: Path, size_bytes: int) -> Iterator[SmallDisk]:
    """Skips the test, loudly, where nothing may be mounted."""
    root.mkdir(parents=True)
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "small-disk", str(root))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"NOT TESTED, no file system can be mounted here ({error}); needs root")
    try:
        yield SmallDisk(root)
    finally:
        _run("umount", "--lazy", str(root))


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
