"""One watched stream, many viewers: each starts at a keyframe, and none holds up another or recording."""

import asyncio
import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edge_agent.recording import nal, tap
from edge_agent.recording.tap import LiveTap, live_packet
from edge_agent.rtsp.samples import Sample
from passthrough.broadcast import MAX_STEP_US, Broadcast, PacketTrack
from passthrough.packets import MAX_WAITING, LivePacket
from passthrough.whep import resolve_browser
from tests.unit.edge.builders import FPS
from tests.unit.edge.camera_samples import sent


class Source:
    """Stands for the recorder: `send` gives a packet to who watches."""

    def __init__(self) -> None:
        self.closed = False
        self.broadcast = Broadcast(self._watch)

    def _watch(self, on_packet: Callable[[LivePacket], None]) -> "Source":
        self.send_packet = on_packet
        return self

    def close(self) -> None:
        self.closed = True

    def send(self, at_us: int, keyframe: bool = False, codec: str = "h264", audio: bool = False) -> None:
        self.send_packet(LivePacket("cam1", b"%d" % at_us, at_us, keyframe, codec, audio))

    def viewer(self, audio: bool = False) -> PacketTrack:
        track = PacketTrack(self.broadcast, audio)
        self.broadcast.takers.add(track.push)
        return track


async def take(track: PacketTrack, count: int) -> list[tuple[bytes, int]]:
    taken = [await asyncio.wait_for(track.recv(), 2) for _ in range(count)]
    return [(bytes(packet), packet.pts or 0) for packet in taken]


async def test_a_viewer_begins_with_the_current_group_at_once_then_at_the_cameras_pace() -> None:
    source = Source()
    for number in range(5):
        source.send(number * 40_000, keyframe=number == 2)
    track = source.viewer()
    burst = await take(track, 3)
    assert [data for data, _ in burst] == [b"80000", b"120000", b"160000"]
    source.send(200_000)
    ((_, next_us),) = await take(track, 1)
    times = [at for _, at in burst]
    assert times[2] - times[0] == 2000
    assert next_us - times[2] == 40_000


async def test_a_viewer_who_does_not_keep_up_goes_on_at_a_keyframe() -> None:
    source = Source()
    source.send(0, keyframe=True)
    track = source.viewer()
    await take(track, 1)
    for number in range(1, 5 * MAX_WAITING):
        source.send(number * 1000)
    assert len(track._packets or ()) <= MAX_WAITING
    source.send(9_000_000, keyframe=True)
    (first, *_) = await take(track, 1)
    assert first[0] == b"9000000"


async def test_time_goes_on_when_the_camera_connects_again() -> None:
    source = Source()
    source.send(60_000_000, keyframe=True)
    track = source.viewer()
    ((_, before),) = await take(track, 1)
    source.send(0, keyframe=True)
    ((_, after),) = await take(track, 1)
    assert 0 < after - before < MAX_STEP_US


async def test_what_the_stream_is_is_known_after_a_few_frames() -> None:
    source = Source()
    with pytest.raises(TimeoutError):
        await source.broadcast.known(0.01)
    source.send(0, keyframe=True, codec="h265")
    source.send(120_000, codec="h265")
    source.send(40_000, codec="h265")  # shown before the one that came before it: a B-frame
    source.send(0, codec="opus", audio=True)
    await source.broadcast.known(1)
    assert source.broadcast.video_codec == "h265"
    assert source.broadcast.audio_codec == "opus"
    assert source.broadcast.reordered


async def test_sound_goes_to_sound_and_a_broadcast_ends_its_watch() -> None:
    source = Source()
    source.send(0, keyframe=True)
    track = source.viewer(audio=True)
    waiting = asyncio.create_task(take(track, 1))
    for _ in range(10):  # until it asks
        await asyncio.sleep(0)
    source.send(1, audio=True, codec="opus")
    assert (await waiting)[0][0] == b"1"
    source.broadcast.close()
    assert source.closed


def test_a_browsers_hidden_address_is_where_its_offer_came_from() -> None:
    line = "a=candidate:1 1 udp 2113937151 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0.local 50000 typ host"
    assert " 10.0.0.7 50000 typ host" in resolve_browser(line, "10.0.0.7")


def test_a_tap_sends_only_watched_cameras_and_never_waits(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tap, "MAX_WAITING", 3)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    theirs.close()  # nobody reads, as when the agent hangs
    tapped = LiveTap(theirs)
    camera = sent(video)
    for sample in camera.pictures:
        tapped.offer("cam1", camera.video, sample)
    assert tapped._waiting.empty()
    tapped.watched = frozenset({"cam1"})
    for sample in camera.pictures:
        tapped.offer("cam1", camera.video, sample)
    assert "cam1" in tapped._behind
    ours.close()


def test_a_keyframe_carries_its_parameter_sets(video: Path) -> None:
    """Also of a camera that sends them in its announcement only."""
    camera = sent(video)
    keyframe = camera.pictures[0]
    sets = nal.parameter_sets("h264", keyframe.data)
    assert len(sets) == 2
    announced = replace(camera.video, config=tuple(sets))
    bare = nal.joined([unit for unit in nal.units(keyframe.data) if unit not in sets])
    shown = live_packet("cam1", announced, Sample(bare, 0, is_keyframe=True))
    assert shown.data == nal.annex_b(nal.joined(sets) + bare)
    made = [live_packet("cam1", announced, sample) for sample in camera.pictures]
    assert all((b"\0\0\0\1" + sets[0] in packet.data) == packet.is_keyframe for packet in made)
    assert made[1].pts_us == 1_000_000 // FPS
    assert {packet.codec for packet in made} == {"h264"}
