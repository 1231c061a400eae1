"""One track's packets by UDP (RFC 3550, 11): RTP on one port, reports on the next."""

import contextlib
from collections.abc import Callable

import structlog

from edge_agent.rtsp import sockets
from edge_agent.rtsp.errors import RtspError
from edge_agent.rtsp.receiver import Receiver
from edge_agent.rtsp.rtp import Reorder, RtpTrack

log = structlog.get_logger()

_DATAGRAM_BYTES = 65_536
#: Taken at once: a keyframe or two. A flood must not keep the other cameras waiting.
_AT_ONCE = 512


class Datagrams:
    """Always read by events, because its socket holds only a keyframe or two."""

    def __init__(
        self, family: int, track: RtpTrack, fail: Callable[[Exception], None], receiver: Receiver
    ) -> None:
        """Raises OSError."""
        self._rtp, self._rtcp = sockets.udp_pair(family)
        self._track = track
        self._fail = fail
        self._receiver = receiver
        self._reorder = Reorder(track.payload_type)

    @property
    def port(self) -> int:
        """Of RTP; the next is for the reports."""
        return int(self._rtp.getsockname()[1])

    def start(self, host: str, ports: tuple[int, int] | None) -> None:
        """Take packets, from this camera only where it named its ports. Raises OSError."""
        if ports is not None:
            self._rtp.connect((host, ports[0]))
            self._rtcp.connect((host, ports[1]))
        self._receiver.add(self, eager=True)

    def report(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # a camera need not listen to reports
            self._rtcp.send(data)

    def fileno(self) -> int:
        return self._rtp.fileno()

    def drain(self, buffer: memoryview) -> bool:
        """As receiver.Source."""
        try:
            for _ in range(_AT_ONCE):
                got = self._rtp.recv_into(buffer, _DATAGRAM_BYTES)
                for packet in self._reorder.put(buffer[:got].tobytes()):
                    self._track.take(memoryview(packet), 0, len(packet))
            self._track.check()
        except (BlockingIOError, InterruptedError, ConnectionRefusedError):
            pass  # nothing more; or the camera's port is closed for a moment
        except (RtspError, OSError) as error:
            self._fail(error)
        except Exception as error:
            log.exception("rtp_reader_failed")
            self._fail(error)
        return False

    def stop(self) -> None:
        """Take nothing more. Idempotent."""
        self._receiver.remove(self)

    def close(self) -> None:
        self.stop()
        self._rtp.close()
        self._rtcp.close()
