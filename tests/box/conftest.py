"""A Debian below a temporary folder, provisioned by the real playbooks through chroot(2), never booted.

Needs root, debootstrap, ansible on PATH and Debian's archive. Run by `make test-box`, in a mount namespace.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEBIAN = "bookworm"
MIRROR = "http://deb.debian.org/debian"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQmPrq1V3oNeyfLCFyXcnCzUJ5W3uJ0XrFGCo1zq8fE tecnico@teste"


@dataclass(frozen=True)
class Play:
    """How a run of a playbook ended."""

    status: int
    text: str

    @property
    def changed(self) -> list[str]:
        return [name for name, result in self._results() if result.get("changed")]

    @property
    def failed(self) -> list[tuple[str, str]]:
        """Task and reason; what was not even a run counts too."""
        if "{" not in self.text:
            return [("ansible", self.text)]
        failed = [(name, result) for name, result in self._results() if result.get("failed")]
        return [(name, f"{result.get('msg')} {result.get('stderr', '')}") for name, result in failed]

    def _results(self) -> list[tuple[str, dict[str, object]]]:
        start = self.text.index("{")
        plays = json.JSONDecoder().raw_decode(self.text[start:])[0]["plays"]
        tasks = [task for play in plays for task in play["tasks"]]
        return [(task["task"]["name"], task["hosts"].get("caixa-01", {})) for task in tasks]


@dataclass
class Machine:
    """The box that is to be: its file tree, and ansible's way to it."""

    tree: Path
    inventory: Path
    options: dict[str, object] = field(default_factory=dict)

    def play(self, playbook: str, *arguments: str, **options: object) -> Play:
        command = ["ansible-playbook", "-i", str(self.inventory), str(ROOT / "ansible/playbooks" / playbook)]
        command += ["--extra-vars", json.dumps(self.options | options), *arguments]
        environment = os.environ | {
            "ANSIBLE_CONFIG": str(ROOT / "ansible/ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_LOCALHOST_WARNING": "false",
        }
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=ROOT)
        return Play(done.returncode, done.stdout + done.stderr)

    def run(self, *command: str) -> str:
        """What the command prints inside; it must succeed."""
        done = subprocess.run(
            ["chroot", str(self.tree), *command], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def read(self, path: str) -> str:
        return (self.tree / path.lstrip("/")).read_text()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release's archive, made as a release is made."""
    folder = tmp_path_factory.mktemp("bundle")
    subprocess.run([sys.executable, "scripts/edge_bundle.py", str(folder)], check=True, cwd=ROOT)
    return next(folder.glob("*.zip"))


@pytest.fixture(scope="session")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh Debian; the packages are kept below .run/ for the next time."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.fail("needs root and debootstrap: apt-get install -y debootstrap, and `make test-box` as root")
    tree = tmp_path_factory.mktemp("debian")
    cache = ROOT / ".run/debootstrap"
    cache.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--cache-dir={cache}", DEBIAN, str(tree), MIRROR],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    # As images are built: what a package installs is not started (policy-rc.d of invoke-rc.d).
    tree.chmod(0o755)  # it is the root that every user inside passes through
    policy = tree / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    packages = ["apt-get", "install", "-y", "-qq", "python3", "systemd-sysv"]
    subprocess.run(["chroot", str(tree), *packages], check=True, stdout=subprocess.DEVNULL)
    return tree


@pytest.fixture(scope="session")
def mediamtx_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release's archive: of the real program where it is on PATH, else of one that only says its name."""
    folder = tmp_path_factory.mktemp("mediamtx")
    program = folder / "mediamtx"
    if real := shutil.which("mediamtx"):
        shutil.copy(real, program)
    else:
        program.write_text("#!/bin/sh\necho mediamtx\n")
    program.chmod(0o755)
    archive = folder / "mediamtx.tar.gz"
    subprocess.run(["tar", "-czf", str(archive), "-C", str(folder), "mediamtx"], check=True)
    return archive


@pytest.fixture(scope="session")
def machine(debian: Path, bundle: Path, mediamtx_archive: Path) -> Iterator[Machine]:
    for source in ("proc", "dev"):
        subprocess.run(["mount", "--rbind", f"/{source}", str(debian / source)], check=True)
    shutil.copy(mediamtx_archive, debian / "srv/mediamtx.tar.gz")
    digest = subprocess.check_output(["sha256sum", str(mediamtx_archive)], text=True).split()[0]
    inventory = debian.parent / "hosts.json"
    host = {"ansible_host": str(debian), "ansible_connection": "community.general.chroot"}
    inventory.write_text(json.dumps({"caixas": {"hosts": {"caixa-01": host}}}))
    options = {
        "agent_bundle": str(bundle),
        "base_admin_keys": [KEY],
        "mediamtx_sha256": digest,
        "mediamtx_from": "/srv/mediamtx.tar.gz",
        "enrol_hub_url": "https://127.0.0.1:9",
    }
    yield Machine(debian, inventory, options)
    for source in ("dev", "proc"):
        subprocess.run(["umount", "--recursive", "--lazy", str(debian / source)], check=True)
