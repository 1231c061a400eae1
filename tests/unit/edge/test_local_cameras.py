"""A camera added at the box is recorded at once, offered to the hub, and becomes the hub's."""

from http import HTTPStatus

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent import control
from edge_agent.box import Box
from edge_agent.cameras.domain import (
    CameraChange,
    InvalidAddress,
    changed,
    check_lan_address,
    check_rtsp_url,
    complete,
    parse_address,
    userinfo_of,
    with_credentials,
    without_credentials,
)
from edge_agent.config import Settings
from edge_agent.store import Store
from edge_agent.sync.desired import UNKNOWN_PLAN_DAYS, DesiredStateKeeper
from edge_agent.sync.outbox import Outbox
from protocol.messages import CameraAdded, DesiredCamera, DesiredState, RefusedCamera, decode_event
from protocol.topics import Stream
from tests.unit.edge.builders import desired_state

LOCAL = DesiredCamera(id="7d0c", name="Portão", rtsp_url="rtsp://admin:s%40nha@10.0.0.7:554/main?x=1")
BARE = msgspec.structs.replace(LOCAL, rtsp_url="rtsp://10.0.0.7:554/main?x=1", name="Portão da escola")
OTHER = DesiredCamera(id="cam1", name="Praça", rtsp_url="rtsp://u:p@10.0.0.2/1")


@pytest.fixture
def keeper(settings: Settings) -> DesiredStateKeeper:
    return DesiredStateKeeper(settings, "sao-bento")


def offered(outbox: Outbox) -> list[CameraAdded]:
    _, seqs = outbox.ends(Stream.CAMERA_ADDED, 0, 10)
    return [decode_event(event.data, CameraAdded) for event in outbox.load(Stream.CAMERA_ADDED, seqs)]


def test_it_is_recorded_at_once_on_a_box_that_never_met_its_hub(keeper: DesiredStateKeeper) -> None:
    applied: list[DesiredState] = []
    keeper.on_change(applied.append)
    keeper.add_local(LOCAL, "técnico")
    (state,) = applied
    assert state.cameras == [LOCAL]
    assert (state.city, state.retention_days, state.users) == ("sao-bento", UNKNOWN_PLAN_DAYS, [])
    assert keeper.revision == 0, "any state of the hub supersedes it"


@pytest.mark.req("E2")
def test_it_survives_a_restart_and_its_password_is_nowhere_in_the_database(
    keeper: DesiredStateKeeper, settings: Settings, store: Store, outbox: Outbox
) -> None:
    keeper.receive(desired_state(1, cameras=[OTHER]))
    keeper.add_local(LOCAL, "técnico")
    restarted = DesiredStateKeeper(settings)
    assert restarted.current is not None
    assert restarted.current.cameras == [OTHER, LOCAL]
    (event,) = offered(outbox)
    assert (event.id, event.name, event.rtsp_url) == (LOCAL.id, "Portão", "rtsp://10.0.0.7:554/main?x=1")
    with store.read() as connection:
        assert "s%40nha" not in "".join(connection.iterdump())


def test_once_adopted_it_is_the_hubs_with_the_password_typed_here(
    keeper: DesiredStateKeeper, settings: Settings
) -> None:
    keeper.add_local(LOCAL, "técnico")
    keeper.receive(desired_state(1, cameras=[OTHER, BARE]))
    for now in (keeper, DesiredStateKeeper(settings)):
        camera = now.camera(LOCAL.id)
        assert camera is not None
        assert (camera.name, camera.rtsp_url) == ("Portão da escola", LOCAL.rtsp_url)
        assert now.local_cameras() == [], "nothing waits for the hub"
        assert not now.remove_local(LOCAL.id, "técnico"), "it is the hub's now"


def test_a_password_from_the_hub_replaces_the_one_typed_here(keeper: DesiredStateKeeper) -> None:
    keeper.add_local(LOCAL, "técnico")
    wanted = msgspec.structs.replace(BARE, rtsp_url="rtsp://admin:new@10.0.0.7:554/main?x=1")
    keeper.receive(desired_state(1, cameras=[wanted]))
    assert keeper.camera(LOCAL.id) == wanted
    keeper.receive(desired_state(2, cameras=[BARE]))
    assert keeper.camera(LOCAL.id) == BARE, "the old one is forgotten"


def test_one_that_the_hub_archives_is_gone(keeper: DesiredStateKeeper, settings: Settings) -> None:
    keeper.add_local(LOCAL, "técnico")
    keeper.receive(desired_state(1, cameras=[BARE]))
    keeper.receive(desired_state(2))
    assert keeper.camera(LOCAL.id) is None
    assert DesiredStateKeeper(settings).camera(LOCAL.id) is None


def test_one_that_the_hub_refuses_is_not_recorded_and_says_why_until_it_is_removed(
    keeper: DesiredStateKeeper,
) -> None:
    keeper.add_local(LOCAL, "técnico")
    refused = RefusedCamera(LOCAL.id, "A prefeitura já tem 1000 câmeras.")
    keeper.receive(msgspec.structs.replace(desired_state(1), refused=[refused]))
    assert keeper.camera(LOCAL.id) is None
    assert [camera.id for camera in keeper.local_cameras()] == [LOCAL.id]
    assert keeper.refusal(LOCAL.id) == "A prefeitura já tem 1000 câmeras."
    assert keeper.remove_local(LOCAL.id, "técnico")
    assert keeper.local_cameras() == []


def test_one_removed_before_the_hub_heard_of_it_is_never_offered(
    keeper: DesiredStateKeeper, outbox: Outbox
) -> None:
    keeper.add_local(LOCAL, "técnico")
    keeper.add_local(OTHER, "técnico")
    assert keeper.remove_local(LOCAL.id, "técnico")
    assert [event.id for event in offered(outbox)] == ["cam1"]
    assert not keeper.remove_local("nothing", "técnico")


def test_a_password_is_not_sent_to_another_host() -> None:
    moved = msgspec.structs.replace(BARE, rtsp_url="rtsp://10.0.0.66:554/main")
    assert complete(moved, LOCAL) == moved


def test_a_correction_here_stands_until_the_hub_says_something_new(
    keeper: DesiredStateKeeper, settings: Settings, outbox: Outbox
) -> None:
    keeper.receive(desired_state(1, cameras=[OTHER]))
    right = msgspec.structs.replace(OTHER, rtsp_url="rtsp://u:certa@10.0.0.3/1", transport="udp")
    keeper.correct_local(right, "técnico")
    for now in (keeper, DesiredStateKeeper(settings)):
        assert now.camera("cam1") == right
        assert now.is_corrected("cam1") and now.local_cameras() == []
    renamed = msgspec.structs.replace(OTHER, name="Praça nova")
    keeper.receive(desired_state(2, cameras=[renamed]))
    assert keeper.camera("cam1") == msgspec.structs.replace(right, name="Praça nova"), "the rest is the hub's"
    from_hub = msgspec.structs.replace(renamed, rtsp_url="rtsp://u:p@10.0.0.4/1")
    keeper.receive(desired_state(3, cameras=[from_hub]))
    assert keeper.camera("cam1") == from_hub and not keeper.is_corrected("cam1")
    keeper.receive(desired_state(4, cameras=[renamed]))
    assert keeper.camera("cam1") == renamed, "what was corrected is forgotten"
    assert offered(outbox) == [], "the hub has the camera"


@pytest.mark.parametrize("hub_heard", ["the typo", "the correction"])
def test_a_typo_mended_while_the_hub_adopts_does_not_come_back(
    keeper: DesiredStateKeeper, settings: Settings, outbox: Outbox, hub_heard: str
) -> None:
    typo = msgspec.structs.replace(LOCAL, rtsp_url="rtsp://admin:errada@10.0.0.7:554/mian")
    keeper.add_local(typo, "técnico")
    right = msgspec.structs.replace(LOCAL, transport="tcp")
    keeper.correct_local(right, "técnico")
    (event,) = offered(outbox)
    assert event.rtsp_url == "rtsp://10.0.0.7:554/main?x=1", "only the right one is offered from now on"
    heard = "rtsp://10.0.0.7:554/mian" if hub_heard == "the typo" else event.rtsp_url
    keeper.receive(desired_state(1, cameras=[msgspec.structs.replace(BARE, rtsp_url=heard)]))
    for now in (keeper, DesiredStateKeeper(settings)):
        assert now.camera(LOCAL.id) == msgspec.structs.replace(right, name="Portão da escola")


def test_a_change_keeps_what_it_does_not_name() -> None:
    camera = msgspec.structs.replace(LOCAL, sub_rtsp_url="rtsp://admin:s%40nha@10.0.0.7:554/sub")
    assert changed(camera, CameraChange()) == camera
    password = changed(camera, CameraChange(password="n@va"))
    assert password.rtsp_url == "rtsp://admin:n%40va@10.0.0.7:554/main?x=1"
    assert password.sub_rtsp_url == "rtsp://admin:n%40va@10.0.0.7:554/sub"
    path = changed(camera, CameraChange(rtsp_url="rtsp://10.0.0.7:554/other", sub_rtsp_url=""))
    assert (path.rtsp_url, path.sub_rtsp_url) == ("rtsp://admin:s%40nha@10.0.0.7:554/other", "")
    moved = changed(camera, CameraChange(rtsp_url="rtsp://10.0.0.66/main"))
    assert moved.rtsp_url == "rtsp://10.0.0.66/main", "a password goes to the host it was typed for"


@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_any_user_and_password_fit_into_an_address_and_out_of_it(user: str, password: str) -> None:
    try:
        full = with_credentials("rtsp://[fe80::7]:8554/a/b?c=d", user, password)
    except UnicodeEncodeError:
        return  # a lone surrogate is no text that a keyboard gives
    assert check_rtsp_url(full)
    assert without_credentials(full) == "rtsp://[fe80::7]:8554/a/b?c=d"
    assert userinfo_of(full)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "10.0.0.7",
        "http://10.0.0.7/",
        "rtsp://",
        "rtsp://u:p/a@10.0.0.7/",
        "rtsp://a b/",
        "rtsp://h:99999/",
        "rtsp://cam:S3nha@x#@10.0.0.7/live",
        "rtsp://cam:S3nha@x/1@10.0.0.7/live",
        "rtsp://cam:S3nha@x?@10.0.0.7/live",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        check_rtsp_url(url)
    assert "10.0.0.7" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("192.168.1.64", True),
        ("10.0.0.7", True),
        ("172.16.9.1", True),
        ("fd00::7", True),
        ("169.254.169.254", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("8.8.8.8", False),
    ],
)
def test_cameras_are_on_the_local_network(address: str, fits: bool) -> None:
    parsed = parse_address(address)
    assert parsed is not None
    if fits:
        check_lan_address(parsed, allow_loopback=False)
    else:
        with pytest.raises(InvalidAddress):
            check_lan_address(parsed, allow_loopback=False)


async def test_a_running_agent_says_in_words_why_it_refuses_a_camera(box: Box) -> None:
    """What `gtv edge camera add` shows when the agent runs."""
    transport = httpx.ASGITransport(control.create_app(box))
    async with httpx.AsyncClient(transport=transport, base_url="http://agent") as client:
        new = {"name": "Praça", "rtsp_url": "rtsp://10.0.0.7/praca"}
        assert (await client.post("/cameras", json=new)).status_code == HTTPStatus.OK
        again = await client.post("/cameras", json={**new, "name": "Outra"})
    assert again.status_code == HTTPStatus.CONFLICT
    assert again.json()["detail"] == "Este vídeo já está cadastrado como «Praça»."
    box.store.close()
