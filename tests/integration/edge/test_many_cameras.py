"""Sixty cameras in one worker, a third of which go wrong all the time: the others lose not one picture."""

import asyncio
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import psutil
import pytest

from demo.media_files import Media, make_media
from demo.rtsp_server import Garbage, HangUp, LoopedFile, Loss, RtspCameras, Stall, TimeJump
from demo.rtsp_server.faults import Fault
from edge_agent.recording.events import CameraSource
from edge_agent.recording.fsck import check
from tests.integration.edge.recorder_rig import Recorder
from tests.unit.edge.builders import known_paths

pytestmark = [pytest.mark.req("S4.1"), pytest.mark.timeout(300)]

GOOD = [f"good{number}" for number in range(40)]
BAD = [f"bad{number}" for number in range(20)]
FAULTS: tuple[Fault, ...] = (HangUp(), Stall(), Garbage(), Loss(7), TimeJump(3600), TimeJump(-3600))
FOR_S = 30.0


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspCameras]:
    """Of both transports, with and without sound."""
    folder = tmp_path_factory.mktemp("media")
    files = [
        LoopedFile(make_media(folder / name, Media(audio=sound)))
        for name, sound in (("mute", "none"), ("aac", "aac"), ("pcma", "pcma"))
    ]
    with RtspCameras({name: files[n % 3] for n, name in enumerate([*GOOD, *BAD])}) as running:
        yield running


def worker() -> psutil.Process:
    (found,) = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
    return found


def on_disk(recorder: Recorder) -> set[str]:
    folder = recorder.index.folder
    return {str(file.relative_to(folder)) for file in folder.rglob("*.mp4")}


def shown(file: Path) -> list[float]:
    with av.open(str(file)) as opened:
        base = opened.streams.video[0].time_base or 0
        return sorted(float((p.pts or 0) * base) for p in opened.demux(video=0) if p.size)


async def test_faults_of_a_third_cost_the_others_nothing(recorder: Recorder, street: RtspCameras) -> None:
    sources = [CameraSource(name, street.url(name), "udp" if n % 10 == 9 else "tcp")
               for n, name in enumerate([*GOOD, *BAD])]  # fmt: skip
    recorder.supervisor.assign(sources)
    await recorder.until(lambda: min(map(recorder.fragments, [*GOOD, *BAD])) >= 1, 60)
    descriptors = worker().num_fds()
    threads = worker().num_threads()

    chance = random.Random(20251124)
    loop = asyncio.get_running_loop()
    until = loop.time() + FOR_S
    while loop.time() < until:
        await asyncio.to_thread(street.inject, chance.choice(BAD), chance.choice(FAULTS))
        await asyncio.sleep(0.15)
    before = {name: recorder.fragments(name) for name in BAD}
    await recorder.until(lambda: all(recorder.fragments(name) > before[name] for name in BAD), 90)

    running = worker()
    assert running.num_threads() <= threads + 1
    # A file and a socket for each camera, whatever was opened and closed meanwhile; a few are being renewed.
    assert running.num_fds() <= descriptors + len(BAD) // 2
    recorder.supervisor.assign([])
    await recorder.until(lambda: recorder.supervisor.restarts == 0 and not running.net_connections(), 20)
    await recorder.until(lambda: known_paths(recorder.index) == on_disk(recorder), 20)

    for name in GOOD:
        segments = recorder.index.footage(name, 0, 2**60)
        assert len({segment.run_us for segment in segments}) == 1, name
        times = [at for segment in segments for at in shown(recorder.index.folder / segment.path)]
        assert max(after - one for one, after in pairwise(times)) < 0.15, f"{name}: a picture is missing"
        assert recorder.health.of(name).packets_lost == 0, name
    for name in BAD:
        for one, after in pairwise(recorder.index.footage(name, 0, 2**60)):
            assert one.end_us <= after.start_us, name
    assert list(check(recorder.index)) == []
