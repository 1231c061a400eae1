"""Generates the protocol's documents from its types: `python -m protocol.documents [--check]`.

`asyncapi.json` (AsyncAPI 3.0) describes topics and payloads; `schemas/` has a
JSON Schema (2020-12) per message. Both are committed; `--check` fails when they
are not what the types say.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from protocol import messages, uplink
from protocol.topics import EDGE_TO_HUB, HUB_TO_EDGE, OUTBOX_STREAMS, Stream

FOLDER = Path(__file__).parent
_UPLINK_FRAMES: list[type[msgspec.Struct]] = [
    uplink.GetPlaylist,
    uplink.GetMedia,
    uplink.GetLive,
    uplink.Watch,
    uplink.Stop,
    uplink.Head,
    uplink.Chunk,
    uplink.Packet,
]


def documents() -> dict[Path, str]:
    """Every generated file with its content."""
    types = {*messages.PAYLOADS.values(), *_events(), *_UPLINK_FRAMES}
    names = sorted(types, key=lambda kind: kind.__name__)
    files = {FOLDER / "schemas" / f"{kind.__name__}.json": _text(_schema(kind)) for kind in names}
    files[FOLDER / "asyncapi.json"] = _text(asyncapi())
    return files


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of the MQTT topics."""
    payloads = sorted({*messages.PAYLOADS.values(), *_events()}, key=lambda kind: kind.__name__)
    _, components = msgspec.json.schema_components(payloads, ref_template="#/components/schemas/{name}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "GT-Vision: edge box and hub over MQTT 5",
            "version": str(messages.VERSION),
            "description": messages.__doc__,
        },
        "defaultContentType": "application/json",
        "channels": {stream.value: _channel(stream) for stream in Stream},
        "operations": {stream.value: _operation(stream) for stream in Stream},
        "components": {"schemas": components},
    }


def _channel(stream: Stream) -> dict[str, Any]:
    payload = messages.PAYLOADS[stream].__name__
    channel: dict[str, Any] = {
        "address": f"gtv/v1/{{city}}/{{node}}/{stream}",
        "parameters": {
            "city": {"description": "City code"},
            "node": {"description": "Node code, unique in its city"},
        },
        "messages": {payload: {"payload": {"$ref": f"#/components/schemas/{payload}"}}},
    }
    if stream in OUTBOX_STREAMS:
        names = [event.__name__ for event in messages.EVENTS[stream]]
        listed = " or ".join(f"a {name} (#/components/schemas/{name})" for name in names)
        channel["description"] = f"Outbox stream: each event's `data` is {listed}."
    return channel


def _events() -> set[type[msgspec.Struct]]:
    return {event for events in messages.EVENTS.values() for event in events}


def _operation(stream: Stream) -> dict[str, Any]:
    """As the edge box sees it."""
    assert stream in (*EDGE_TO_HUB, *HUB_TO_EDGE)
    action = "send" if stream in EDGE_TO_HUB else "receive"
    return {"action": action, "channel": {"$ref": f"#/channels/{stream}"}}


def _schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(_clean(document), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _clean(node: Any) -> Any:
    """Descriptions without their docstring's indentation, which Python 3.13 removes and 3.12 keeps."""
    if isinstance(node, dict):
        return {
            key: inspect.cleandoc(value) if key == "description" and isinstance(value, str) else _clean(value)
            for key, value in node.items()
        }
    return [_clean(item) for item in node] if isinstance(node, list) else node


def write() -> None:
    for file, text in documents().items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)


def stale() -> list[str]:
    """Files that differ from what the types say, are missing, or belong to no type."""
    expected = documents()
    wrong = [file for file, text in expected.items() if not file.exists() or file.read_text() != text]
    unknown = [file for file in (FOLDER / "schemas").glob("*.json") if file not in expected]
    return sorted(file.name for file in wrong + unknown)


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    elif outdated := stale():
        sys.exit(f"out of date: {', '.join(outdated)}; run: make generate")
