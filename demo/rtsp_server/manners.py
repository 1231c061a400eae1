"""How a camera speaks RTSP, where makers differ."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Manners:
    """`session_timeout_s`: a session without a request for so long is ended, whatever packets come.
    `first_channel`: packets travel on other interleaved channels than the client asked for.
    `absolute_controls`: the description names the tracks by their whole addresses.
    `hangs_up_after`: the method after whose answer the connection is closed.
    """

    session_timeout_s: int = 60
    first_channel: int = 0
    absolute_controls: bool = False
    hangs_up_after: str = ""


USUAL = Manners()
