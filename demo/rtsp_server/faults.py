"""What goes wrong with real cameras. Injected, a fault hits the connections that play at that moment."""

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stall:
    """Half a packet, then silence, with the connection open (TCP); silence alone on UDP."""


@dataclass(frozen=True)
class Garbage:
    """Bytes that are neither RTSP nor RTP in the midst of the stream."""

    data: bytes = field(default_factory=lambda: os.urandom(4096))


@dataclass(frozen=True)
class HangUp:
    """The connection is reset without a word."""


@dataclass(frozen=True)
class Loss:
    """From now on every nth packet is missing; 0 ends it."""

    every: int


@dataclass(frozen=True)
class TimeJump:
    """RTP timestamps jump; a negative number goes back. For looped files."""

    by_s: float


Fault = Stall | Garbage | HangUp | Loss | TimeJump
