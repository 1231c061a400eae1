"""A real file system of a few megabytes, to fill, to make read-only, or to let fail.

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


class FailingDisk:
    """An ext4 in an image file, mounted at `root`; it turns read-only at its first error, as a box's does."""

    def __init__(self, root: Path, image: Path) -> None:
        self.root = root
        self._image = image

    def mount(self) -> None:
        _run("mount", "-o", "loop,errors=remount-ro", str(self._image), str(self.root))

    @property
    def trigger(self) -> Path:
        """What is written here the kernel takes for an error of the file system (ext4's sysfs)."""
        device = _run("findmnt", "--noheadings", "--output", "SOURCE", str(self.root)).strip()
        return Path("/sys/fs/ext4") / Path(device).name / "trigger_fs_error"

    def fail(self) -> None:
        """Whatever files are open. The kernel lets nobody make it writable again but by `mend`."""
        self.trigger.write_text("test")

    def mend(self) -> None:
        """As a restart of the machine does it; no file may be open."""
        _run("umount", str(self.root))
        subprocess.run(["e2fsck", "-fy", str(self._image)], check=False, capture_output=True)  # 1: mended
        self.mount()


@contextmanager
def failing_disk(root: Path, size_bytes: int) -> Iterator[FailingDisk]:
    """Skips the test, loudly, where no image can be mounted, or made to fail."""
    root.mkdir(parents=True)
    image = root.with_name(f"{root.name}.img")
    with image.open("wb") as file:
        file.truncate(size_bytes)
    disk = FailingDisk(root, image)
    try:
        _run("mkfs.ext4", "-q", str(image))
        disk.mount()
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"NOT TESTED, no ext4 image can be mounted here ({error}); needs root and loop devices")
    try:
        if not disk.trigger.exists():
            pytest.skip("NOT TESTED, this kernel cannot be told to fail a file system")
        yield disk
    finally:
        _run("umount", "--lazy", str(root))


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
