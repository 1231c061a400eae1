"""What cameras get wrong: each a clear state, none at the cost of a neighbour in the same worker."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest

from demo.media_files import Media, make_media
from demo.rtsp_server import Garbage, Login, LoopedFile, Loss, RtspCameras, Stall, TimeJump
from edge_agent.recording.domain import GAP_US, Segment
from edge_agent.recording.events import CameraSource
from tests.integration.edge.recorder_rig import Recorder

pytestmark = pytest.mark.req("S4.1")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Media], LoopedFile]:
    folder = tmp_path_factory.mktemp("media")
    numbers = itertools.count()
    made: dict[Media, LoopedFile] = {}

    def get(media: Media) -> LoopedFile:
        if media not in made:
            made[media] = LoopedFile(make_media(folder / str(next(numbers)), media), media.declared_fps)
        return made[media]

    return get


@pytest.fixture
def bad(file: Callable[[Media], LoopedFile]) -> Iterator[RtspCameras]:
    """The camera that goes wrong, and its neighbour that does not."""
    with RtspCameras({"bad": file(Media()), "good": file(Media())}) as running:
        yield running


async def record_both(recorder: Recorder, cameras: RtspCameras) -> None:
    recorder.supervisor.assign([CameraSource(name, cameras.url(name)) for name in ("bad", "good")])
    await recorder.until(lambda: min(recorder.fragments("bad"), recorder.fragments("good")) >= 2)


def runs(recorder: Recorder, camera: str = "bad") -> list[Segment]:
    return recorder.index.footage(camera, 0, 2**60)


def assert_the_neighbour_was_not_disturbed(recorder: Recorder) -> None:
    spans = recorder.index.spans("good", 0, 2**60)
    assert len(spans) == 1
    assert len({segment.run_us for segment in runs(recorder, "good")}) == 1


def assert_no_overlap(segments: list[Segment]) -> None:
    for one, next_one in itertools.pairwise(segments):
        assert one.end_us <= next_one.start_us


def pictures(recorder: Recorder, segment: Segment) -> list[tuple[int, int]]:
    with av.open(str(recorder.index.folder / segment.path)) as opened:
        return [(frame.width, frame.height) for frame in opened.decode(video=0)]


async def test_another_resolution_goes_on_in_another_file_that_plays(
    recorder: Recorder, bad: RtspCameras, file: Callable[[Media], LoopedFile]
) -> None:
    await record_both(recorder, bad)
    bad.switch("bad", file(Media(width=640, height=360)))
    await recorder.until(lambda: len(runs(recorder)) == 2 and len(runs(recorder)[-1].fragments) >= 2)
    before, after = runs(recorder)
    assert before.run_us != after.run_us
    assert after.start_us - before.end_us < GAP_US, "nothing is lost at the change"
    assert set(pictures(recorder, before)) == {(320, 180)}
    assert set(pictures(recorder, after)) == {(640, 360)}
    await recorder.until(lambda: recorder.health.of("bad").width == 640)
    assert recorder.health.of("bad").reconnects == 0
    assert_the_neighbour_was_not_disturbed(recorder)


async def test_another_codec_is_recorded_after_a_reconnect(
    recorder: Recorder, bad: RtspCameras, file: Callable[[Media], LoopedFile]
) -> None:
    await record_both(recorder, bad)
    bad.switch("bad", file(Media("h265")), hang_up=True)
    await recorder.until(lambda: recorder.health.of("bad").video_codec == "h265")
    await recorder.until(lambda: len(runs(recorder)[-1].fragments) >= 2)
    assert_no_overlap(runs(recorder))
    assert set(pictures(recorder, runs(recorder)[-1])) == {(320, 180)}
    assert recorder.health.of("bad").reconnects == 1
    assert_the_neighbour_was_not_disturbed(recorder)


@pytest.mark.parametrize(
    "fault", [Garbage(), TimeJump(3600), TimeJump(-3600)], ids=["garbage", "ahead", "back"]
)
async def test_a_camera_gone_mad_is_recorded_again_without_overlap_or_future(
    recorder: Recorder, bad: RtspCameras, fault: Garbage | TimeJump
) -> None:
    await record_both(recorder, bad)
    bad.inject("bad", fault)
    before = recorder.fragments("bad")
    await recorder.until(lambda: recorder.fragments("bad") >= before + 3)
    assert_no_overlap(runs(recorder))
    assert runs(recorder)[-1].end_us < recorder.began_us + 60_000_000
    assert_the_neighbour_was_not_disturbed(recorder)


async def test_a_camera_that_stalls_amid_a_packet_is_declared_dead_and_read_again(
    recorder: Recorder, bad: RtspCameras
) -> None:
    await record_both(recorder, bad)
    bad.inject("bad", Stall())
    await recorder.until(lambda: recorder.state("bad") == "offline")
    assert recorder.health.of("bad").reason, "it is said why"
    before = recorder.fragments("bad")
    await recorder.until(lambda: recorder.state("bad") == "online" and recorder.fragments("bad") > before)
    assert_the_neighbour_was_not_disturbed(recorder)


async def test_a_wrong_password_is_said_and_tried_once_and_the_right_one_works_at_once(
    recorder: Recorder, file: Callable[[Media], LoopedFile]
) -> None:
    login = Login("admin", "segredo#1", "digest")
    with RtspCameras({"bad": file(Media()), "good": file(Media())}, login=login) as cameras:
        recorder.supervisor.assign(
            [
                CameraSource("bad", cameras.url("bad", "admin", "errada")),
                CameraSource("good", cameras.url("good", "admin", "segredo%231")),
            ]
        )
        await recorder.until(lambda: recorder.state("bad") == "offline" and recorder.fragments("good") >= 4)
        assert recorder.health.of("bad").reason == "A câmera recusou o usuário ou a senha."
        assert recorder.fragments("bad") == 0
        assert login.refused == ["DESCRIBE"], "one more would bring the camera nearer to a lock-out"
        recorder.supervisor.assign([CameraSource("bad", cameras.url("bad", "admin", "segredo%231"))])
        await recorder.until(lambda: recorder.fragments("bad") >= 1)


async def test_the_boxs_own_mediamtx_that_refuses_a_login_is_asked_again_soon(
    recorder: Recorder, file: Callable[[Media], LoopedFile]
) -> None:
    """It does so while it starts; no camera must stay unrecorded for minutes because of that."""
    login = Login("gtv-agent", "certa", "basic")
    with RtspCameras({"cam1": file(Media())}, login=login) as cameras:
        url = cameras.url("cam1", "gtv-agent", "errada")
        recorder.supervisor.assign([CameraSource("cam1", url, through_mediamtx=True)])
        await recorder.until(lambda: len(login.refused) >= 3, within_s=40)


async def test_a_camera_without_tcp_is_read_by_udp_and_its_losses_are_counted(
    recorder: Recorder, file: Callable[[Media], LoopedFile]
) -> None:
    with RtspCameras({"udp": file(Media())}, transports=["udp"]) as cameras:
        recorder.supervisor.assign([CameraSource("udp", cameras.url("udp"))])
        await recorder.until(lambda: recorder.fragments("udp") >= 2)
        assert recorder.health.of("udp").packets_lost == 0
        cameras.inject("udp", Loss(5))
        await recorder.until(lambda: recorder.health.of("udp").packets_lost > 0)


async def test_a_wrong_declared_frame_rate_makes_no_gaps(
    recorder: Recorder, file: Callable[[Media], LoopedFile]
) -> None:
    with RtspCameras({"slow": file(Media(declared_fps=50)), "fast": file(Media(declared_fps=1))}) as cameras:
        recorder.supervisor.assign([CameraSource(name, cameras.url(name)) for name in ("slow", "fast")])
        await recorder.until(lambda: min(recorder.fragments("slow"), recorder.fragments("fast")) >= 4)
    for camera in ("slow", "fast"):
        (whole,) = runs(recorder, camera)
        for one, next_one in itertools.pairwise(whole.fragments):
            assert one.end_us == next_one.start_us
            assert one.duration_us == pytest.approx(1_000_000, abs=10_000)


async def test_health_tells_what_the_stream_is(
    recorder: Recorder, file: Callable[[Media], LoopedFile]
) -> None:
    with RtspCameras({"cam1": file(Media("h264", "aac"))}) as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1"))])
        await recorder.until(lambda: recorder.health.of("cam1").gop_s is not None)
        shown = recorder.health.of("cam1")
    assert (shown.video_codec, shown.audio_codec, shown.width, shown.height) == ("h264", "aac", 320, 180)
    assert shown.gop_s == pytest.approx(1.0, abs=0.4)
    assert shown.fps == pytest.approx(10, abs=6)
    assert abs(shown.clock_drift_ms or 0) < 1000
    assert shown.reconnects == shown.packets_lost == 0


async def test_the_first_group_of_pictures_is_recorded_whole(
    recorder: Recorder, file: Callable[[Media], LoopedFile], tmp_path: Path
) -> None:
    with RtspCameras({"cam1": file(Media())}) as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1"))])
        await recorder.until(lambda: recorder.fragments() >= 2)
        (whole,) = runs(recorder, "cam1")
        data = (recorder.index.folder / whole.path).read_bytes()
    first = whole.fragments[0]
    alone = tmp_path / "first.mp4"
    alone.write_bytes(data[: first.offset + first.size_bytes])
    with av.open(str(alone)) as opened:
        assert sum(1 for _ in opened.decode(video=0)) == 10
