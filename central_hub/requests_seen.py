"""Each request of the web process: an id in what is logged of it and in the answer, its time in metrics.

A proxy in front gives the id (`X-Request-Id`); a request that comes without one, or with something
that is none, gets its own. `audited` lines tell which entries of the audit trail it made.
"""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

#: As on the box (edge_agent.console.app).
_REQUEST_ID = re.compile(r"[\w.-]{1,64}")

_DURATION = Histogram(
    "gtv_http_request_duration_seconds",
    "Time to answer a request, by the pattern of its address",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestsSeenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        began_mono = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self._get_response(request)
        took_s = time.monotonic() - began_mono
        _DURATION.labels(_method(request), _route(request), str(response.status_code)).observe(took_s)
        response.headers["X-Request-Id"] = request_id
        return response


def _method(request: HttpRequest) -> str:
    """Anybody can make up another one; each would be a series of its own."""
    return request.method if request.method in _METHODS else "other"


def _route(request: HttpRequest) -> str:
    """Never the address itself: a search for a plate has it in there."""
    if request.resolver_match is None:
        return "file"
    route = str(request.resolver_match.route)
    return "page" if route.startswith("^(?!static/)") else route.strip("^$")
