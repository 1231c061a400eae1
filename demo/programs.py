"""Finding the programs that engines are made of, installing from the distribution what no wheel brings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from demo.process import MissingProgram

INSTALL_WITHIN_S = 600


def find_program(name: str) -> Path | None:
    """The program of the virtual environment first (wheels put it there), then PATH and the sbin folders."""
    beside_python = str(Path(sys.executable).parent)
    folders = os.pathsep.join([beside_python, os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    found = shutil.which(name, path=folders)
    return Path(found) if found else None


def require_program(name: str, apt_package: str) -> Path:
    """The program's path; root on Debian/Ubuntu gets it installed, anyone else is told the command."""
    found = find_program(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(apt_package)
        found = find_program(name)
    if found is None:
        raise MissingProgram(f"{name} is not installed; run: sudo apt-get install -y {apt_package}")
    return found


def _install(apt_package: str) -> None:
    install = ["install", "-y", "--no-install-recommends", apt_package]
    # Package lists of fresh containers are empty: the second attempt comes after an update.
    if not _apt_get(install):
        _apt_get(["update"])
        _apt_get(install)


def _apt_get(arguments: list[str]) -> bool:
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        # Debian starts a freshly installed broker as a system service; ours is a child process.
        "RUNLEVEL": "1",
    }
    try:
        done = subprocess.run(
            ["apt-get", *arguments],
            env=environment,
            capture_output=True,
            timeout=INSTALL_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
