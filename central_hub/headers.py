"""Security headers that Django does not set itself: the content security policy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def content_security_policy() -> str:
    """What a page of the hub may load, and from where.

    Media comes from the relay, evidence images from the object store; hls.js plays
    through `blob:` addresses and decodes in a worker.
    """
    relay = settings.GTV_RELAY_URL
    objects = f"{'https' if settings.GTV_S3_SECURE else 'http'}://{settings.GTV_S3_ENDPOINT}"
    directives = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",  # the admin and React's style attributes
        "img-src": f"'self' data: blob: {objects} {relay}",
        "media-src": f"'self' blob: {relay} {objects}",
        "connect-src": f"'self' {relay} {objects}",
        "worker-src": "'self' blob:",
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class ContentSecurityPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", self._policy)
        return response
