"""Relay sessions: who may play what, the command on the wire, the end of a session."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.utils import timezone

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.fleet import services as fleet
from central_hub.fleet.models import NodeState
from central_hub.streaming.models import RelaySession
from central_hub.streaming.tasks import expire_sessions
from protocol import messages
from protocol.topics import Stream
from tests.integration.hub.box import Box
from tests.integration.hub.conftest import Login, World

URL = "/api/v1/relay-sessions"
END = datetime.now(UTC).replace(microsecond=0)
START = END - timedelta(minutes=10)


@pytest.fixture
def online(world: World) -> World:
    NodeState.objects.filter(node=world.node).update(online=True)
    return world


def asked(world: World, **changes: Any) -> dict[str, Any]:
    return {"camera": str(world.camera.pk), "start": START.isoformat(), "end": END.isoformat(), **changes}


@pytest.mark.req("E3")
def test_opening_a_session_tells_the_box_to_dial(
    online: World, box: Box, login: Login, settings: Any
) -> None:
    settings.GTV_RELAY_URL = "https://relay.example"
    settings.GTV_RELAY_UPLINK_URL = "https://uplink.example"
    answer = login(online.viewer).post(URL, asked(online), format="json")
    assert answer.status_code == 201, answer.content
    session = answer.json()
    shown = re.fullmatch(
        r"https://relay\.example/v1/sessions/([^/]+)/playback\.m3u8", session["playlist_url"]
    )
    assert shown is not None

    command = box.wait_for(Stream.CMD)
    action = command.action
    assert isinstance(action, messages.OpenUplink)
    assert (action.session, action.camera, action.url) == (
        session["id"],
        str(online.camera.pk),
        "wss://uplink.example/uplink",
    )
    assert (action.start, action.end) == (START, END)
    assert command.requester == "vigilante" and command.deadline > datetime.now(UTC)

    key = settings.GTV_RELAY_SECRET
    viewer = jwt.decode(shown[1], key, ["HS256"], audience="gtv-relay-viewer")
    uplink = jwt.decode(action.token, key, ["HS256"], audience="gtv-relay-uplink")
    assert viewer["sub"] == uplink["sub"] == session["id"]
    assert viewer["jti"] != uplink["jti"] and uplink["exp"] < viewer["exp"]

    entry = AuditEntry.objects.get(action="playback")
    assert (entry.actor, entry.target, entry.city_code) == ("vigilante", str(online.camera.pk), "vale-verde")
    assert entry.details["session"] == session["id"]


@pytest.mark.parametrize(
    ("start", "end"), [(END, START), (END, END), (START - timedelta(hours=1), END), ("soon", END)]
)
def test_a_period_backwards_or_too_long_is_refused(
    online: World, login: Login, start: Any, end: datetime
) -> None:
    body = asked(online, start=str(start), end=end.isoformat())
    assert login(online.viewer).post(URL, body, format="json").status_code == 400
    assert not RelaySession.objects.exists()


def test_a_box_out_of_contact_is_a_conflict_in_words(world: World, login: Login) -> None:
    answer = login(world.viewer).post(URL, asked(world), format="json")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gtv:problem:node-offline"
    assert "contato" in answer.json()["detail"]


def test_a_camera_without_a_box_or_out_of_use_cannot_be_played(online: World, login: Login) -> None:
    cities.change_camera(online.gestor, online.camera, node_code=None)
    assert login(online.viewer).post(URL, asked(online), format="json").status_code == 409
    cities.archive_camera(online.gestor, online.camera.pk)
    assert login(online.viewer).post(URL, asked(online), format="json").status_code == 404


def test_without_a_broker_the_session_is_closed_again(online: World, login: Login, settings: Any) -> None:
    from central_hub import mqtt

    mqtt.publisher().close()
    mqtt.publisher.cache_clear()
    settings.GTV_MQTT_PORT = 1  # nobody listens there
    answer = login(online.viewer).post(URL, asked(online), format="json")
    assert answer.status_code == 503
    assert RelaySession.objects.get().closed_at is not None


def test_only_the_viewer_ends_a_session(online: World, login: Login, box: Box) -> None:
    session = login(online.viewer).post(URL, asked(online), format="json").json()["id"]
    assert login(online.gestor).delete(f"{URL}/{session}").status_code == 404
    assert RelaySession.objects.get().closed_at is None
    for _ in range(2):
        assert login(online.viewer).delete(f"{URL}/{session}").status_code == 204
    assert RelaySession.objects.get().closed_at is not None


def test_a_box_that_refuses_ends_the_session_with_its_reason(online: World, login: Login, box: Box) -> None:
    login(online.viewer).post(URL, asked(online), format="json")
    command = box.wait_for(Stream.CMD)
    fleet.take_reply(online.node.pk, messages.Reply(command.id, ok=False, error="no such recording"))
    session = RelaySession.objects.get()
    assert session.refusal == "no such recording" and session.closed_at is not None


def test_sessions_end_by_themselves(online: World, login: Login, box: Box) -> None:
    login(online.viewer).post(URL, asked(online), format="json")
    assert expire_sessions() == 0
    RelaySession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert expire_sessions() == 1
    assert RelaySession.objects.get().closed_at is not None
