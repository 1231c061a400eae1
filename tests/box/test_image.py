"""The appliance's image boots as a box: read-only, keys and a data partition of its own, and a live agent.

Built by edge_image/build and started under QEMU with UEFI firmware; by emulation it takes some minutes.
Needs root, debootstrap, dosfstools, mtools, qemu-system-x86 and ovmf.
"""

import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.ports import free_port
from tests.box.conftest import ROOT

pytestmark = [pytest.mark.box, pytest.mark.timeout(3600), pytest.mark.req("E5")]

FIRMWARE = Path("/usr/share/OVMF")
SETTINGS = "GTV_HOSTNAME=caixa-teste\nGTV_ENCRYPTION=none\n"
#: By emulation on a busy machine.
BOOT_S = 1500
#: What enrolment would leave: a box that has a name, and a hub that does not answer.
IDENTITY = """
from datetime import UTC, datetime, timedelta
from pathlib import Path
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from edge_agent.config import DataFolder, Identity
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cidade/caixa")])
now = datetime.now(UTC)
begun = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
begun = begun.serial_number(1).not_valid_before(now - timedelta(days=1))
begun = begun.not_valid_after(now + timedelta(days=9))
pem = begun.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
form = serialization.PrivateFormat.PKCS8
private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
folder = DataFolder(Path("/var/lib/gtv")).prepare()
folder.save_identity(Identity("cidade", "caixa", "127.0.0.1", 9), private, pem, pem)
"""


@dataclass
class Box:
    """A machine that runs, reached as a technician reaches it."""

    key: Path
    port: int
    serial: Path

    def run(self, command: str, text: str = "", wait_s: float = 300) -> str:
        """What the command prints, as root; it must succeed."""
        done = self._ssh(f"sudo sh -c {shlex.quote(command)}", text, wait_s)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def answers(self) -> bool:
        return self._ssh("true", "", 60).returncode == 0

    def until(self, command: str, within_s: float) -> str:
        """The first success of a command; its last failure when there is none in time."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                return self.run(command)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(5)

    def _ssh(self, command: str, text: str, wait_s: float) -> "subprocess.CompletedProcess[str]":
        options = [
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "BatchMode=yes",
        ]
        address = ["-q", "-i", str(self.key), "-p", str(self.port), "tecnico@127.0.0.1"]
        try:
            return subprocess.run(
                ["ssh", *options, "-o", "ConnectTimeout=30", *address, command],
                input=text,
                capture_output=True,
                text=True,
                timeout=wait_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess([], 255, "", "no answer")


@pytest.fixture(scope="module")
def image(bundle: Path, mediamtx_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key")], check=True)
    digest = subprocess.check_output(["sha256sum", str(mediamtx_archive)], text=True).split()[0]
    command = [ROOT / "edge_image/build", "--bundle", bundle, "--key", folder / "key.pub"]
    command += ["--mediamtx", mediamtx_archive, "--mediamtx-sha256", digest, "--output", folder / "box.img"]
    subprocess.run([str(word) for word in command], check=True)
    return folder / "box.img"


@pytest.fixture(scope="module")
def box(image: Path) -> Iterator[Box]:
    if shutil.which("qemu-system-x86_64") is None or not (FIRMWARE / "OVMF_CODE_4M.fd").exists():
        pytest.fail("needs QEMU and its firmware: apt-get install -y qemu-system-x86 ovmf")
    folder = image.parent
    (folder / "gtv.env").write_text(SETTINGS)
    subprocess.run(["mcopy", "-o", "-i", f"{image}@@1M", str(folder / "gtv.env"), "::/gtv.env"], check=True)
    subprocess.run(["truncate", "--size=+4G", str(image)], check=True)
    shutil.copy(FIRMWARE / "OVMF_VARS_4M.fd", folder / "vars.fd")
    started = Box(folder / "key", free_port(), folder / "serial.log")
    command = [
        "qemu-system-x86_64",
        "-accel",
        "tcg,thread=multi",
        "-machine",
        "q35",
        "-cpu",
        "max",
    ]
    command += ["-smp", "2", "-m", "2048", "-display", "none", "-monitor", "none", "-device", "i6300esb"]
    command += ["-serial", f"file:{started.serial}"]
    command += ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}/OVMF_CODE_4M.fd"]
    command += ["-drive", f"if=pflash,format=raw,file={folder}/vars.fd"]
    command += ["-drive", f"file={image},format=raw,if=virtio,cache=unsafe"]
    # No way out of the machine: a box works without internet.
    command += ["-nic", f"user,model=virtio,restrict=on,hostfwd=tcp:127.0.0.1:{started.port}-:22"]
    with subprocess.Popen(command) as machine:
        try:
            deadline = time.monotonic() + BOOT_S
            while not started.answers():
                assert machine.poll() is None, "QEMU ended"
                assert time.monotonic() < deadline, started.serial.read_text(errors="replace")[-3000:]
                time.sleep(5)
            yield started
        finally:
            machine.terminate()
            machine.wait()


def test_the_first_start_gives_the_box_its_name_keys_and_data_partition(box: Box) -> None:
    box.until("test -e /etc/gt-vision/first-boot-done", 600)
    assert box.run("hostname").strip() == "caixa-teste"
    assert box.run("findmnt -no FSTYPE,SOURCE /var/lib/gtv").split()[0] == "ext4"
    assert box.run("stat -c '%U %a' /var/lib/gtv").split() == ["gtv", "700"]
    assert "/var/lib/gtv/bin/mediamtx" in box.run("ls /var/lib/gtv/bin/mediamtx")
    assert len(box.run("cat /etc/machine-id").strip()) == 32


def test_the_system_is_read_only_and_nothing_failed(box: Box) -> None:
    assert "ro" in box.run("findmnt -no OPTIONS /").strip().split(",")
    assert box.run("systemctl --failed --no-legend --plain").strip() == ""
    assert "policy drop" in box.run("nft list chain inet gtv input")
    assert box.run("systemctl is-active chrony ssh nftables").split() == ["active"] * 3


def test_the_agent_works_inside_its_unit(box: Box) -> None:
    box.run("runuser -u gtv -- /opt/gtv/current/bin/python -", IDENTITY)
    box.run("systemctl start gtv-edge", wait_s=900)
    assert box.run("systemctl is-active gtv-edge").strip() == "active"
    box.until("curl -fsk https://127.0.0.1:8443/healthz", 300)
    figures = "curl -fsk https://127.0.0.1:8443/metrics"
    # What the unit forbids reaches further than one thinks: the agent asks the kernel how its clock is kept
    # (adjtimex), and starts MediaMTX by setpriv (capset).
    assert "gtv_clock_synchronised" in box.run(figures)
    if shutil.which("mediamtx"):
        box.until(f"{figures} | grep -qx 'gtv_mediamtx_up 1.0'", 120)
    status = box.run("gtv edge status")
    assert "rodando" in status and "Não foi possível saber" not in status


def test_an_agent_that_hangs_is_started_again(box: Box) -> None:
    before = box.run("systemctl show -P MainPID gtv-edge").strip()
    box.run(f"kill -STOP {before}")
    box.until(f"test $(systemctl show -P MainPID gtv-edge) != {before}", 600)
    box.until("curl -fsk https://127.0.0.1:8443/healthz", 600)
    assert box.run("systemctl show -P NRestarts gtv-edge").strip() == "1"
