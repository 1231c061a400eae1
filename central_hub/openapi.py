"""How drf-spectacular describes the API: every operation says which problems it may answer with."""

from collections.abc import Callable
from typing import Any, Literal

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.openapi import AutoSchema

from central_hub.api import ProblemSerializer

#: Status codes of problems that an operation may answer with, besides those of its own.
_ALWAYS = ("400",)
_AUTHENTICATED = ("401", "403", "404")


class ProblemAwareSchema(AutoSchema):
    def get_tags(self) -> list[str]:
        # The app is a better name for a group than the first part of the path.
        return [type(self.view).__module__.split(".")[1]]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for status in (*_ALWAYS, *(_AUTHENTICATED if self.get_auth() else ())):
            responses.setdefault(status, self._problem(status))
        responses.setdefault("default", self._problem("default"))
        return dict(sorted(responses.items()))

    def _problem(self, status: str) -> dict[str, Any]:
        get_response: Callable[..., dict[str, Any]] = self._get_response_for_code
        return get_response(ProblemSerializer, status, media_types=["application/problem+json"])


class SessionScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]  # registers itself by its metaclass
    """The hub's access tokens are the bearer tokens that drf-spectacular knows."""

    target_class = "central_hub.accounts.authentication.SessionAuthentication"
