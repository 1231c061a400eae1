"""Who may do what: every operation of the API × every role × the own and another city, against one table.

The table is docs/security/permissions.csv. An operation without a row fails, and so does a row without
an operation. Each request is right but for who sends it, and what it changed is undone after it.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from central_hub.accounts.models import User
from central_hub.audit.models import AuditEntry
from central_hub.kernel import Role, is_central
from tests.integration.hub.conftest import Login, World, text_of
from tests.integration.hub.everything import (
    Operation,
    Sent,
    Things,
    furnish,
    operations,
    own_names,
    request_for,
    routes,
)

TABLE = Path(__file__).parents[3] / "docs" / "security" / "permissions.csv"

#: Who asks, by the columns of the table.
ROLES = ("anonymous", "half-login", *(role.value for role in Role))

#: Refused. Everything else that is not an error of ours got past the rules, if perhaps no further.
REFUSALS = (401, 403, 404)
PAST_THE_RULES = (409, 503)

#: Nobody's answer holds anything here: no vehicle has driven with another.
FINDS_NOTHING = {"listPlateCompanions"}

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Row:
    operation: Operation
    case: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.operation.id}:{self.case}" if self.case else self.operation.id

    @property
    def lists(self) -> bool:
        """Does it show what the caller may see? Then `yes` means that something is shown."""
        return "empty" in self.cells.values() and self.operation.id not in FINDS_NOTHING


@dataclass
class Hall:
    """Two furnished cities, and somebody of every role."""

    own: Things
    other: Things
    people: dict[str, User]
    personal: dict[str, dict[str, str]]


def rows() -> list[Row]:
    known = {operation.id: operation for operation in operations()}
    with TABLE.open(newline="") as file:
        listed = list(csv.DictReader(file, delimiter=";"))
    named = [row["operation"].partition(":") for row in listed]
    assert {name for name, _, _ in named} == known.keys(), "every operation has its row, and no other"
    return [Row(known[name], case, row) for (name, _, case), row in zip(named, listed, strict=True)]


@pytest.fixture
def hall(world: World) -> Hall:
    central = {role: world.user(role, Role(role), None) for role in ("operador", "auditor")}
    own = {"gestor": world.gestor, "visualizador": world.viewer}
    other = {
        "gestor": world.other_gestor,
        "visualizador": world.user("outro-vigilante", Role.VISUALIZADOR, "serra-azul"),
    }
    people = {"admin": world.admin, **central, **own}
    somebody = {"central": world.user("outra-da-central", Role.OPERADOR, None)}
    return Hall(
        furnish(world, world.city, world.node, world.camera, own | somebody),
        furnish(world, world.other_city, world.other_node, world.other_camera, other | somebody),
        people,
        {role: own_names(person, world.camera, "VALE") for role, person in people.items()},
    )


@pytest.mark.req("S1.1", "S1.2", "S13.2")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_no_more(
    hall: Hall, login: Login, settings: SimpleNamespace, role: str
) -> None:
    settings.GTV_REQUIRE_SECOND_FACTOR = role == "half-login"
    caller = hall.people.get("admin" if role == "half-login" else role)
    wrong = []
    for row in rows():
        for asked in _questions(hall, row, role, caller):
            found = _outcome(login, caller, row, asked)
            if found != asked.expected:
                wrong.append(f"{row} of {asked.whose}: {found}; the table says {asked.expected}")
    assert not wrong, "\n".join(wrong)


def test_every_route_is_in_the_document_that_is_walked() -> None:
    documented = {(operation.path, operation.method) for operation in operations()}
    routed = {(path, method) for path, view in routes() for method in METHODS if hasattr(view, method)}
    assert routed == documented


@dataclass(frozen=True)
class Question:
    """Whose things are asked for, and what the table says of that."""

    whose: str
    expected: str
    things: Things


def _questions(hall: Hall, row: Row, role: str, caller: User | None) -> Iterator[Question]:
    cell, other = row.cells[role], row.cells["other-city"]
    if caller is None:
        yield Question("anybody", cell, hall.own)
        return
    personal = hall.personal[caller.role]
    yield Question("the own city", cell, hall.own.but(personal))
    if other == "-":
        return
    if is_central(caller):
        yield Question("another city", cell, hall.other.but(personal))
        return
    refused = cell if cell == "no" else other
    yield Question("another city", refused, hall.other)
    if other == "empty":
        yield Question("every city", refused, hall.other.unnamed())


def _outcome(login: Login, caller: User | None, row: Row, asked: Question) -> str:
    """`yes`, `no` or `empty`, in the table's words; anything else says what happened."""
    with transaction.atomic():
        client = login(caller) if caller else APIClient()
        client.raise_request_exception = False
        request = request_for(row.operation, row.case, caller, asked.things)
        before = AuditEntry.objects.count()
        answer = _send(client, row.operation.method, request)
        done = AuditEntry.objects.count() > before
        transaction.set_rollback(True)
    text = text_of(answer)
    shown = [mark for mark in asked.things.marks if mark in text]
    if answer.status_code in REFUSALS:
        return "refused, but done" if done else _refusal(answer, caller, shown)
    if answer.status_code == 200 and (asked.expected == "empty" or row.lists):
        return "yes" if shown else "empty"
    if answer.status_code < 300 or answer.status_code in PAST_THE_RULES:
        return "yes"
    return f"{answer.status_code} {text[:200]}"


def _refusal(answer: Any, caller: User | None, shown: list[str]) -> str:
    if answer["Content-Type"] != "application/problem+json":
        return "refused without saying why"
    if caller is None and answer.status_code != 401:
        return f"refused with {answer.status_code}"
    return f"refused, but shows {shown}" if shown else "no"


def _send(client: APIClient, method: str, request: Sent) -> Any:
    for name, value in request.cookies.items():
        client.cookies[name] = value
    if method == "get":
        return client.get(request.path, request.query)
    send: Callable[..., Any] = getattr(client, method)
    if isinstance(request.body, bytes):
        city = request.query["city"]
        return send(f"{request.path}?city={city}", request.body, content_type="text/csv")
    return send(request.path, request.body, format="json")
