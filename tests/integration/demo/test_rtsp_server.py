"""The simulated cameras' RTSP server, as FFmpeg sees it: every codec, transport, login and fault."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator

import av
import numpy as np
import pytest

from demo.media_files import Media, make_media
from demo.rtsp_server import Garbage, HangUp, Login, LoopedFile, Loss, RtspCameras, Stall, TimeJump
from demo.scene import read_clock

AUDIO_NAMES = {"aac": "aac", "pcmu": "pcm_mulaw", "pcma": "pcm_alaw", "opus": "opus"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Media], LoopedFile]:
    folder = tmp_path_factory.mktemp("media")
    numbers = itertools.count()
    made: dict[Media, LoopedFile] = {}

    def file(media: Media) -> LoopedFile:
        if media not in made:
            made[media] = LoopedFile(make_media(folder / str(next(numbers)), media), media.declared_fps)
        return made[media]

    return file


def open_stream(url: str, transport: str = "tcp") -> av.container.InputContainer:
    options = {"rtsp_transport": transport, "fpsprobesize": "0", "analyzeduration": "500000"}
    return av.open(url, options=options, timeout=5)


def media_times(stream: av.container.InputContainer, count: int) -> Iterator[float]:
    for packet in itertools.islice(stream.demux(video=0), count):
        if packet.pts is not None:
            yield float(packet.pts * packet.time_base)


@pytest.mark.req("S4.1")
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(
    "media",
    [
        Media("h264"),
        Media("h265"),
        Media("h264", "aac"),
        Media("h265", "pcmu"),
        Media("h264", "pcma"),
        Media("h264", "opus"),
    ],
    ids=lambda media: f"{media.codec}-{media.audio}",
)
def test_a_client_gets_pictures_and_sound(
    files: Callable[[Media], LoopedFile], media: Media, transport: str
) -> None:
    with (
        RtspCameras({"cam": files(media)}) as cameras,
        open_stream(cameras.url("cam"), transport) as stream,
    ):
        assert stream.streams.video[0].codec_context.name == {"h265": "hevc"}.get(media.codec, media.codec)
        assert [track.codec_context.name for track in stream.streams.audio] == [
            AUDIO_NAMES[kind] for kind in [media.audio] if kind != "none"
        ]
        for wanted in stream.streams:
            assert next(frame for packet in stream.demux(wanted) for frame in packet.decode())


def test_time_goes_on_when_the_file_begins_again(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media(seconds=1))}) as cameras, open_stream(cameras.url("cam")) as stream:
        began = time.monotonic()
        times = list(media_times(stream, 30))
        took_s = time.monotonic() - began
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert steps == pytest.approx([0.1] * len(steps), abs=0.001)
    assert took_s < 4, "pictures must come in real time"


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_camera_asks_for_its_password(files: Callable[[Media], LoopedFile], scheme: str) -> None:
    login = Login("admin", "segredo", scheme)  # type: ignore[arg-type]
    with RtspCameras({"cam": files(Media())}, login) as cameras:
        with open_stream(cameras.url("cam", "admin", "segredo")) as stream:
            assert next(stream.decode(video=0)).width == 320
        for wrong in (cameras.url("cam"), cameras.url("cam", "admin", "errado")):
            with pytest.raises(av.error.HTTPUnauthorizedError):
                open_stream(wrong)


@pytest.mark.parametrize(("served", "refused"), [("tcp", "udp"), ("udp", "tcp")])
def test_a_transport_may_be_refused(files: Callable[[Media], LoopedFile], served: str, refused: str) -> None:
    with RtspCameras({"cam": files(Media())}, transports=[served]) as cameras:
        with pytest.raises((av.error.FFmpegError, OSError)):
            open_stream(cameras.url("cam"), refused)
        with open_stream(cameras.url("cam"), served) as stream:
            assert next(stream.decode(video=0)).width == 320


def test_a_path_may_have_a_query(files: Callable[[Media], LoopedFile]) -> None:
    path = "cam/realmonitor?channel=1&subtype=0"
    with RtspCameras({path: files(Media())}) as cameras, open_stream(cameras.url(path)) as stream:
        assert next(stream.decode(video=0)).width == 320


def test_a_stalled_camera_sends_nothing_more(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media())}) as cameras, open_stream(cameras.url("cam")) as stream:
        packets = stream.demux(video=0)
        next(packets)
        cameras.inject("cam", Stall())
        with pytest.raises((av.error.FFmpegError, OSError)):
            list(itertools.islice(packets, 1000))


def test_a_camera_that_hangs_up_ends_the_stream(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media())}) as cameras, open_stream(cameras.url("cam")) as stream:
        packets = stream.demux(video=0)
        next(packets)
        cameras.inject("cam", HangUp())
        received = 0
        with contextlib.suppress(av.error.FFmpegError, OSError):
            for _ in itertools.islice(packets, 1000):
                received += 1
        assert received < 1000


def test_garbage_throws_a_client_off(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media())}) as cameras, open_stream(cameras.url("cam")) as stream:
        next(media_times(stream, 2))
        cameras.inject("cam", Garbage(b"\xff" * 3000))
        assert len(list(media_times(stream, 40))) < 38, "FFmpeg gives up at what is no packet"


def test_timestamps_jump(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media())}) as cameras, open_stream(cameras.url("cam")) as stream:
        before = list(media_times(stream, 5))[-1]
        cameras.inject("cam", TimeJump(3600))
        assert max(media_times(stream, 20)) > before + 3000


def test_lost_packets_are_lost(files: Callable[[Media], LoopedFile]) -> None:
    with (
        RtspCameras({"cam": files(Media())}) as cameras,
        open_stream(cameras.url("cam"), "udp") as stream,
    ):
        next(media_times(stream, 2))
        cameras.inject("cam", Loss(every=3))
        times = list(media_times(stream, 20))
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) > 0.15


def test_the_size_changes_in_an_open_connection(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media())}) as cameras, open_stream(cameras.url("cam")) as stream:
        pictures = stream.decode(video=0)
        assert next(pictures).width == 320
        cameras.switch("cam", files(Media(width=160, height=96)))
        assert any(picture.width == 160 for picture in itertools.islice(pictures, 40))


def test_another_codec_is_announced_at_the_next_connection(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media())}) as cameras:
        with open_stream(cameras.url("cam")) as stream:
            next(stream.demux(video=0))
            cameras.switch("cam", files(Media("h265")), hang_up=True)
        with open_stream(cameras.url("cam")) as again:
            assert again.streams.video[0].codec_context.name == "hevc"
        assert cameras.connections("cam") == 2


def test_a_wrong_frame_rate_is_declared(files: Callable[[Media], LoopedFile]) -> None:
    with (
        RtspCameras({"cam": files(Media(declared_fps=50))}) as cameras,
        open_stream(cameras.url("cam")) as stream,
    ):
        times = list(media_times(stream, 6))
        assert stream.streams.video[0].codec_context.framerate == 50
    assert times[-1] - times[-2] == pytest.approx(0.1, abs=0.01)


def test_the_picture_shows_the_file_clock(files: Callable[[Media], LoopedFile]) -> None:
    with RtspCameras({"cam": files(Media())}) as cameras, open_stream(cameras.url("cam")) as stream:
        picture = np.asarray(next(stream.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)
    assert read_clock(picture) is not None
