"""Makes a release's archive for boxes with or without internet: the agent and all it needs, wheels in a ZIP.

    python scripts/edge_bundle.py dist

writes dist/gtv-edge-VERSION-pyX.Y.zip and prints its SHA-256. It is for boxes with the Python and the
processor it is made with: Debian 12 has 3.11, Debian 13 has 3.13. What is fetched is what requirements.lock
names by digest.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

OURS = "gt_vision-"
#: ZIP knows no earlier day; always the same, so that the same wheels are the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def pip(*arguments: str) -> None:
    """Raises subprocess.CalledProcessError."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)  # noqa: S603 - our own program


def gather(folder: Path) -> str:
    """Put all wheels into the folder; returns our own's version. Raises SystemExit for what is not locked."""
    lock = Path("requirements.lock").read_text()
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), ".")
    ours = next(folder.glob(f"{OURS}*.whl"))
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pinned(lock)))
    pip("download", "--dest", str(folder), "--constraint", str(constraints), f"{ours}[edge]")
    constraints.unlink()
    if unknown := strangers(folder, lock):
        raise SystemExit(f"not in requirements.lock: {', '.join(unknown)}")
    for source in folder.glob("*.tar.gz"):  # published without a wheel
        pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(source))
    return ours.name.split("-")[1]


def pinned(lock: str) -> list[str]:
    """`name==version ; marker` of a lock file, without extras and digests, which constraints may not have."""
    named = (line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#")))
    return [re.sub(r"\[.*?\]", "", line.rstrip(" \\")) for line in named]


def strangers(folder: Path, lock: str) -> list[str]:
    """Files that the lock does not name by their digest."""
    others = (file for file in sorted(folder.iterdir()) if not file.name.startswith(OURS))
    return [file.name for file in others if hashlib.sha256(file.read_bytes()).hexdigest() not in lock]


def pack(folder: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:  # stored: wheels are compressed already
        for wheel in sorted(folder.glob("*.whl")):
            archive.writestr(zipfile.ZipInfo(wheel.name, EPOCH), wheel.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        version = gather(Path(temporary))
        target = options.folder / f"gtv-edge-{version}-py{sys.version_info[0]}.{sys.version_info[1]}.zip"
        pack(Path(temporary), target)
    print(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {target}")


if __name__ == "__main__":
    main()
