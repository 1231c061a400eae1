"""What the documents tell people to type exists: each `gtv …` command with its options, each `make` target.

A runbook is read at 3 a.m. by somebody who has never needed it before.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from gtv.cli import app

ROOT = Path(__file__).parents[3]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "docs/guia-do-tecnico.md",
    ROOT / "docs/backup.md",
    ROOT / "docs/configuration.md",
    *sorted((ROOT / "docs/runbooks").glob("*.md")),
]
#: In a fenced block a command may follow `sudo -u gtv NAME=value`; inline it is all that the code holds.
FENCED = re.compile(r"^```.*?$(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
GTV = re.compile(r"(?:^|\s)gtv\s+((?:edge|hub|clip)\b.*)")


def typed(text: str) -> Iterator[str]:
    """Lines of shell of a document."""
    for block in FENCED.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from INLINE.findall(FENCED.sub("", text))


def commands(document: Path) -> list[list[str]]:
    found = [match[1] for line in typed(document.read_text()) if (match := GTV.search(line))]
    return [shlex.split(re.split(r"\s[|&;>]|&&", one)[0], comments=True) for one in found]


def check(words: list[str]) -> str:
    """What is wrong with a command; empty: nothing."""
    command: Any = get_command(app)
    rest = list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        if name == "…":
            return ""
        child = command.commands.get(name)
        if child is None:
            return f"{command.name} has no command {name}"
        command = child
    known = {option for parameter in command.params for option in parameter.opts}
    asked = {word.split("=")[0] for word in rest if word.startswith("--")}
    return " ".join(f"no option {option}" for option in sorted(asked - known - {"--help"}))


@pytest.mark.req("S19.1", "S20.1")
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_gtv_command_of_the_document_exists(document: Path) -> None:
    wrong = {" ".join(words): fault for words in commands(document) if (fault := check(words))}
    assert wrong == {}


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert check(["edge", "explode"]) and check(["edge", "fsck", "--mend"])
    assert check(["edge", "fsck", "--repair"]) == ""


def test_the_guide_and_every_runbook_name_commands() -> None:
    runbooks = (ROOT / "docs/runbooks").glob("desastre-*.md")
    assert all(commands(document) for document in [ROOT / "docs/guia-do-tecnico.md", *runbooks])


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for document in DOCUMENTS
        for line in typed(document.read_text())
        if line.strip().startswith("make ")
        for target in re.findall(r"^make((?:\s+[a-z][a-z0-9-]*)+)", line.strip())[0].split()
    }
    assert named <= targets
