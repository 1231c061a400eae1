"""A camera's stream: hands each burst of packets to the clients that play it. Event loop only."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from demo.rtsp_server.faults import Fault
from demo.rtsp_server.rtp import Burst, RtpSender, sender_report
from demo.rtsp_server.tracks import Track


class Client(Protocol):
    def send(self, burst: Burst) -> None: ...

    def suffer(self, fault: Fault) -> None: ...


@dataclass
class _Sent:
    """A track's last burst, for sender reports."""

    rtp_time: int = 0
    at_utc: float = 0.0
    packets: int = 0
    octets: int = 0


class Stream:
    def __init__(self, tracks: Sequence[Track], senders: Sequence[RtpSender] | None = None) -> None:
        self.tracks = tuple(tracks)
        self.senders = senders or [RtpSender(index, track) for index, track in enumerate(tracks)]
        self.clients: set[Client] = set()
        self.connections = 0  # PLAY requests ever answered
        self._sent = [_Sent() for _ in self.tracks]

    def deliver(self, burst: Burst, late_s: float = 0.0) -> None:
        """`late_s`: since it was captured. Reports tell the time of capture, or sound and pictures part."""
        sent = self._sent[burst.track]
        sent.rtp_time, sent.at_utc = burst.rtp_time, time.time() - late_s
        if not self.clients:
            return
        sent.packets += len(burst.packets)
        sent.octets += sum(map(len, burst.packets))
        for client in tuple(self.clients):
            client.send(burst)

    def report(self, track: int) -> bytes:
        """An RTCP sender report; empty before the track's first burst."""
        sent = self._sent[track]
        if not sent.at_utc:
            return b""
        ssrc = self.senders[track].ssrc
        return sender_report(ssrc, sent.rtp_time, sent.at_utc, sent.packets, sent.octets)
