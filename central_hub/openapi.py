"""How drf-spectacular describes the API: every operation says which problems it may answer with."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from central_hub import examples
from central_hub.api import ProblemSerializer
from central_hub.edits import Editable

#: Status codes of problems that an operation may answer with, besides those of its own.
_ALWAYS = ("400", "401", "429", "503")
_AUTHENTICATED = ("403", "404")
_OF_CHANGES = ("409", "413", "415")

_IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description="The `etag` that was edited, in quotes: the change is made if it is still the present one",
)
_ETAG = OpenApiParameter(
    "ETag", location=OpenApiParameter.HEADER, response=[200], description="The `etag`, in quotes"
)
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="A new UUID. The same request with the same key creates nothing more within 24 hours: it gets"
    " the first one's answer",
)


class ProblemAwareSchema(AutoSchema):
    def get_tags(self) -> list[str]:
        # The app is a better name for a group than the first part of the path.
        return [type(self.view).__module__.split(".")[1]]

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        if self._edits:
            given += [_IF_MATCH, _ETAG]
        return [*given, _IDEMPOTENCY_KEY] if self._creates_once else given

    def get_examples(self) -> list[OpenApiExample]:
        return [*super().get_examples(), *examples.of_operation(self.get_operation_id())]

    @property
    def _edits(self) -> bool:
        return isinstance(self.view, Editable) and self.method in ("PUT", "PATCH")

    @property
    def _creates_once(self) -> bool:
        return hasattr(getattr(self.view, self.method.lower()), "once")

    def _problems(self) -> Iterator[str]:
        yield from _ALWAYS
        if self.get_auth():
            yield from _AUTHENTICATED
        if self.method != "GET":
            yield from _OF_CHANGES
        if self._edits:
            yield "412"
        if self._creates_once:
            yield "422"

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._problems():
            responses.setdefault(status, self._problem(status))
        return dict(sorted(responses.items()))

    def _problem(self, status: str) -> dict[str, Any]:
        get_response: Callable[..., dict[str, Any]] = self._get_response_for_code
        return get_response(ProblemSerializer, status, media_types=["application/problem+json"])


class SessionScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]  # registers itself by its metaclass
    """The hub's access tokens are the bearer tokens that drf-spectacular knows."""

    target_class = "central_hub.accounts.authentication.SessionAuthentication"
