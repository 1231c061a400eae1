"""What MediaMTX should pull, who may ask it for what, and how the box goes on without it."""

import pytest

from edge_agent.mediamtx.auth import GUESSES, Gate, Question
from edge_agent.mediamtx.config import Credential
from edge_agent.mediamtx.domain import (
    BACK_AFTER_S,
    DIRECT_AFTER_S,
    TRANSPORT_PATIENCE_S,
    Add,
    Delete,
    Patch,
    RecordingRoute,
    TransportChoice,
    difference,
    source_reason,
    wanted_paths,
)
from protocol.messages import DesiredCamera

MAIN = DesiredCamera("a", "A", "rtsp://u:p@192.0.2.1/main")
BOTH = DesiredCamera(
    "b", "B", "rtsp://u:p@192.0.2.2/main", sub_rtsp_url="rtsp://u:p@192.0.2.2/sub", transport="udp"
)


@pytest.mark.req("S3.2")
def test_main_is_always_pulled_and_sub_on_demand() -> None:
    paths = wanted_paths([MAIN, BOTH])
    assert {name: settings["sourceOnDemand"] for name, settings in paths.items()} == {
        "a": False,
        "b": False,
        "b-sub": True,
    }
    assert [paths[name]["rtspTransport"] for name in paths] == ["tcp", "udp", "udp"]
    assert paths["b-sub"]["source"] == BOTH.sub_rtsp_url


@pytest.mark.req("S3.2")
def test_the_difference_adds_patches_and_deletes_only_what_differs() -> None:
    wanted = wanted_paths([MAIN, BOTH])
    actual = {**{name: {**settings, "default": 1} for name, settings in wanted.items()}, "gone": {}}
    del actual["b"]
    actual["a"]["source"] = "rtsp://u:old@192.0.2.1/main"
    assert difference(wanted, actual) == [
        Delete("gone"),
        Patch("a", {"source": MAIN.rtsp_url}),
        Add("b", wanted["b"]),
    ]
    assert difference(wanted, wanted) == []


def test_a_camera_that_refuses_tcp_is_tried_over_udp_and_back() -> None:
    choice = TransportChoice()
    for now, over_udp in ((0, set()), (TRANSPORT_PATIENCE_S, {"a"}), (TRANSPORT_PATIENCE_S * 2, set())):
        choice.observe(["a", "b"], ["b"], now)
        assert choice.over_udp == over_udp
    choice.observe(["a"], [], TRANSPORT_PATIENCE_S * 3)
    choice.observe(["a"], ["a"], TRANSPORT_PATIENCE_S * 9)
    assert choice.over_udp == {"a"}, "what works is kept"
    choice.observe([], [], TRANSPORT_PATIENCE_S * 10)
    assert choice.over_udp == set()


def test_recording_goes_round_a_mediamtx_that_is_away_and_back_when_it_is_well() -> None:
    route = RecordingRoute(0.0)
    assert not route.observe(False, 1.0)
    assert not route.observe(True, 2.0)
    assert not route.observe(False, 3.0)
    assert not route.observe(False, 2.0 + DIRECT_AFTER_S)
    assert route.observe(False, 3.0 + DIRECT_AFTER_S)
    assert not route.through_mediamtx
    assert not route.observe(True, 100.0)
    assert route.observe(True, 100.0 + BACK_AFTER_S)
    assert route.through_mediamtx


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("bad status code: 401 (Unauthorized)", "senha"),
        ("bad status code: 404 (Not Found)", "não existe"),
        ("dial tcp 192.0.2.1:554: connect: connection refused", "recusou a conexão"),
        ("dial tcp 192.0.2.1:554: i/o timeout", "não respondeu"),
        ("dial tcp 192.0.2.1:554: connect: no route to host", "Não há comunicação"),
        ("dial tcp: lookup camera.example: no such host", "Não há comunicação"),
        ("EOF", "encerrou"),
        ("read tcp 192.0.2.1:554: connection reset by peer", "encerrou"),
        ("invalid protocol ([82 84 83 80 47])", "sem um vídeo que se possa ler"),
    ],
)
def test_why_a_camera_gives_nothing_is_said_in_words(message: str, words: str) -> None:
    assert words in source_reason(message)


class People:
    def __init__(self) -> None:
        self.passwords = {"ana": "right"}
        self.asked = 0

    def verify(self, user: str, password: str) -> bool:
        self.asked += 1
        return self.passwords.get(user) == password


async def test_nobody_publishes_and_a_person_is_checked_once() -> None:
    people, agent, now = People(), Credential(), [0.0]
    gate = Gate(agent, people.verify, lambda user: people.passwords.get(user, ""), lambda: now[0])

    async def may(action: str, user: str, password: str, protocol: str = "rtsp") -> bool:
        return await gate.allows(Question(action, user, password, "cam1", protocol))

    assert await may("read", agent.user, agent.password)
    assert await may("api", agent.user, agent.password, "")
    assert not await may("publish", agent.user, agent.password)
    assert not await may("read", agent.user, "wrong")
    assert not await may("read", "", "")
    assert not await may("publish", "ana", "right")
    assert not await may("api", "ana", "right", "")
    assert not await may("read", "ana", "right", "hls"), "HLS comes through the console"
    assert not await may("read", "nobody", "right")
    assert people.asked == 0
    assert await may("read", "ana", "right")
    assert await may("read", "ana", "right")
    assert people.asked == 1
    people.passwords["ana"] = "changed"
    assert not await may("read", "ana", "right"), "a changed password ends what was remembered"
    for _ in range(GUESSES * 2):
        assert not await may("read", "ana", "guess")
    assert people.asked == 1 + GUESSES, "guessing does not keep MediaMTX waiting"
    assert await may("read", agent.user, agent.password)
