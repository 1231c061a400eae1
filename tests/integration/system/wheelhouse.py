"""Real releases of this very tree, made without a network: its own wheel under any version, and the rest.

The wheels of what it needs are put together again out of what is installed here.
"""

import csv
import io
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.tags import sys_tags
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
PACKAGES = ("protocol", "passthrough", "edge_agent", "central_hub", "demo", "gtv")
#: Of the installation here, not of the wheel.
LOCAL = {"INSTALLER", "REQUESTED", "direct_url.json"}


def needed_wheels(folder: Path) -> None:
    """Everything that a box needs beside the product's own wheel."""
    folder.mkdir()
    for dist in _closure():
        _repack(dist, folder)


def own_wheel(folder: Path, version: str, work: Path, *, broken: bool = False) -> Path:
    """The product's wheel; `broken`: it can be read, and dies when it is started."""
    tree = work / f"tree-{version}"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "README.md", tree / "README.md")
    project = (ROOT / "pyproject.toml").read_text()
    (tree / "pyproject.toml").write_text(project.replace('version = "0.1.0"', f'version = "{version}"', 1))
    if broken:
        agent = tree / "edge_agent" / "agent.py"
        text = agent.read_text()
        start = "    folder = DataFolder(data_dir)\n"
        assert start in text
        agent.write_text(text.replace(start, f'    raise RuntimeError("this version is broken")\n{start}', 1))
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.absolute())]
    subprocess.run(build, cwd=tree, check=True, capture_output=True)
    (wheel,) = folder.glob(f"gt_vision-{version}-*.whl")
    return wheel


def release(folder: Path, needed: Path, version: str, work: Path, *, broken: bool = False) -> Path:
    """A folder with everything of a release."""
    shutil.copytree(needed, folder)
    own_wheel(folder, version, work, broken=broken)
    return folder


def _closure() -> list[Distribution]:
    found: dict[str, Distribution] = {}
    pending = [("gt-vision", frozenset({"edge"}))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while pending:
        name, extras = pending.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        dist = found.setdefault(name, distribution(name))
        for text in dist.requires or []:
            wanted = Requirement(text)
            if wanted.marker is None or any(
                wanted.marker.evaluate({"extra": extra}) for extra in (*extras, "")
            ):
                pending.append((canonicalize_name(wanted.name), frozenset(wanted.extras)))
    del found["gt-vision"]
    return list(found.values())


def _repack(dist: Distribution, folder: Path) -> None:
    files = [file for file in dist.files or [] if _is_of_the_wheel(PurePosixPath(file))]
    info = next(file.parts[0] for file in files if file.parts[0].endswith(".dist-info"))
    record = io.StringIO()
    writer = csv.writer(record)
    with zipfile.ZipFile(folder / f"{info.removesuffix('.dist-info')}-{_tag(dist)}.whl", "w") as wheel:
        for file in files:
            if file.name != "RECORD":
                wheel.write(str(file.locate()), str(file))
                digest = f"{file.hash.mode}={file.hash.value}" if file.hash else ""
                writer.writerow([str(file), digest, file.size or ""])
        writer.writerow([f"{info}/RECORD", "", ""])
        wheel.writestr(f"{info}/RECORD", record.getvalue())


def _is_of_the_wheel(file: PurePosixPath) -> bool:
    return ".." not in file.parts and file.suffix != ".pyc" and file.name not in LOCAL


def _tag(dist: Distribution) -> str:
    stated = [
        line.partition(":")[2].strip()
        for line in (dist.read_text("WHEEL") or "").splitlines()
        if line.startswith("Tag:")
    ]
    here = {str(tag) for tag in sys_tags()}
    return next(tag for tag in stated if tag in here)
