"""The error body of every HTTP interface of box and hub: problem+json (RFC 9457)."""

from http import HTTPStatus

import msgspec

CONTENT_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True):
    """`detail` is for the person in front of the screen, in Portuguese."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"


def problem_body(status: HTTPStatus, detail: str) -> bytes:
    return msgspec.json.encode(Problem(title=status.phrase, status=int(status), detail=detail))
