"""A recording played by WebRTC: at its pace, from where the person wants, told where it is."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from edge_agent.box import Box
from edge_agent.playback.gops import Frame, Gop, gop_at, gop_before
from edge_agent.playback.player import Control, Player
from edge_agent.playback.services import NoFootage
from edge_agent.playback.webrtc import FrameTrack
from edge_agent.recording.domain import Fragment, Segment
from tests.unit.edge.builders import FPS, NOON_US, SECOND, open_segment, record, segment

DAY = 86_400 * SECOND


class Screen:
    """What a player showed and told, over two minutes of footage with a gap in the second."""

    def __init__(self, start_us: int) -> None:
        self.frames: list[Frame] = []
        self.told: list[dict[str, str]] = []
        self.player = Player(self.find, self.find_before, start_us, self.frames.append, self.told.append)

    def find(self, at_us: int) -> Gop | None:
        for start_us in range(0, 10 * SECOND, SECOND):
            if start_us in (2 * SECOND, 3 * SECOND) or start_us + SECOND <= at_us:
                continue
            frames = [Frame(b"x", start_us + n * SECOND // 10, n == 0) for n in range(10)]
            return Gop(start_us, start_us + SECOND, "h264", frames)
        return None

    def find_before(self, at_us: int) -> Gop | None:
        earlier = [
            start_us for start_us in range(0, at_us, SECOND) if start_us not in (2 * SECOND, 3 * SECOND)
        ]
        return self.find(earlier[-1]) if earlier else None

    def said(self, what: str) -> list[dict[str, str]]:
        return [message for message in self.told if message["do"] == what]


async def until(true: Callable[[], object], within_s: float = 10.0) -> None:
    for _ in range(int(within_s / 0.002)):
        if true():
            return
        await asyncio.sleep(0.002)
    pytest.fail("not in time")


async def play(screen: Screen, until_frames: int) -> float:
    """Seconds until so many frames were shown."""
    task = asyncio.create_task(screen.player.run())
    began = time.monotonic()
    await until(lambda: len(screen.frames) >= until_frames)
    task.cancel()
    return time.monotonic() - began


async def test_it_starts_in_the_middle_of_a_group_with_a_burst_then_keeps_the_pace() -> None:
    screen = Screen(start_us=500_000)
    took_s = await play(screen, 8)
    assert [frame.at_us // 100_000 for frame in screen.frames] == list(range(8))
    assert 0.15 < took_s < 1.0


async def test_speed_is_kept_and_above_four_only_keyframes_are_shown() -> None:
    screen = Screen(start_us=4 * SECOND)
    screen.player.control(Control("speed", rate=16))
    took_s = await play(screen, 5)
    assert all(frame.is_keyframe for frame in screen.frames)
    assert 0.2 < took_s < 1.0


async def test_a_gap_is_jumped_and_told_and_so_is_the_end() -> None:
    screen = Screen(start_us=1_900_000)
    screen.player.control(Control("speed", rate=4))
    task = asyncio.create_task(screen.player.run())
    await until(lambda: screen.said("end"))
    task.cancel()
    assert screen.said("gap") == [
        {"do": "gap", "from": "1970-01-01T00:00:02.000Z", "to": "1970-01-01T00:00:04.000Z"}
    ]
    assert len(screen.said("position")) > 2


async def test_pause_stops_the_frames_and_seek_shows_one_from_elsewhere() -> None:
    screen = Screen(start_us=0)
    task = asyncio.create_task(screen.player.run())
    await until(lambda: screen.frames)
    screen.player.control(Control("pause"))
    await asyncio.sleep(0.3)
    shown = len(screen.frames)
    assert shown <= 2
    screen.player.control(Control("seek", at=datetime.fromtimestamp(6.25, UTC)))
    screen.player.control(Control("play"))
    await until(lambda: screen.frames[-1].at_us >= 6 * SECOND)
    task.cancel()
    assert screen.frames[shown].at_us == 6 * SECOND  # the keyframe before the target


async def test_who_has_paused_sees_the_picture_that_he_seeks_and_where_it_is() -> None:
    screen = Screen(start_us=0)
    task = asyncio.create_task(screen.player.run())
    await until(lambda: screen.frames)
    screen.player.control(Control("pause"))
    screen.player.control(Control("seek", at=datetime.fromtimestamp(6.25, UTC)))
    await until(lambda: screen.frames[-1].at_us == 6_300_000)
    assert screen.said("position")[-1]["at"] == "1970-01-01T00:00:06.300Z"
    await asyncio.sleep(0.3)
    task.cancel()
    assert screen.frames[-1].at_us == 6_300_000, "still paused"


async def steps(screen: Screen, *frames: Literal[1, -1]) -> list[int]:
    """The pictures on screen after each step, tenths of a second."""
    shown = []
    for direction in frames:
        told = len(screen.told)
        screen.player.control(Control("step", frames=direction))
        await until(lambda told=told: len(screen.told) > told)  # type: ignore[misc]
        shown.append(screen.frames[-1].at_us // 100_000)
    return shown


@pytest.mark.req("S7.3")
async def test_a_step_shows_the_very_next_or_the_very_last_picture_also_across_groups_and_gaps() -> None:
    screen = Screen(start_us=0)
    screen.player.control(Control("pause"))
    task = asyncio.create_task(screen.player.run())
    await until(lambda: screen.frames)
    screen.player.control(Control("seek", at=datetime.fromtimestamp(1.7, UTC)))
    await until(lambda: screen.frames[-1].at_us == 1_700_000)
    assert await steps(screen, 1, 1, 1, 1, -1, -1, -1) == [18, 19, 40, 41, 40, 19, 18]
    before = len(screen.frames)
    assert await steps(screen, 1) == [19]
    assert len(screen.frames) == before + 1, "of the group on screen only what follows is sent"
    task.cancel()


@pytest.mark.req("S7.3")
async def test_steps_in_one_breath_are_all_made_and_a_step_pauses_also_at_16x() -> None:
    screen = Screen(start_us=4 * SECOND)
    screen.player.control(Control("speed", rate=16))
    task = asyncio.create_task(screen.player.run())
    await until(lambda: len(screen.frames) == 2)
    for direction in (-1, -1, -1, 1):
        screen.player.control(Control("step", frames=direction))  # type: ignore[arg-type]
    await until(lambda: screen.frames[-1].at_us == 4_800_000)
    await asyncio.sleep(0.2)
    assert screen.frames[-1].at_us == 4_800_000, "and stands"
    task.cancel()


@pytest.mark.req("S7.3")
async def test_before_the_first_picture_a_step_back_stays_there() -> None:
    screen = Screen(start_us=0)
    screen.player.control(Control("pause"))
    task = asyncio.create_task(screen.player.run())
    await until(lambda: screen.frames)
    assert await steps(screen, -1, 1) == [0, 1]
    task.cancel()


def test_a_rate_out_of_bounds_is_refused() -> None:
    for rate in (b"0.1", b"17"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(b'{"do":"speed","rate":' + rate + b"}", type=Control)


async def test_frames_of_a_burst_keep_their_order_in_rtp_time() -> None:
    track = FrameTrack()
    for _ in range(5):
        track.push(Frame(b"x", 0, True))
    times = [(await track.recv()).pts or 0 for _ in range(5)]
    assert times == sorted(set(times))


def store_recording(box: Box, video: Path, start_us: int) -> Path:
    """Ten seconds of footage; its file."""
    path = segment(start_us, 1).path
    (box.index.folder / path).parent.mkdir(parents=True, exist_ok=True)
    init_bytes, written = record(video, box.index.folder / path)
    parts = tuple(
        Fragment(offset, size, start_us + n * SECOND, SECOND) for n, (offset, size) in enumerate(written)
    )
    box.index.store_segment(Segment("cam1", start_us, start_us, path, init_bytes, parts))
    return box.index.folder / path


def test_a_group_is_read_from_its_own_bytes_with_parameter_sets(box: Box, video: Path) -> None:
    store_recording(box, video, NOON_US)
    gop = gop_at(box.index, "cam1", NOON_US + 3 * SECOND + 1)
    assert gop is not None
    assert (gop.codec, gop.start_us, len(gop.frames)) == ("h264", NOON_US + 3 * SECOND, FPS)
    assert gop.frames[0].is_keyframe
    assert b"\0\0\0\1\x67" in gop.frames[0].data  # a sequence parameter set
    assert gop.frames[1].at_us == gop.start_us + SECOND // FPS
    assert gop_at(box.index, "cam1", NOON_US + 30 * SECOND) is None
    before = gop_before(box.index, "cam1", gop.start_us)
    assert before is not None
    assert before.start_us == NOON_US + 2 * SECOND
    assert gop_before(box.index, "cam1", NOON_US) is None


def test_a_gap_of_weeks_is_jumped(box: Box, video: Path) -> None:
    store_recording(box, video, NOON_US)
    later_us = NOON_US + 20 * DAY
    store_recording(box, video, later_us)
    gop = gop_at(box.index, "cam1", NOON_US + 10 * SECOND)
    assert gop is not None
    assert gop.start_us == later_us


async def test_after_a_long_gap_what_is_being_recorded_now_is_found_too(box: Box) -> None:
    now = segment(NOON_US, 3)
    await open_segment(box.index, now)
    assert box.index.next_start_us("cam1", NOON_US - 20 * DAY) == NOON_US
    assert box.index.next_start_us("cam1", NOON_US + 1) is None
    assert box.index.next_start_us("cam2", 0) is None


def test_a_damaged_file_is_said_to_be_damaged(box: Box, video: Path) -> None:
    file = store_recording(box, video, NOON_US)
    file.write_bytes(b"\0" * file.stat().st_size)
    with pytest.raises(NoFootage, match="danificado"):
        gop_at(box.index, "cam1", NOON_US)
