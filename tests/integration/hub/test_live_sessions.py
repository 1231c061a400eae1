"""Live sessions: who may watch, the box asked once for all, how a session ends, and goes on after a loss."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.utils import timezone
from redis import Redis as Client

from central_hub.accounts import services as accounts
from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.cities.models import Camera
from central_hub.fleet import services as fleet
from central_hub.fleet.models import Command, NodeState
from central_hub.kernel import Role
from central_hub.relay.tokens import live_uplink
from central_hub.streaming import live
from central_hub.streaming.models import CameraStream, LiveSession
from demo.engines import Redis
from protocol import messages
from protocol.topics import Stream
from tests.integration.hub.box import Box
from tests.integration.hub.conftest import Login, World

URL = "/api/v1/live-sessions"


@pytest.fixture
def online(world: World, redis_server: Redis) -> World:
    NodeState.objects.filter(node=world.node).update(online=True)
    Camera.objects.filter(pk=world.camera.pk).update(sub_rtsp_url="rtsp://10.0.0.9/sub")
    return world


@pytest.fixture
def redis(redis_server: Redis) -> Client:
    return Client.from_url(redis_server.url)


def asked(world: World, **changes: Any) -> dict[str, Any]:
    return {"camera": str(world.camera.pk), **changes}


def token_of(url: str) -> str:
    found = re.search(r"/v1/live/([^/]+)/", url)
    assert found is not None
    return found[1]


@pytest.mark.req("E3", "S5.1")
def test_opening_a_camera_tells_the_box_to_dial(online: World, box: Box, login: Login, settings: Any) -> None:
    settings.GTV_RELAY_URL = "https://relay.example"
    settings.GTV_RELAY_UPLINK_URL = "https://uplink.example"
    answer = login(online.viewer).post(URL, asked(online), format="json")
    assert answer.status_code == 201, answer.content
    session = answer.json()
    (quality,) = session["qualities"]
    token = token_of(quality["whep_url"])
    folder = f"https://relay.example/v1/live/{token}/sub"
    expected = {"name": "sub", "codec": "", "whep_url": f"{folder}/whep", "hls_url": f"{folder}/index.m3u8"}
    assert quality == expected and session["adaptive_url"] is None

    command = box.wait_for(Stream.CMD)
    action = command.action
    assert isinstance(action, messages.OpenLive)
    uplink_name = live_uplink(online.camera.pk)
    assert (action.uplink, action.camera) == (uplink_name, str(online.camera.pk))
    assert action.url == "wss://uplink.example/uplink"

    key = settings.GTV_RELAY_SECRET
    viewer = jwt.decode(token, key, ["HS256"], audience="gtv-relay-live-viewer")
    uplink = jwt.decode(action.token, key, ["HS256"], audience="gtv-relay-uplink")
    assert (viewer["sub"], viewer["uplink"], viewer["qualities"]) == (session["id"], uplink_name, ["sub"])
    assert uplink["sub"] == uplink_name and uplink["exp"] < viewer["exp"]

    entry = AuditEntry.objects.get(action="live")
    assert (entry.actor, entry.target, entry.city_code) == ("vigilante", str(online.camera.pk), "vale-verde")
    assert entry.details == {"session": session["id"], "quality": "sub"}


def test_the_whole_stream_comes_with_the_small_one_to_adapt_to(online: World, box: Box, login: Login) -> None:
    CameraStream.objects.create(
        camera=online.camera, state="online", at=timezone.now(), measured={"video_codec": "h265"}
    )
    session = login(online.viewer).post(URL, asked(online, quality="main"), format="json").json()
    assert [(one["name"], one["codec"]) for one in session["qualities"]] == [("main", "h265"), ("sub", "")]
    assert session["adaptive_url"].endswith("/adaptive.m3u8")


def test_a_camera_of_one_stream_gives_that(online: World, box: Box, login: Login) -> None:
    Camera.objects.filter(pk=online.camera.pk).update(sub_rtsp_url="")
    session = login(online.viewer).post(URL, asked(online), format="json").json()
    assert [one["name"] for one in session["qualities"]] == ["main"]
    assert LiveSession.objects.get().quality == "main"


@pytest.mark.req("E3")
def test_the_box_is_asked_once_however_many_watch(
    online: World, box: Box, login: Login, redis: Client
) -> None:
    for user in (online.viewer, online.gestor, online.viewer):
        assert login(user).post(URL, asked(online), format="json").status_code == 201
    assert Command.objects.filter(action="open-live").count() == 1
    redis.delete(f"gtv:relay:live:{live_uplink(online.camera.pk)}")  # as a relay does when it is gone
    session = LiveSession.objects.filter(requester=online.gestor).get()
    assert login(online.gestor).post(f"{URL}/{session.pk}/resume").status_code == 200
    assert Command.objects.filter(action="open-live").count() == 2
    assert AuditEntry.objects.filter(action="live").count() == 3, "who goes on has been noted"


def test_a_box_that_refuses_is_asked_again_by_the_next(
    online: World, box: Box, login: Login, redis: Client
) -> None:
    login(online.viewer).post(URL, asked(online), format="json")
    command = box.wait_for(Stream.CMD)
    fleet.take_reply(
        online.node.pk, messages.Reply(command.id, ok=False, error="16 uplinks are open already")
    )
    assert LiveSession.objects.get().refusal == "16 uplinks are open already"
    login(online.gestor).post(URL, asked(online), format="json")
    assert Command.objects.filter(action="open-live").count() == 2


@pytest.mark.req("S1.2")
def test_nobody_watches_who_may_not(online: World, login: Login, box: Box) -> None:
    body = asked(online)
    assert login(online.other_gestor).post(URL, body, format="json").status_code == 404
    auditor = online.user("auditora", Role.AUDITOR, None)
    assert login(auditor).post(URL, body, format="json").status_code == 403
    opened = login(online.viewer).post(URL, body, format="json").json()["id"]
    for other in (online.gestor, online.other_gestor):
        assert login(other).post(f"{URL}/{opened}/resume").status_code == 404
        assert login(other).delete(f"{URL}/{opened}").status_code == 404
    cities.archive_camera(online.gestor, online.camera.pk)
    assert login(online.viewer).post(URL, body, format="json").status_code == 404
    assert login(online.viewer).post(f"{URL}/{opened}/resume").status_code == 404


def test_a_box_out_of_contact_is_a_conflict_in_words(online: World, login: Login, box: Box) -> None:
    opened = login(online.viewer).post(URL, asked(online), format="json").json()["id"]
    NodeState.objects.filter(node=online.node).update(online=False)
    for answer in (
        login(online.viewer).post(URL, asked(online), format="json"),
        login(online.viewer).post(f"{URL}/{opened}/resume"),
    ):
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:gtv:problem:node-offline"
        assert "contato" in answer.json()["detail"]


def test_a_session_ends_by_its_viewer_and_is_not_resumed(
    online: World, login: Login, box: Box, redis: Client
) -> None:
    client = login(online.viewer)
    opened = client.post(URL, asked(online), format="json").json()["id"]
    for _ in range(2):
        assert client.delete(f"{URL}/{opened}").status_code == 204
    assert LiveSession.objects.get().closed_at is not None
    assert redis.exists(f"gtv:relay:ended:{opened}"), "no relay serves it any more"
    assert client.post(f"{URL}/{opened}/resume").status_code == 404


def test_a_session_that_nobody_watches_ends_and_one_that_is_watched_does_not(
    online: World, login: Login, box: Box, redis: Client
) -> None:
    client = login(online.viewer)
    watched, left = (client.post(URL, asked(online), format="json").json()["id"] for _ in range(2))
    redis.set(f"gtv:relay:watched:{watched}", "1")
    assert live.expire_sessions() == 0, "both have just been opened"
    LiveSession.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    assert live.expire_sessions() == 1
    assert str(LiveSession.objects.get(closed_at__isnull=True).pk) == watched
    LiveSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert live.expire_sessions() == 1
    over = client.post(f"{URL}/{watched}/resume")
    assert (over.status_code, over.json()["type"]) == (409, "urn:gtv:problem:live-over")
    assert redis.exists(f"gtv:relay:ended:{left}")


def test_who_is_shut_out_watches_no_longer(online: World, login: Login, box: Box) -> None:
    login(online.viewer).post(URL, asked(online), format="json")
    login(online.gestor).post(URL, asked(online), format="json")
    accounts.change_user(online.gestor, online.viewer.pk, is_active=False)
    assert [row.requester for row in LiveSession.objects.filter(closed_at__isnull=True)] == [online.gestor]
    cities.archive_camera(online.gestor, online.camera.pk)
    assert not LiveSession.objects.filter(closed_at__isnull=True).exists()


def test_a_revoked_box_shows_nothing_any_more(online: World, login: Login, box: Box) -> None:
    login(online.viewer).post(URL, asked(online), format="json")
    live.end_sessions_of(online.node.pk)
    assert not LiveSession.objects.filter(closed_at__isnull=True).exists()


def test_without_a_broker_nothing_is_left_open(
    online: World, login: Login, settings: Any, redis: Client
) -> None:
    from central_hub import mqtt

    mqtt.publisher().close()
    mqtt.publisher.cache_clear()
    settings.GTV_MQTT_PORT = 1  # nobody listens there
    assert login(online.viewer).post(URL, asked(online), format="json").status_code == 503
    assert LiveSession.objects.get().closed_at is not None
    assert not redis.exists(f"gtv:relay:live:{live_uplink(online.camera.pk)}"), "the next one asks"


def test_a_viewer_is_given_turn_until_his_session_ends(
    online: World, login: Login, box: Box, settings: Any
) -> None:
    assert login(online.viewer).post(URL, asked(online), format="json").json()["ice_servers"] == []
    settings.GTV_ICE_URLS, settings.GTV_TURN_SECRET = ["turn:t.example:3478"], "north"
    session = login(online.viewer).post(URL, asked(online), format="json").json()
    (turn,) = session["ice_servers"]
    ends_at = int(datetime.fromisoformat(session["expires_at"]).timestamp())
    assert turn["urls"] == ["turn:t.example:3478"]
    assert turn["username"] == f"{ends_at}:{session['id']}" and turn["credential"]
    assert "north" not in str(session)


def test_the_link_of_a_session_is_for_a_while(online: World, login: Login, box: Box) -> None:
    session = login(online.viewer).post(URL, asked(online), format="json").json()
    ends_at = datetime.fromisoformat(session["expires_at"])
    assert timedelta(hours=1) < ends_at - datetime.now(UTC) <= timedelta(hours=2)
