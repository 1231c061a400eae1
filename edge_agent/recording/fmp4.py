"""Writes one camera's packets into one fragmented MP4 file, without transcoding.

Invariant: after `add` has returned a Fragment, that fragment is whole in the
file and synced to disk; whatever lies behind the last such fragment may be cut
off after a crash and costs at most one group of pictures.
"""

import os
from pathlib import Path
from typing import IO, Any

import av
from av.packet import Packet
from av.video.stream import VideoStream

#: A fragment per keyframe; `frag_discont` keeps the media timeline running from
#: file to file, so a player crosses a file boundary without a jump; no trailer,
#: so a file that was cut by a crash and one that was closed look alike.
_MOVFLAGS = "frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer"
_OPTIONS = {
    "movflags": _MOVFLAGS,
    "flush_packets": "1",
    "use_editlist": "0",
    "avoid_negative_ts": "disabled",
}


class _CountingSink:
    """The write side that libavformat sees: appends to a file and counts."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.position = 0

    def write(self, data: Any) -> int:
        self._file.write(data)
        self.position += len(data)
        return len(data)


class Fmp4Writer:
    """One open recording file.

    `init_bytes` is the size of the initialisation section (ftyp, moov). Raises
    OSError when the disk refuses, av.FFmpegError when packets do not fit.
    """

    def __init__(self, path: Path, template: VideoStream) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("xb")
        self._sink = _CountingSink(self._file)
        try:
            self._output = av.open(self._sink, "w", format="mp4", options=_OPTIONS)
            self._stream = self._output.add_stream_from_template(template)
            self._output.start_encoding()
        except BaseException:
            self._file.close()
            path.unlink()
            raise
        self.init_bytes = self._sink.position

    def add(self, packet: "Packet[VideoStream]") -> tuple[int, int] | None:
        """Take a packet; returns (offset, size) of the fragment that it completed, if any."""
        before = self._sink.position
        packet.stream = self._stream
        self._output.mux_one(packet)
        return self._completed(before)

    def close(self) -> tuple[int, int] | None:
        """Finish the file; returns the last fragment, if there is one."""
        before = self._sink.position
        try:
            self._output.close()
            return self._completed(before)
        finally:
            self._file.close()

    def _completed(self, before: int) -> tuple[int, int] | None:
        size = self._sink.position - before
        if size == 0:
            return None
        self._file.flush()
        os.fdatasync(self._file.fileno())
        return before, size
