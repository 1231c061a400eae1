"""Whatever is sent to an operation, it answers as its document says, and with no error of ours.

Requests are made up from the document (Schemathesis): right ones, and wrong ones. Paths name things that are
there, so that most get past the first look-up. The examples are the same at every run.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from typing import Any

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from central_hub.accounts.models import User
from tests.integration.hub.conftest import World, access_token
from tests.integration.hub.everything import Things, furnish

#: Of each operation, right and wrong ones each; more are for who looks for something (GTV_ANY_REQUESTS).
EXAMPLES = int(os.environ.get("GTV_ANY_REQUESTS", "6"))

CONTEXTS = ("accounts", "audit", "cities", "fleet", "lpr", "privacy", "streaming")

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def things(world: World) -> Things:
    people = {"gestor": world.gestor, "visualizador": world.viewer}
    return furnish(world, world.city, world.node, world.camera, people)


def operations_of(context: str) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        if context in operation.tags:
            yield operation


@pytest.mark.req("S13.2")
@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_whatever_is_sent_is_answered_as_the_document_says(
    world: World, things: Things, web: str, context: str, mode: GenerationMode
) -> None:
    for operation in operations_of(context):
        User.objects.update(is_active=True)  # an example may have locked out who asks
        explore(operation, mode, things, f"http://{web}", access_token(world.admin))


def explore(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, things: Things, hub: str, token: str
) -> None:
    names = {"code": things.names["city" if "/cities/" in operation.path else "node"], **things.names}
    there = {name: names[name] for name in names if f"{{{name}}}" in operation.path}

    @given(case=operation.as_strategy(mode, path_parameters=there))
    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def send(case: Case) -> None:
        case.call_and_validate(
            base_url=hub, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS, timeout=30
        )

    # Nothing can be wrong with a request that takes nothing.
    with suppress(Unsatisfiable) if mode == GenerationMode.NEGATIVE else nullcontext():
        send()
