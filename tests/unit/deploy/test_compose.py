"""What the compose files say of the product is so: commands, options, settings, and bounds."""

import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml

from gtv.cli import PARTS, app

ROOT = Path(__file__).parents[3]
FILES = ("docker-compose.hub.yml", "docker-compose.edge.yml")
OURS = re.compile(r"gt-vision-(hub|edge):local")
#: Run once and end, or have neither shell nor client in the image to ask with.
WITHOUT_HEALTH = {"pki", "migrate", "bucket", "broker-guard", "log-shipper"}
#: Elastic's images write beside their programs.
WRITABLE = {"elasticsearch", "kibana"}

pytestmark = pytest.mark.req("S0.2")


def program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


@cache
def services(file: str) -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((ROOT / file).read_text())["services"])


ALL = [(file, name) for file in FILES for name in services(file)]
OWN = [(file, name) for file, name in ALL if OURS.search(services(file)[name]["image"])]


def resolved(text: object) -> str:
    """With every variable's default, or its name where it has none."""
    return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: found[2] or found[1], str(text))


@pytest.mark.parametrize("file", FILES)
def test_the_file_fits_the_compose_specification(file: str) -> None:
    check = [program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", file]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("dockerfile", ["deploy/hub/Dockerfile", "deploy/edge/Dockerfile"])
def test_hadolint_has_nothing_to_say(dockerfile: str) -> None:
    done = subprocess.run([program("hadolint"), dockerfile], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    text = (ROOT / dockerfile).read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE), "nobody runs it as root"
    assert all(":" in image for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE)), "pinned"


@pytest.mark.parametrize(("file", "name"), OWN)
def test_our_commands_exist_with_these_options(file: str, name: str) -> None:
    arguments = [resolved(argument) for argument in services(file)[name]["command"]]
    with click.Context(click.Group()) as context:
        command: Any = typer.main.get_command(app)
        while isinstance(command, click.Group):
            command = command.get_command(context, arguments.pop(0))
        assert command is not None
        command.make_context(name, arguments)  # refuses an option that is not there, or a value that is none


@pytest.mark.parametrize(("file", "name"), OWN)
def test_our_settings_are_known_and_described(file: str, name: str) -> None:
    code = "".join(
        (ROOT / where).read_text()
        for where in ("central_hub/settings.py", "central_hub/cli.py", "central_hub/relay/app.py")
    ) + "".join(path.read_text() for path in (ROOT / "edge_agent/cli").glob("*.py"))
    described = (ROOT / "docs/configuration.md").read_text()
    for variable in services(file)[name].get("environment", {}):
        setting = variable.removesuffix("_FILE")
        assert f'"{setting}"' in code and f"`{setting}`" in described, setting


@pytest.mark.parametrize(("file", "name"), ALL)
def test_every_service_is_bounded_watched_and_without_more_rights_than_it_needs(file: str, name: str) -> None:
    service = services(file)[name]
    assert re.search(r":[\w.-]*\d[\w.-]*$|:local\}?$", service["image"]), "a version, not whatever is newest"
    assert service["mem_limit"] and service["cap_drop"] == ["ALL"] and service["pids_limit"]
    assert service["read_only"] or name in WRITABLE
    assert bool(service["healthcheck"].get("test")) != (name in WITHOUT_HEALTH)
    assert "no-new-privileges:true" in service["security_opt"]


def test_secrets_are_files_that_one_command_makes(tmp_path: Path) -> None:
    document = yaml.safe_load((ROOT / FILES[0]).read_text())
    for name, service in document["services"].items():
        for variable, value in service.get("environment", {}).items():
            secret = re.search(r"PASSWORD|SECRET|_KEY|DATABASE_URL|REDIS_URL", variable)
            assert not secret or str(value).startswith("/run/secrets/"), f"{name}: {variable}"
    make = ROOT / "deploy/hub/make-secrets.sh"
    for _ in range(2):  # again: nothing is overwritten
        told = subprocess.run([make, tmp_path], capture_output=True, text=True, check=True).stderr
        made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert "tls.pem" in told, "the one that only the city can bring"
    wanted = {Path(secret["file"]).name for secret in document["secrets"].values()}
    assert wanted - made.keys() == {"tls.pem"}
    assert all(file.stat().st_mode & 0o007 == 0 for file in tmp_path.iterdir())
    assert made["relay_secret"] != made["secret_key"] and len(made["secret_key"]) >= 32
    assert made == {file.name: file.read_bytes() for file in tmp_path.iterdir()}


def test_every_file_that_is_mounted_is_there() -> None:
    for file, name in ALL:
        for volume in services(file)[name].get("volumes", []):
            source = str(volume).split(":")[0]
            assert not source.startswith("./") or (ROOT / source).exists(), source


def test_the_example_names_all_that_must_be_said() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?", (ROOT / FILES[0]).read_text()))
    example = (ROOT / "deploy/hub/env.example").read_text()
    assert needed <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) - {"COMPOSE_PROFILES"}
    assert named <= set(re.findall(r"\$\{(\w+)", (ROOT / FILES[0]).read_text())), (
        "and nothing that is not used"
    )


def test_images_hold_the_very_versions_that_were_tested() -> None:
    def locked(file: str) -> set[str]:
        return set(
            re.findall(r"^[a-z0-9.-]+(?:\[\w+(?:,\w+)*\])?==\S+", (ROOT / file).read_text(), re.MULTILINE)
        )

    tested = locked("requirements.lock")
    for part in ("hub", "edge"):
        assert locked(f"requirements-{part}.lock") <= tested
    assert not any(name.startswith(("pytest", "playwright")) for name in locked("requirements-hub.lock"))


def test_gtv_knows_a_part_by_what_only_its_extra_brings() -> None:
    """An image has the code of both sides and what one of them needs."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    brought = {extra: {re.split(r"[\[>=]", one)[0] for one in extras[extra]} for extra in ("edge", "hub")}
    packages = {name: package for name, _, package in PARTS}
    assert packages["edge"] in brought["edge"] - brought["hub"]
    assert packages["hub"] in brought["hub"] - brought["edge"]
