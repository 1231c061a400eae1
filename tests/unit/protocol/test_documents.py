"""The committed AsyncAPI document and JSON Schemas are what the types say, and hold together."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from protocol import documents
from protocol.messages import EVENTS
from protocol.topics import EDGE_TO_HUB, OUTBOX_STREAMS, Stream

ASYNCAPI: dict[str, Any] = json.loads((documents.FOLDER / "asyncapi.json").read_text())
SCHEMAS = sorted((documents.FOLDER / "schemas").glob("*.json"))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(document: dict[str, Any], reference: str) -> Any:
    assert reference.startswith("#/"), f"{reference} leads out of the document"
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def test_the_committed_documents_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "protocol.documents", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_document_that_nobody_renewed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "FOLDER", tmp_path)
    documents.write()
    assert documents.stale() == []
    (tmp_path / "asyncapi.json").write_text("{}")
    (tmp_path / "schemas" / "Ack.json").unlink()
    (tmp_path / "schemas" / "Forgotten.json").write_text("{}")
    assert documents.stale() == ["Ack.json", "Forgotten.json", "asyncapi.json"]


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_every_schema_is_one_and_its_references_resolve(file: Path) -> None:
    schema = json.loads(file.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for reference in references(schema):
        assert resolve(schema, reference)


def test_every_reference_of_the_asyncapi_document_resolves() -> None:
    found = list(references(ASYNCAPI))
    assert len(found) > 20
    for reference in found:
        assert resolve(ASYNCAPI, reference)


def test_the_asyncapi_document_describes_every_stream_as_the_box_sees_it() -> None:
    assert ASYNCAPI["asyncapi"].startswith("3.")
    assert set(ASYNCAPI["channels"]) == set(ASYNCAPI["operations"]) == {stream.value for stream in Stream}
    for stream in Stream:
        channel, operation = ASYNCAPI["channels"][stream], ASYNCAPI["operations"][stream]
        assert channel["address"] == f"gtv/v1/{{city}}/{{node}}/{stream}"
        assert set(channel["parameters"]) == {"city", "node"}
        assert operation["action"] == ("send" if stream in EDGE_TO_HUB else "receive")
        assert resolve(ASYNCAPI, operation["channel"]["$ref"]) == channel


def test_an_outbox_channel_says_what_its_events_hold() -> None:
    for stream in OUTBOX_STREAMS:
        description = ASYNCAPI["channels"][stream]["description"]
        named = re.findall(r"\(#(/[^)]+)\)", description)
        assert len(named) == len(EVENTS[stream])
        assert all(resolve(ASYNCAPI, f"#{path}")["type"] == "object" for path in named)
