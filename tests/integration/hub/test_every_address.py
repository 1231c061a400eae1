"""Every operation of the API, from its OpenAPI document: none answers a stranger or a half login.

An operation that is added without a rule fails here.
"""

import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from central_hub.kernel import Role
from tests.integration.hub.conftest import Login, World

#: Open to who has not logged in: each has its own proof (a password, a token, a cookie).
OPEN = {"login", "refreshLogin", "logout", "enrol"}

#: Open to who has still to set up the second factor: where that is done, and the way out.
BEFORE_THE_SECOND_FACTOR = {
    "listOwnSessions",
    "endOtherSessions",
    "endOwnSession",
    "changeOwnPassword",
    "getSecondFactor",
    "beginSecondFactor",
    "confirmSecondFactor",
    "removeSecondFactor",
    "renewRecoveryCodes",
}


def operations() -> Iterator[tuple[str, str, str]]:
    """Operation id, method, and an address with made-up values for what is variable in it."""
    document: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parameters = {
                p["name"]: p["schema"] for p in operation.get("parameters", ()) if p["in"] == "path"
            }
            address = path
            for name, schema in parameters.items():
                address = address.replace(f"{{{name}}}", _value(schema))
            yield operation["operationId"], method, address


def _value(schema: dict[str, Any]) -> str:
    if schema.get("format") == "uuid":
        return str(uuid.uuid4())
    return "1" if schema.get("type") == "integer" else "x"


@pytest.mark.req("S1.2")
@pytest.mark.req("S13.2")
def test_no_operation_answers_a_stranger(world: World) -> None:
    client = APIClient()
    answers = {name: getattr(client, method)(address).status_code for name, method, address in operations()}
    assert len(answers) > 60 and answers.keys() >= OPEN
    assert {name for name, status in answers.items() if status != 401} <= OPEN


@pytest.mark.req("S1.1")
def test_no_operation_answers_an_admin_without_a_second_factor(
    world: World, login: Login, settings: SimpleNamespace
) -> None:
    settings.GTV_REQUIRE_SECOND_FACTOR = True
    answered = set()
    for name, method, address in operations():
        # The operations that end sessions are among them: each gets a login of its own.
        answer = getattr(login(world.admin), method)(address)
        refused = answer.status_code == 403 and answer.json()["type"].endswith("second-factor-missing")
        if not refused:
            answered.add(name)
    assert answered == OPEN | BEFORE_THE_SECOND_FACTOR


#: What the other central roles are answered; all else is refused, or about one thing that is not there.
OF_EVERYBODY = {
    "getMe",
    "getCameraImportTemplate",
    "listOwnSessions",
    "endOtherSessions",
    "getSecondFactor",
    "logout",
    # Lists of what is one's own, or of what one governs: theirs are empty.
    "listPlateSearches",
    "listPlateExports",
    "listWebhooks",
    "listLegalHolds",
    "listPlateAccessRequests",
}
FLEET = {"listCities", "listCameras", "listNodes", "listNodeAlarms", "listRefusedCameras", "listPlans"}
OF_AUDITORS = OF_EVERYBODY | FLEET | {"listAudit", "listAuditActions", "exportAuditCsv"}
OF_OPERATORS = (
    OF_EVERYBODY
    | FLEET
    | {"searchPlateReads", "getPlateStatistics", "listWatchlist", "listWatchlistHits", "listClips"}
)


@pytest.mark.req("S1.2")
@pytest.mark.parametrize(("role", "expected"), [(Role.AUDITOR, OF_AUDITORS), (Role.OPERADOR, OF_OPERATORS)])
def test_a_central_role_is_answered_what_it_may_see_and_no_more(
    world: World, login: Login, role: Role, expected: set[str]
) -> None:
    person = world.user(role.value, role, None)
    answers = {
        name: getattr(login(person), method)(address).status_code for name, method, address in operations()
    }
    answered = {name for name, status in answers.items() if status < 300}
    assert sorted(answered) == sorted(expected)
