"""The TCP or TLS connection to a camera: messages, and packets between them (RFC 2326, 10.12)."""

import ssl
from collections.abc import Callable

import structlog

from edge_agent.rtsp import messages, sockets
from edge_agent.rtsp.errors import Ended, NoAnswer, RtspError
from edge_agent.rtsp.receiver import BUSY_BYTES, Receiver
from edge_agent.rtsp.rtp import RtpTrack

log = structlog.get_logger()

_DOLLAR = 0x24
#: Records of 16 KiB that a TLS socket gives in a row before other cameras have their turn.
_TLS_RECORDS = 64


class Wire:
    """Hands packets to the tracks in `channels`, and messages to `on_message`, until it is stopped."""

    def __init__(
        self,
        connected: sockets.Readable,
        receiver: Receiver,
        on_message: Callable[[messages.Message], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self._socket = connected
        self._receiver = receiver
        self._on_message = on_message
        self._fail = fail
        self._records = _TLS_RECORDS if isinstance(connected, ssl.SSLSocket) else 1
        self._kept = b""
        self._eager = self._runs = True
        self.channels: dict[int, RtpTrack] = {}
        receiver.add(self, eager=True)

    @property
    def family(self) -> int:
        return self._socket.family

    @property
    def host(self) -> str:
        """The camera's address. Raises OSError."""
        return str(self._socket.getpeername()[0])

    def be_eager(self, eager: bool) -> None:
        """Whether packets are wanted at once, or in turns with other cameras' (receiver)."""
        if eager != self._eager and self._runs:
            self._eager = eager
            self._receiver.add(self, eager)

    def write(self, data: bytes) -> None:
        """What we say is shorter than any send buffer. Raises NoAnswer, OSError."""
        if self._socket.send(data) != len(data):
            raise NoAnswer("the camera takes no requests any more")

    def report(self, channel: int, data: bytes) -> None:
        """Send a packet. Raises as `write`."""
        self.write(bytes((_DOLLAR, channel)) + len(data).to_bytes(2) + data)

    def stop(self) -> None:
        """Read nothing more. Idempotent."""
        self._runs = False
        self._receiver.remove(self)

    def close(self) -> None:
        self.stop()
        self._socket.close()

    # --- receiver.Source ---------------------------------------------------------

    def fileno(self) -> int:
        return self._socket.fileno()

    def drain(self, buffer: memoryview) -> bool:
        """A fault, of the camera or of ours, ends this camera only."""
        got = 0
        try:
            for _ in range(self._records):
                got = self._read(buffer)
                if not got:
                    break
            for track in self.channels.values():
                track.check()
        except (RtspError, OSError) as error:
            self._fail(error)
        except Exception as error:
            log.exception("rtsp_reader_failed")
            self._fail(error)
        return got > BUSY_BYTES and self._runs

    def _read(self, buffer: memoryview) -> int:
        """How many bytes came. Raises RtspError, OSError."""
        if not self._runs:
            return 0
        kept = len(self._kept)
        buffer[:kept] = self._kept
        try:
            got = self._socket.recv_into(buffer[kept:])
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError):
            return 0
        if not got:
            raise Ended("the camera closed the connection")
        used = self._take(buffer, kept + got)
        self._kept = buffer[used : kept + got].tobytes()
        return got

    def _take(self, data: memoryview, end: int) -> int:
        """Hand on whole packets and messages; how many bytes they were. Raises RtspError."""
        at, channels = 0, self.channels
        while end - at >= 4:
            if data[at] == _DOLLAR:
                track = channels.get(data[at + 1])
                following = at if track is None else track.take_run(data, at, end)
                if following == at:  # nobody's packet, or a part of one
                    following += 4 + (data[at + 2] << 8 | data[at + 3])
            else:
                following = self._take_message(data, at, end)
            if not at < following <= end:
                break
            at = following
        return at

    def _take_message(self, data: memoryview, at: int, end: int) -> int:
        """Where what follows a message begins; `at` while it is not whole. Raises RtspError."""
        if data[at] in b"\r\n":
            return at + 1  # between messages they mean nothing (RFC 2326, 4.1)
        found = messages.parse(data[at:end].tobytes())
        if found is None:
            return at
        self._on_message(found[0])
        return at + found[1]
