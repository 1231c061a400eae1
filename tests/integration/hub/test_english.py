"""Every sentence of the API's errors is written in English too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub import api, kernel
from central_hub.english import ENGLISH, english

HUB = Path(api.__file__).parent

#: In which argument of a call the sentence is.
SENTENCE = {kind.__name__: 0 for kind in kernel.HubError.__subclasses__()}
SENTENCE |= {"in_field": 1, "problem": 2, "_problem": 2}

#: Said by an argument that is no text; what it says is in the list below, or comes from Django.
ELSEWHERE = {"message", "detail", "error.detail", "str(error.detail)", "error.messages"}
ELSEWHERE |= {"_REFUSALS[permission]", "_REFUSALS[Permission.GOVERN]"}

#: A role's number and name, and a time's, are put together before they are said.
PUT_TOGETHER = {"A prefeitura já tem {} {}, o máximo permitido."}


def said() -> Iterator[tuple[str, str]]:
    """Every sentence in the code, with `{}` for its values, and where it is."""
    for file in sorted(HUB.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            place = SENTENCE.get(_name(node.func)) if isinstance(node, ast.Call) else None
            if place is not None and len(node.args) > place:
                yield _text(node.args[place]), f"{file.relative_to(HUB)}:{node.lineno}"


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    if isinstance(argument, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "{}"  # type: ignore[misc]  # texts
            for part in argument.values
        )
    return f"={ast.unparse(argument)}"


@pytest.mark.req("S0.1")
def test_every_sentence_has_its_english() -> None:
    found = list(said())
    assert len(found) > 100
    known = ENGLISH.keys() | PUT_TOGETHER | {f"={name}" for name in ELSEWHERE}
    missing = [f"{where}: {sentence}" for sentence, where in found if sentence not in known]
    assert not missing, "write them in central_hub/english.py: " + "; ".join(missing)
    assert {*api.TITLES.values(), *kernel._REFUSALS.values()} <= ENGLISH.keys()


def test_no_english_is_left_of_what_nobody_says() -> None:
    texts = {text for text, _ in said()} | {*api.TITLES.values(), *kernel._REFUSALS.values()}
    source = "".join(file.read_text() for file in HUB.rglob("*.py") if file.name != "english.py")
    stale = [key for key in ENGLISH if key not in texts and key.partition("{}")[0] not in source]
    assert not stale


@pytest.mark.parametrize(
    ("sentence", "translated"),
    [
        ("Câmera não encontrada.", "Camera not found."),
        ("A lista já tem 5000 placas com ? ou *.", "The list has 5000 plates with ? or * already."),
        ("ana já assumiu este alarme.", "ana has taken this alarm already."),
        ("A lista já tem 9 placas, o máximo permitido.", "The list has 9 plates already, the most allowed."),
        ("«x» não é um campo. Use: a, b.", "«x» is no field. Use: a, b."),
        ("O que ninguém traduziu.", "O que ninguém traduziu."),
    ],
)  # fmt: skip
def test_values_are_carried_over(sentence: str, translated: str) -> None:
    assert english(sentence) == translated


def test_both_languages_say_as_many_values() -> None:
    assert [key for key, value in ENGLISH.items() if key.count("{}") != value.count("{}")] == []
