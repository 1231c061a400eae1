"""The recorders that are compared. Each starts, and says which processes are its own."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

STOP_WITHIN_S = 30.0


class Engine:
    """Child processes that record `count` cameras from 127.0.0.1:`port` into `folder`."""

    name = ""

    def __init__(self, folder: Path, count: int, port: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._log = (folder / "log.txt").open("wb")
        self._children = [
            subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
            for argv in self.commands(count, port)
        ]

    def commands(self, count: int, port: int) -> list[list[str]]:
        raise NotImplementedError

    @property
    def media(self) -> Path:
        """Where a folder per camera appears."""
        return self.folder

    @property
    def pids(self) -> list[int]:
        return [child.pid for child in self._children]

    def stop(self) -> None:
        for child in self._children:
            child.send_signal(signal.SIGTERM)
        for child in self._children:
            try:
                child.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._log.close()


class Ours(Engine):
    name = "GT-Vision"

    def commands(self, count: int, port: int) -> list[list[str]]:
        return [[sys.executable, "-m", "bench.recorder", str(self.folder / "box"), str(count), str(port)]]

    @property
    def media(self) -> Path:
        return self.folder / "box" / "recordings"


class Ffmpeg(Engine):
    """One process a camera, fragmented MP4 a minute long, as a shell script would have it."""

    name = "ffmpeg"

    def commands(self, count: int, port: int) -> list[list[str]]:
        return [self._command(number, port) for number in range(count)]

    def _command(self, number: int, port: int) -> list[str]:
        folder = self.folder / f"cam{number}"
        folder.mkdir()
        url = f"rtsp://127.0.0.1:{port}/cam{number}"
        source = ["ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", url]
        segments = ["-c", "copy", "-f", "segment", "-segment_time", "60", "-segment_format", "mp4"]
        form = ["-segment_format_options", "movflags=frag_keyframe+empty_moov+default_base_moof"]
        return [*source, *segments, *form, str(folder / "%06d.mp4")]


class MediaMtx(Engine):
    """MediaMTX's own recorder: fragmented MP4, parts of a second, a minute a file."""

    name = "MediaMTX"

    def commands(self, count: int, port: int) -> list[list[str]]:
        binary = shutil.which("mediamtx")
        assert binary, "checked by `available`"
        others = "".join(f"{name}: no\n" for name in ("rtsp", "rtmp", "hls", "webrtc", "srt", "moq"))
        record = f"  record: yes\n  recordPath: {self.folder}/%path/%Y-%m-%d_%H-%M-%S-%f\n"
        record += "  recordSegmentDuration: 60s\n  rtspTransport: tcp\n"
        paths = "".join(f"  cam{n}:\n    source: rtsp://127.0.0.1:{port}/cam{n}\n" for n in range(count))
        file = self.folder / "mediamtx.yml"
        file.write_text(f"logLevel: error\n{others}pathDefaults:\n{record}paths:\n{paths}")
        return [[binary, str(file)]]


def available() -> list[type[Engine]]:
    engines: list[type[Engine]] = [Ours]
    engines += [Ffmpeg] if shutil.which("ffmpeg") else []
    engines += [MediaMtx] if shutil.which("mediamtx") else []
    return engines
