"""The examples in the API's document are what the operations take and answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

from central_hub.examples import EXAMPLES


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return made


def contents(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Operation, what it is of, and each body of the document that has an example."""
    for methods in document["paths"].values():
        for operation in methods.values():
            bodies = {"request": operation.get("requestBody", {})} | operation["responses"]
            for of, body in bodies.items():
                for content in body.get("content", {}).values():
                    if "examples" in content:
                        yield operation["operationId"], of, content


def test_every_example_is_in_the_document_once(document: dict[str, Any]) -> None:
    shown = [(name, of) for name, of, _ in contents(document)]
    wanted = [(name, "request") for name, example in EXAMPLES.items() if example.request is not None]
    wanted += [(name, example.status) for name, example in EXAMPLES.items() if example.response is not None]
    assert sorted(shown) == sorted(wanted)


def test_every_example_is_of_its_schema_and_names_no_field_that_is_not(document: dict[str, Any]) -> None:
    wrong = []
    for name, of, content in contents(document):
        schema = strict(content["schema"] | {"components": document["components"]})
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        for example in content["examples"].values():
            wrong += [f"{name} {of}: {error.message}" for error in validator.iter_errors(example["value"])]
    assert not wrong


def strict(schema: Any) -> Any:
    """The same, with no fields but those it names."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: strict(value) for key, value in schema.items()}
    if isinstance(inner.get("properties"), dict):
        inner.setdefault("additionalProperties", False)
    # OpenAPI 3.0 says of a value that it may be null, JSON Schema of its type.
    return {"anyOf": [inner, {"type": "null"}]} if inner.pop("nullable", False) else inner
