"""A simulated camera is a real camera to a client: live H.264 over RTSP that tells the right time."""

import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from demo.cameras import CameraSpec, Lens, SimulatedCameras
from demo.encoder import FPS
from demo.ports import accepts_connections, free_port, port_is_free
from demo.process import EngineError
from demo.scene import read_clock
from demo.sound import RATE

SPECS = [
    CameraSpec("cam1", "Praça da Matriz", "camera-1", "secret-1"),
    CameraSpec("cam2", "Avenida Brasil", "camera-2", "secret-2", Lens(look=3), sound=True),
]
# Without measuring the frame rate first, FFmpeg opens a stream at its next keyframe.
AT_ONCE = {"rtsp_transport": "tcp", "fpsprobesize": "0"}


@pytest.fixture(scope="module")
def cameras() -> Iterator[SimulatedCameras]:
    with SimulatedCameras(SPECS) as running:
        yield running


def open_stream(url: str) -> av.container.InputContainer:
    return av.open(url, options=AT_ONCE, timeout=10)


def clock_in(frame: av.VideoFrame) -> float | None:
    return read_clock(np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8))


def test_the_clock_in_the_picture_is_the_time_of_day(cameras: SimulatedCameras) -> None:
    delays = []
    with open_stream(cameras.url("cam1")) as stream:
        for frame in itertools.islice(stream.decode(video=0), FPS * 5):
            shown = clock_in(frame)
            assert shown is not None, "the clock could not be read after encoding and decoding"
            delays.append(time.time() - shown)
    # The first pictures waited in the client while it examined the stream.
    assert max(delays[FPS * 3 :]) < 0.3


def test_packets_come_in_real_time_with_a_keyframe_every_second(cameras: SimulatedCameras) -> None:
    times: list[float] = []
    keyframes, drift = [], []
    with open_stream(cameras.url("cam2")) as stream:
        video = stream.streams.video[0]
        assert (video.codec_context.width, video.codec_context.height) == (640, 360)
        assert "Baseline" in str(video.codec_context.profile)
        for packet in stream.demux(video):
            if packet.pts is None:  # FFmpeg gives the first picture no time
                assert packet.is_keyframe, "a client must be started at a keyframe"
                continue
            media_s = float(packet.pts * packet.time_base)
            times.append(media_s)
            keyframes += [media_s] if packet.is_keyframe else []
            for frame in packet.decode():
                drift.append((clock_in(frame) or 0) - media_s)
            if media_s - times[0] > 6:
                break
    assert len(keyframes) >= 5
    assert all(earlier < later for earlier, later in itertools.pairwise(times))
    assert all(0.9 < later - earlier < 1.2 for earlier, later in itertools.pairwise(keyframes))
    assert max(drift) - min(drift) < 0.02, "media time must follow the capture clock"


def test_the_sub_stream_is_the_same_street_in_small(cameras: SimulatedCameras) -> None:
    with open_stream(cameras.url("cam1/sub")) as stream:
        pictures = list(itertools.islice(stream.decode(video=0), FPS))
    assert {(picture.width, picture.height) for picture in pictures} == {(320, 180)}
    assert all(clock_in(picture) is not None for picture in pictures)


@pytest.mark.parametrize("path", ["cam2", "cam2/sub"])
def test_a_camera_with_a_microphone_sends_sound_that_keeps_to_the_clock(
    cameras: SimulatedCameras, path: str
) -> None:
    """Its beep begins with each second of the clock in the picture."""
    clocks, beeps = [], []
    with open_stream(cameras.url(path)) as stream:
        video, sound = stream.streams.video[0], stream.streams.audio[0]
        assert (sound.codec_context.name, sound.codec_context.sample_rate) == ("aac", RATE)
        for packet in stream.demux(video, sound):
            for frame in packet.decode() if packet.pts is not None else ():
                at_s = float(frame.pts * frame.time_base)
                if isinstance(frame, av.VideoFrame):
                    clocks.append((clock_in(frame) or 0) - at_s)
                elif isinstance(frame, av.AudioFrame):
                    beeps += [at_s + heard_s for heard_s in beep_begins_s(frame)]
            if len(beeps) > 4:
                break
    apart = [(beep_s + np.median(clocks) + 0.5) % 1 - 0.5 for beep_s in beeps[1:]]
    assert max(map(abs, apart)) < 0.1, "the ear notices a tenth of a second"


def beep_begins_s(frame: av.AudioFrame) -> list[float]:
    """Where in the frame it becomes loud, seconds."""
    loud = np.abs(frame.to_ndarray()[0]) > 0.09
    return [float(np.argmax(loud)) / RATE] if loud.any() and not loud[: RATE // 200].any() else []


def test_a_client_may_leave_and_come_back(cameras: SimulatedCameras) -> None:
    for _ in range(3):
        with open_stream(cameras.url("cam1")) as stream:
            assert next(stream.decode(video=0)).width == 640


def test_two_clients_see_one_camera_at_once(cameras: SimulatedCameras) -> None:
    with open_stream(cameras.url("cam1")) as first, open_stream(cameras.url("cam1")) as second:
        assert next(first.decode(video=0)).width == next(second.decode(video=0)).width == 640


def test_an_unknown_camera_is_not_found(cameras: SimulatedCameras) -> None:
    with pytest.raises(av.error.HTTPNotFoundError):
        open_stream(cameras.url("cam9"))


def test_a_client_that_goes_away_without_a_word_does_no_harm(cameras: SimulatedCameras) -> None:
    stream = open_stream(cameras.url("cam1"))
    next(stream.demux(video=0))
    del stream
    assert accepts_connections(cameras.rtsp_port)
    with open_stream(cameras.url("cam1")) as again:
        assert next(again.decode(video=0)).width == 640


def test_a_client_that_stops_reading_is_dropped(cameras: SimulatedCameras) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(15)
        client.connect(("127.0.0.1", cameras.rtsp_port))
        url, session = cameras.url("cam1"), ""
        for request in ("DESCRIBE {}", "SETUP {}/track1", "PLAY {}"):
            head = f"{request.format(url)} RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n"
            client.sendall(f"{head}Session: {session}\r\n\r\n".encode())
            answer = client.recv(4096).decode(errors="replace")
            session = answer.partition("Session: ")[2].partition(";")[0]
        closed = select.poll()
        closed.register(client, 0)  # only errors and the other side's end are reported
        assert closed.poll(20_000), "the camera still holds on to a client that takes nothing"


def test_a_taken_port_is_said_in_one_line(cameras: SimulatedCameras) -> None:
    with pytest.raises(EngineError, match=f"port {cameras.rtsp_port}"):
        SimulatedCameras(SPECS, cameras.rtsp_port).start()


def test_cameras_can_be_stopped_twice_and_free_their_port() -> None:
    cameras = SimulatedCameras(SPECS[:1])
    cameras.start()
    stream = open_stream(cameras.url("cam1"))
    cameras.stop()
    cameras.stop()
    stream.close()
    assert port_is_free(cameras.rtsp_port)


@pytest.fixture
def cameras_file(tmp_path: Path) -> Path:
    file = tmp_path / "cameras.json"
    camera = {
        "path": "cam1",
        "name": "Praça",
        "camera_id": "camera-1",
        "lpr_secret": "secret-1",
        "lens": {"look": 2},
    }
    file.write_text(json.dumps([camera]))
    return file


def command(port: int, file: Path) -> list[str]:
    return [sys.executable, "-m", "demo.cameras", "--rtsp-port", str(port), "--cameras", str(file)]


def wait_until(condition: Callable[[], bool], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def test_the_program_serves_cameras_and_ends_cleanly_when_told(cameras_file: Path) -> None:
    port = free_port()
    with subprocess.Popen(command(port, cameras_file)) as program:
        try:
            wait_until(lambda: accepts_connections(port))
            with open_stream(f"rtsp://127.0.0.1:{port}/cam1") as stream:
                assert next(stream.decode(video=0)).width == 640
                program.send_signal(signal.SIGTERM)
                assert program.wait(10) == 0
        finally:
            program.kill()


def test_the_program_ends_when_the_process_that_started_it_is_killed(cameras_file: Path) -> None:
    port = free_port()
    starter = f"import subprocess; subprocess.run({command(port, cameras_file)!r})"
    with subprocess.Popen([sys.executable, "-c", starter]) as parent:
        wait_until(lambda: accepts_connections(port))
        os.kill(parent.pid, signal.SIGKILL)
    wait_until(lambda: port_is_free(port))


def test_a_bad_list_of_cameras_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "cameras.json"
    file.write_text('[{"path": "cam1"}]')
    done = subprocess.run(command(free_port(), file), capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "missing required field" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
