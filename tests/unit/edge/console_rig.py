"""A box with a user and two cameras, for the tests of its console."""

from http import HTTPStatus
from typing import Any

import argon2
import httpx
from msgspec.structs import replace

from edge_agent.box import Box
from edge_agent.console.auth import Login
from protocol.messages import AuditEvent, DesiredCamera, DesiredUser, decode_event
from protocol.topics import Stream

PASSWORD = "boa senha"
ANA = DesiredUser(
    username="ana",
    name="Ana",
    role="gestor",
    password_hash=argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD),
)
NEW_PASSWORD = replace(ANA, password_hash="another hash")
LOGIN = Login("ana", "session 1", "mark", 2**40)
CAMERAS = [
    DesiredCamera(id="cam1", name="Praça da Matriz", rtsp_url="rtsp://admin:hidden@10.0.0.2/1"),
    DesiredCamera(id="cam2", name="Rua XV", rtsp_url="rtsp://admin:hidden@10.0.0.3/1"),
]


async def get(client: httpx.AsyncClient, path: str, **params: str) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json()


def audit_events(box: Box) -> list[AuditEvent]:
    """What people did here, in its order, as it waits for the hub."""
    _, seqs = box.outbox.ends(Stream.AUDIT, 0, 100)
    return [decode_event(event.data, AuditEvent) for event in box.outbox.load(Stream.AUDIT, seqs)]
