"""A refused login rests for minutes, so that no camera locks its users out for the box's sake."""

import asyncio
import itertools
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.media_files import Media, make_media
from demo.rtsp_server import Login, LoopedFile, RtspCameras
from edge_agent.live.puller import StreamPuller
from edge_agent.recording.logins import REST_MAX_S, RefusedLogins, rest_s
from passthrough.packets import LivePacket

WRONG = "rtsp://admin:errada@192.0.2.1/main"
OTHER_STREAM = "rtsp://admin:errada@192.0.2.1/sub"


@pytest.mark.req("S4.1")
@given(refusals=st.integers(1, 10_000), seed=st.integers())
def test_the_rest_is_minutes_and_grows_to_more_than_five(refusals: int, seed: int) -> None:
    rest = rest_s(refusals, random.Random(seed))
    assert 60 <= rest <= REST_MAX_S
    assert refusals < 4 or rest >= 300


def test_a_lock_out_of_five_in_half_an_hour_is_not_reached_from_the_second_half_hour_on() -> None:
    logins, now_mono, tries_mono = RefusedLogins(), 0.0, []
    while now_mono < 7200:
        tries_mono.append(now_mono)
        logins.refused(WRONG, now_mono)
        now_mono += logins.rests_s(WRONG, now_mono)
    assert all(later - earlier >= 300 for earlier, later in itertools.pairwise(tries_mono[4:]))


def test_a_login_rests_for_all_streams_of_its_camera_and_for_nobody_else() -> None:
    logins = RefusedLogins()
    logins.refused(WRONG, 0.0)
    assert logins.rests_s(OTHER_STREAM, 1.0)
    for other in (
        WRONG.replace("errada", "certa"),
        WRONG.replace("admin", "op"),
        WRONG.replace("2.1", "2.2"),
    ):
        assert not logins.rests_s(other, 1.0)


def test_streams_that_are_refused_at_once_are_one_refusal() -> None:
    many, one = RefusedLogins(), RefusedLogins()
    one.refused(WRONG, 0.0)
    for _ in range(16):
        many.refused(OTHER_STREAM, 0.0)
    assert max(many.rests_s(WRONG, 0.0), one.rests_s(WRONG, 0.0)) <= 120


def test_who_was_let_in_begins_anew() -> None:
    logins = RefusedLogins()
    for now_mono in (0.0, 1000.0, 2000.0, 3000.0):
        logins.refused(WRONG, now_mono)
    logins.forget(WRONG)
    assert not logins.rests_s(WRONG, 3000.0)
    logins.refused(WRONG, 3000.0)
    assert logins.rests_s(WRONG, 3000.0) <= 120


async def test_who_opens_the_second_stream_again_and_again_tries_its_login_once(tmp_path: Path) -> None:
    login = Login("admin", "certa")
    video = LoopedFile(make_media(tmp_path / "sub.mov", Media()))
    with RtspCameras({"sub": video}, login=login) as cameras:
        logins, url = RefusedLogins(), cameras.url("sub", "admin", "errada")
        for _ in range(3):
            puller = StreamPuller("cam1", url, lambda _packet: None, logins)
            async with asyncio.timeout(20):
                while not logins.rests_s(url, time.monotonic()):  # noqa: ASYNC110 - the camera's answer
                    await asyncio.sleep(0.02)
            puller.close()
        assert login.refused == ["DESCRIBE"]
        packets: list[LivePacket] = []
        puller = StreamPuller("cam1", cameras.url("sub", "admin", "certa"), packets.append, logins)
        async with asyncio.timeout(20):
            while not packets:  # noqa: ASYNC110 - the camera's pictures
                await asyncio.sleep(0.02)
        puller.close()
