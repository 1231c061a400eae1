"""A fresh Debian becomes a box by one playbook, and stays as it is when that runs again.

In this order, on one machine: what takes minutes is made once.
"""

import zipfile
from pathlib import Path

import pytest

from tests.box.conftest import Machine

pytestmark = [pytest.mark.box, pytest.mark.timeout(1800), pytest.mark.req("E5")]


def test_one_playbook_makes_a_box(machine: Machine) -> None:
    play = machine.play("site.yml")
    assert play.status == 0, play.failed
    assert "Roda a caixa" in machine.run("runuser", "-u", "gtv", "--", "gtv", "edge", "run", "--help")
    assert (
        machine.run("systemctl", "is-enabled", "gtv-edge", "chrony", "nftables", "ssh").split()
        == ["enabled"] * 4
    )


def test_its_settings_are_understood_by_the_programs_that_read_them(machine: Machine) -> None:
    machine.run("mkdir", "-p", "/run/sshd")  # made by its unit, where systemd runs
    machine.run("sshd", "-t", "-o", "HostKey=/etc/ssh/ssh_host_ed25519_key")
    machine.run("nft", "--check", "--file", "/etc/nftables.conf")
    machine.run("chronyd", "-p", "-f", "/etc/chrony/chrony.conf")
    machine.run("systemd-analyze", "verify", "/etc/systemd/system/gtv-edge.service")
    said = machine.run("apt-config", "dump", "Unattended-Upgrade::Origins-Pattern")
    assert said.count("origin=") == 1
    assert "Debian-Security" in said
    assert machine.run("sshd", "-T").count("passwordauthentication no") == 1


def test_a_second_run_changes_nothing(machine: Machine) -> None:
    play = machine.play("site.yml")
    assert play.status == 0, play.failed
    assert play.changed == []


def test_mediamtx_is_there_under_its_digest(machine: Machine) -> None:
    assert machine.run("stat", "-c", "%U %a", "/var/lib/gtv/bin/mediamtx").split() == ["gtv", "755"]
    assert machine.read("/opt/gtv/mediamtx.sha256").strip() == machine.options["mediamtx_sha256"]
    refused = machine.play("site.yml", "--tags", "mediamtx", mediamtx_sha256="0" * 64)
    assert refused.status != 0
    assert machine.read("/opt/gtv/mediamtx.sha256").strip() == machine.options["mediamtx_sha256"]


def test_a_site_run_leaves_the_version_that_is_there(machine: Machine, other_bundle: Path) -> None:
    play = machine.play("site.yml", "--tags", "agent", agent_bundle=str(other_bundle))
    assert play.status == 0, play.failed
    assert machine.run("readlink", "/opt/gtv/current").strip() == "a"


def test_a_damaged_release_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(Path(str(machine.options["agent_bundle"])).read_bytes()[:10_000_000])
    play = machine.play("update.yml", agent_bundle=str(damaged))
    assert play.status != 0
    assert machine.run("readlink", "/opt/gtv/current").strip() == "a"
    machine.run("gtv", "edge", "run", "--help")


def test_an_update_fills_the_other_slot_and_changes_over(machine: Machine, other_bundle: Path) -> None:
    play = machine.play("update.yml", agent_bundle=str(other_bundle))
    assert play.status == 0, play.failed
    assert machine.run("readlink", "/opt/gtv/current").strip() == "b"
    assert machine.read("/opt/gtv/b/whole") == machine.read("/opt/gtv/a/whole")
    again = machine.play("update.yml", agent_bundle=str(other_bundle))
    assert again.changed == []


def test_a_failed_enrolment_shows_no_token(machine: Machine) -> None:
    play = machine.play("enrol.yml", enrol_token="a-secret-of-one-use")
    assert play.status != 0
    assert "a-secret-of-one-use" not in play.text
    assert not (machine.tree / "var/lib/gtv/identity/identity.json").exists()


def test_a_box_is_wiped_only_when_it_is_named_twice(machine: Machine) -> None:
    identity = machine.tree / "var/lib/gtv/identity"
    identity.mkdir(exist_ok=True)
    (identity / "node.key").write_text("key")
    assert machine.play("decommission.yml").status != 0
    assert machine.play("decommission.yml", decommission_confirm="caixa-02").status != 0
    assert (identity / "node.key").exists()
    play = machine.play("decommission.yml", decommission_confirm="caixa-01")
    assert play.status == 0, play.failed
    assert list((machine.tree / "var/lib/gtv").iterdir()) == []
    assert not (machine.tree / "opt/gtv").exists()


@pytest.fixture(scope="module")
def other_bundle(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same wheels in other bytes: to ansible, another release."""
    other = tmp_path_factory.mktemp("other") / bundle.name
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(other, "w") as target:
        for name in reversed(source.namelist()):
            target.writestr(name, source.read(name))
    return other
