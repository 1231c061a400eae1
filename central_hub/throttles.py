"""How often one person, or one address, may ask. Counted in the cache: one count for all processes.

A cache that is away must keep nobody out: then nothing is counted, and that is logged.
"""

from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # the views' module imports this one
    from rest_framework.views import APIView

log = structlog.get_logger()


class _Open(SimpleRateThrottle):
    def get_rate(self) -> str | None:
        rates: dict[str | None, str] = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]  # type: ignore[assignment]
        return rates[self.scope]

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            log.warning("requests_not_counted", scope=self.scope, error=type(error).__name__)
            return True


class PersonThrottle(_Open, UserRateThrottle):
    """What one login may ask of the API: many times what a page with everything open does."""

    scope = "person"


class LoginThrottle(_Open, AnonRateThrottle):
    """Bounds what one address may cost: every attempt is a password hash. Locks are by name (`lockout`)."""

    scope = "login"


class EnrolmentThrottle(_Open, AnonRateThrottle):
    scope = "enrolment"
