"""The LAN API's document holds what a stranger needs, and no route is open by accident."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from edge_agent.console.app import create_app
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


def bodies() -> Iterator[str]:
    """The schemas of what is sent to the box, with those they are made of."""
    for operation in OPERATIONS.values():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            yield from named_in(content["schema"])


def named_in(schema: Any) -> Iterator[str]:
    found = re.findall(r"#/components/schemas/(\w+)", json.dumps(schema))
    for name in found:
        yield name
        yield from named_in(SCHEMAS[name])


@pytest.mark.parametrize("name", sorted(set(bodies())))
def test_every_field_that_is_sent_has_an_example(name: str) -> None:
    for field, schema in SCHEMAS[name]["properties"].items():
        made_of_others = "$ref" in json.dumps(schema)
        assert made_of_others or schema.get("examples"), field


def test_the_bodies_are_found() -> None:
    """So that the test above cannot pass by testing nothing."""
    assert {"Credentials", "NewCamera", "ClipOrder", "SpanIn"} <= set(bodies())


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
