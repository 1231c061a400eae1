"""The LAN API's document holds what a stranger needs, and no route is open by accident."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any, get_args

import httpx
import pytest
from jsonschema import Draft202012Validator, ValidationError

from edge_agent.console.app import create_app
from edge_agent.console.auth import COOKIE
from edge_agent.console.events import Kind
from edge_agent.console.openapi import api_routes

APP = create_app(None)
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in APP.openapi()["paths"].items()
    for method, operation in methods.items()
}
SCHEMAS = APP.openapi()["components"]["schemas"]
#: Who has no session needs them.
OPEN = {"/api/auth/login", "/api/auth/logout"}


def closed_routes() -> Iterator[tuple[str, str]]:
    for route in api_routes(APP.routes):
        if route.path.startswith("/api") and route.path not in OPEN:
            for method in sorted(route.methods or ()):
                yield method, route.path


@pytest.mark.parametrize(("method", "path"), list(closed_routes()))
async def test_every_route_demands_a_login(visitor: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await visitor.request(method, path.replace("{", "").replace("}", ""))
    assert answer.status_code == httpx.codes.UNAUTHORIZED, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_is_and_how_it_refuses(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["operationId"]
    assert operation["summary"]
    refusals = {status: r for status, r in operation["responses"].items() if status.startswith("4")}
    path = name.partition(" ")[2]
    assert ("401" in refusals) == (path.startswith("/api/") and path != "/api/auth/logout")
    for status, refusal in refusals.items():
        assert refusal["description"], status


# --- examples --------------------------------------------------------------------------


def component(schema: dict[str, Any]) -> dict[str, Any] | None:
    """The named schema that a schema is, or is a list of."""
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref")
    return SCHEMAS[reference.rpartition("/")[2]] if reference else None


def check(example: Any, schema: dict[str, Any]) -> None:
    """Raises jsonschema.ValidationError."""
    Draft202012Validator({**schema, "components": {"schemas": SCHEMAS}}).validate(example)


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent and answered, by its content type."""
    for body in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from body.get("content", {}).items()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_an_example_that_it_allows(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema.get("examples"), "add it to edge_agent/console/examples.py"
    for example in schema["examples"]:
        check(example, schema)
        assert name == "Event" or set(example) == set(schema["properties"]), "every field is shown"
    for field in schema["properties"].values():
        for example in field.get("examples", ()):
            check(example, field)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_has_an_example_that_its_schema_allows(name: str) -> None:
    for parameter in OPERATIONS[name].get("parameters", ()):
        assert "example" in parameter, f"{parameter['name']}: add it to edge_agent/console/examples.py"
        check(parameter["example"], parameter["schema"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_has_an_example(name: str) -> None:
    for content_type, content in contents(OPERATIONS[name]):
        schema = content.get("schema", {})
        made_of = component(schema)
        assert "example" in content or (made_of and made_of["examples"]), content_type
        if "example" in content:
            check(content["example"], schema)


def test_a_missing_example_would_be_noticed() -> None:
    """So that the tests above cannot pass by testing nothing."""
    assert {"Credentials", "NewCamera", "ClipOut", "Problem", "FoundDevice"} <= set(SCHEMAS)
    assert sum(len(operation.get("parameters", ())) for operation in OPERATIONS.values()) > 40
    kinds = {content_type for operation in OPERATIONS.values() for content_type, _ in contents(operation)}
    assert {"application/sdp", "image/jpeg", "application/vnd.apple.mpegurl", "application/zip"} <= kinds
    with pytest.raises(ValidationError):
        check({"username": 7}, SCHEMAS["User"])


def test_camera_ids_in_examples_are_as_real_ones_are() -> None:
    text = json.dumps(APP.openapi())
    shown = re.findall(r'"camera(?:_id)?": "([^"]*)"', text)
    assert shown
    for identifier in shown:
        assert str(uuid.UUID(identifier)) == identifier


# --- who may -----------------------------------------------------------------------------


def test_what_needs_a_session_says_how_it_is_shown() -> None:
    both = [{"session": []}, {"bearer": []}]
    for name, operation in OPERATIONS.items():
        path = name.partition(" ")[2]
        if path.startswith("/api/") and path not in OPEN | {"/api/events"}:
            assert operation["security"] == both, name
    schemes = APP.openapi()["components"]["securitySchemes"]
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", COOKIE)
    assert schemes["bearer"]["scheme"] == "bearer"


def test_the_websocket_is_described_with_every_kind_of_event() -> None:
    events = OPERATIONS["GET /api/events"]
    assert "101" in events["responses"]
    assert {event["type"] for event in SCHEMAS["Event"]["examples"]} == set(get_args(Kind))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_described(name: str) -> None:
    assert OPERATIONS[name].get("description")


def test_the_list_of_routes_is_not_empty() -> None:
    """So that the test above cannot pass by testing nothing."""
    assert {("GET", "/api/cameras"), ("GET", "/api/me")} <= set(closed_routes())


def test_operation_ids_are_unique() -> None:
    """The web client's functions are named by them."""
    ids = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(ids) == len(set(ids))


def test_no_error_is_documented_in_a_shape_that_is_never_sent() -> None:
    text = json.dumps(APP.openapi())
    assert "HTTPValidationError" not in text


def test_every_reference_leads_somewhere() -> None:
    document = APP.openapi()

    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from (value for key, value in part.items() if key == "$ref")
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    for reference in references(document):
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference
