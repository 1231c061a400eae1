"""A stream that nobody records, as HLS in memory: what a player needs of it, and nothing that lasts."""

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path

import av
import pytest

from edge_agent.live.tail import KEPT, STALE_US, StreamTail
from edge_agent.recording.tap import live_packet
from passthrough.errors import LiveUnavailable
from passthrough.packets import LivePacket
from tests.integration.edge.rig import media_of
from tests.unit.edge.builders import FPS, NOON_US, SECOND, make_video
from tests.unit.edge.camera_samples import sent


class Clock:
    def __init__(self) -> None:
        self.now_us = NOON_US

    def __call__(self) -> int:
        return self.now_us


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tail(clock: Clock) -> StreamTail:
    return StreamTail("cam1", clock)


def packets(video: Path) -> list[LivePacket]:
    camera = sent(video)
    return [live_packet("cam1", camera.video, sample) for sample in camera.pictures]


async def played(tail: StreamTail) -> list[int]:
    """Pictures of each run in the playlist, decoded."""
    files: list[bytes] = []
    for uri, byte_range in media_of(await tail.playlist(silent=True)):
        start, end = (int(number) for number in re.findall(r"\d+", byte_range))
        run_us = int(re.findall(r"(\d+)\.mp4", uri)[0])
        data = await tail.read("segments", run_us, start, end - start + 1)
        files = [*files, data] if data[4:8] == b"ftyp" else [*files[:-1], files[-1] + data]
    counts = []
    for file in files:
        with av.open(io.BytesIO(file)) as container:
            counts.append(sum(1 for _ in container.decode(video=0)))
    return counts


@pytest.mark.req("S5.1")
async def test_whole_groups_of_pictures_are_played_and_old_ones_forgotten(
    tail: StreamTail, video: Path
) -> None:
    shown = packets(video)
    for packet in shown[: FPS * 3 + 1]:
        tail.take(packet)
    assert await played(tail) == [3 * FPS]
    for packet in shown[FPS * 3 + 1 :]:
        tail.take(packet)
    assert await played(tail) == [KEPT * FPS]
    playlist = await tail.playlist(silent=True)
    assert "#EXT-X-MEDIA-SEQUENCE:3" in playlist
    assert "#EXTINF:1.000000" in playlist
    assert len(tail._data) == KEPT + 1


async def test_its_variant_is_measured(tail: StreamTail, video: Path) -> None:
    shown = packets(video)
    tail.take(shown[0])
    begun = await tail.variant()
    assert (begun.width, begun.height) == (64, 48)
    assert begun.codecs.startswith("avc1.")
    for packet in shown[1:]:
        tail.take(packet)
    largest = max(sum(len(p.data) for p in shown[at : at + FPS]) for at in range(0, 9 * FPS, FPS))
    assert (await tail.variant()).bandwidth_bps == pytest.approx(8 * largest, rel=0.5)


async def test_a_new_connection_to_the_camera_is_a_discontinuity(
    tail: StreamTail, clock: Clock, video: Path
) -> None:
    for packet in packets(video)[: 2 * FPS + 1]:
        tail.take(packet)
    clock.now_us += 60 * SECOND
    for packet in packets(video)[: FPS + 1]:
        tail.take(packet)
    assert (await tail.playlist(silent=True)).count("#EXT-X-DISCONTINUITY\n") == 1
    assert await played(tail) == [2 * FPS + 1, FPS]


async def test_another_resolution_gets_its_own_initialisation_section(
    tail: StreamTail, video: Path, tmp_path: Path
) -> None:
    first = packets(video)[:FPS]
    with_other_sets = packets(make_video(tmp_path / "faster.mp4", seconds=2, fps=2 * FPS))
    later = [replace(packet, pts_us=packet.pts_us + SECOND) for packet in with_other_sets]
    for packet in [*first, *later]:
        tail.take(packet)
    assert (await tail.playlist(silent=True)).count("#EXT-X-MAP") == 2


async def test_what_no_longer_comes_is_not_live(tail: StreamTail, clock: Clock, video: Path) -> None:
    for packet in packets(video):
        tail.take(packet)
    clock.now_us += 10 * SECOND + STALE_US
    with pytest.raises(LiveUnavailable):
        await tail.playlist(silent=True)


async def test_a_stream_that_does_not_begin_is_said_so(
    tail: StreamTail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge_agent.live.tail.KEYFRAME_WITHIN_S", 0.01)
    tail.take(LivePacket("cam1", b"\0\0\0\1garbage", 0, True, "h264"))
    tail.take(LivePacket("cam1", b"sound", 0, False, "aac", audio=True))
    with pytest.raises(LiveUnavailable):
        await tail.variant()
    with pytest.raises(LiveUnavailable):
        await tail.read("segments", 1, 0, 10)


async def test_it_is_idle_when_nobody_has_asked_for_long(
    tail: StreamTail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge_agent.live.tail.IDLE_S", 0.2)
    async with asyncio.timeout(5):
        await tail.until_idle()
