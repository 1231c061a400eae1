"""What goes wrong between the box and a camera.

    RtspError
    ├── Refused        the camera answered with an error status
    │   ├── Unauthorised   401: user or password
    │   │   └── LoginRefused   those that it was given
    │   └── Redirected     it names another address
    ├── BadAddress     the address that was given is none
    ├── NoAnswer       it did not answer in time, or stopped sending
    ├── Ended          it closed the connection
    └── Malformed      what it sent is not RTSP, SDP or RTP

Their texts are for logs, and hold no credentials.
"""


class RtspError(Exception):
    """A conversation with a camera that failed."""


class Refused(RtspError):
    """An answer with an error status (RFC 2326, 11)."""

    def __init__(self, status: int, method: str) -> None:
        super().__init__(f"{method} answered with {status}")
        self.status = status


class Unauthorised(Refused):
    """The user or the password is wrong, or none was given."""


class LoginRefused(Unauthorised):
    """The user and password that were given are wrong: each more try brings a lock-out nearer."""


class Redirected(Refused):
    """The stream is elsewhere (RFC 2326, 11.3.1); `location` is not for logs, it may hold credentials."""

    def __init__(self, status: int, method: str, location: str) -> None:
        super().__init__(status, method)
        self.location = location


class BadAddress(RtspError):
    """Nothing that a camera could be found by."""


class NoAnswer(RtspError):
    """Nothing came in time."""


class Ended(RtspError):
    """The camera closed the connection."""


class Malformed(RtspError):
    """The camera's bytes are not what they should be."""
