"""Why live video cannot be given.

    LiveError
    ├── LiveUnavailable   no picture now: camera away (404), no room for another viewer (503), …
    ├── CodecNotOffered   WebRTC cannot carry this stream; the player uses HLS (415)
    └── OfferUnreadable   not an SDP offer that could be answered (400)

Their texts are in Portuguese: they reach the person who is watching, with `status`.
"""

from http import HTTPStatus


class LiveError(Exception):
    """Live video, or a recording by WebRTC, that cannot be given."""

    status = HTTPStatus.NOT_FOUND


class LiveUnavailable(LiveError):
    """There is no picture now."""

    def __init__(self, text: str, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> None:
        super().__init__(text)
        self.status = status


class CodecNotOffered(LiveError):
    """WebRTC cannot carry this stream."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class OfferUnreadable(LiveError):
    """The browser's offer is not one."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self) -> None:
        super().__init__("A oferta SDP não pôde ser lida.")
