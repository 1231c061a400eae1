"""A stretch of a file as a download of its own, which a Range continues (RFC 9110, 14)."""

import re
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from edge_agent.evidence.archive import Stretch
from edge_agent.problems import ProblemError

_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def download(request: Request, whole: Stretch, name: str, media_type: str, etag: str) -> Response:
    """The stretch, or what of it is asked for. Raises ProblemError (416)."""
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{etag}"',
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    asked = request.headers.get("range", "")
    if request.headers.get("if-range", headers["ETag"]) != headers["ETag"]:
        asked = ""  # what was begun is not this: send all of it
    wanted = wanted_range(asked, whole.size_bytes)
    if wanted is None:
        headers["Content-Length"] = str(whole.size_bytes)
        return StreamingResponse(whole.chunks(), HTTPStatus.OK, headers, media_type)
    first, size_bytes = wanted
    headers["Content-Length"] = str(size_bytes)
    headers["Content-Range"] = f"bytes {first}-{first + size_bytes - 1}/{whole.size_bytes}"
    part = whole.part(first, size_bytes)
    return StreamingResponse(part.chunks(), HTTPStatus.PARTIAL_CONTENT, headers, media_type)


def wanted_range(header: str, size_bytes: int) -> tuple[int, int] | None:
    """First byte and length; None: all of it, also where several ranges are asked for, which is allowed.

    Raises ProblemError (416) for a range that is not in it.
    """
    match = _ONE_RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first = int(match[1]) if match[1] else max(0, size_bytes - int(match[2]))
    last = int(match[2]) if match[1] and match[2] else size_bytes - 1
    last = min(last, size_bytes - 1)
    if first > last:
        raise ProblemError(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            "O arquivo não tem estes bytes.",
            {"Content-Range": f"bytes */{size_bytes}"},
        )
    return first, last - first + 1
