"""Fills a slot: a virtual environment with the software out of a folder of wheels, without a network.

InstallFailed    the text (Portuguese) says why; the slot is not whole, and is begun anew next time
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import structlog

log = structlog.get_logger()

#: A slow disk and a slow processor that records hundreds of cameras meanwhile.
WITHIN_S = 1800.0
_WHEEL_NAME = re.compile(r"^[A-Za-z0-9_.+!-]+\.whl$")
#: What the new version must at least do: be read whole, and say which it is.
_PROBE = "import edge_agent.agent, edge_agent.cli.agent; print(edge_agent.__version__)"


class InstallFailed(Exception):
    """The slot cannot be used."""


def unpack(archive: Path, folder: Path) -> Path:
    """The archive's wheels in a folder of their own. Raises InstallFailed, OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if not _WHEEL_NAME.match(name):
                    raise InstallFailed(f"o arquivo da versão contém «{name[:80]}», que não é um pacote")
                opened.extract(name, folder)
    except zipfile.BadZipFile:
        raise InstallFailed("o arquivo da versão não é um ZIP") from None
    return folder


def install(slot: Path, wheels: Path, version: str) -> None:
    """Make the slot anew, whole or not at all. Raises InstallFailed, OSError."""
    (slot / "whole").unlink(missing_ok=True)
    shutil.rmtree(slot, ignore_errors=True)
    _run([_base_python(), "-m", "venv", slot])
    python = slot / "bin" / "python"
    offline: list[str | Path] = [
        "--no-index",
        "--find-links",
        wheels,
        "--no-cache-dir",
        "--disable-pip-version-check",
    ]
    _run(
        [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--only-binary=:all:",
            *offline,
            f"gt-vision[edge]=={version}",
        ]
    )
    told = _run([python, "-c", _PROBE]).strip()
    if told != version:
        raise InstallFailed(f"o pacote da versão {version} diz que é a {told[:32]}")
    os.sync()
    _mark_whole(slot, version)


def _mark_whole(slot: Path, version: str) -> None:
    with (slot / "whole").open("w") as file:
        file.write(version)
        file.flush()
        os.fsync(file.fileno())


def _base_python() -> str:
    """The system's, of which this slot's is a link: the new slot must not hang on the old one."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _run(command: list[str | Path]) -> str:
    """What it printed. Behind everything else on the box: recording comes first."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own programs and paths
            ["nice", "-n", "10", *command],  # noqa: S607 - coreutils
            capture_output=True,
            text=True,
            check=False,
            timeout=WITHIN_S,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise InstallFailed(f"a instalação não terminou em {WITHIN_S:g} s") from None
    if done.returncode:
        log.error("install_failed", output=done.stderr[-2000:])
        last = (done.stderr.strip() or done.stdout.strip() or "sem mensagem").splitlines()[-1]
        raise InstallFailed(f"a instalação falhou: {last[:300]}")
    return done.stdout
