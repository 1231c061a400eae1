"""What the REST API's views share: problem+json for every error, and keyset pages."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from central_hub import kernel
from central_hub.languages import in_language
from protocol.problems import CONTENT_TYPE

log = structlog.get_logger()

STATUS_OF: dict[type[kernel.HubError], HTTPStatus] = {
    kernel.InvalidInput: HTTPStatus.BAD_REQUEST,
    kernel.NotPermitted: HTTPStatus.FORBIDDEN,
    kernel.NotFound: HTTPStatus.NOT_FOUND,
    kernel.Conflict: HTTPStatus.CONFLICT,
    kernel.ChangedMeanwhile: HTTPStatus.PRECONDITION_FAILED,
    kernel.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    kernel.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

TITLES: Mapping[int, str] = {
    400: "Pedido inválido",
    401: "Identificação necessária",
    403: "Sem permissão",
    404: "Não encontrado",
    405: "Método não permitido",
    409: "Conflito",
    412: "Alterado por outra pessoa",
    413: "Pedido grande demais",
    415: "Formato não suportado",
    422: "Chave já usada",
    429: "Muitas tentativas",
    500: "Erro interno",
    503: "Indisponível no momento",
}


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="urn:gtv:problem:<code>")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="For the person, in Portuguese or, if asked for, English")
    errors = serializers.DictField(  # type: ignore[assignment]  # the name is part of the format
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By field of the request",
    )


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = problem_body(status, code, detail)
    if errors:
        body["errors"] = {field: [in_language(text) for text in texts] for field, texts in errors.items()}
    return Response(body, status=status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def problem_body(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"urn:gtv:problem:{code}",
        "title": in_language(TITLES.get(status, HTTPStatus(status).phrase)),
        "status": int(status),
        "detail": in_language(detail),
    }


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None leaves an unexpected error to Django: logged, and a plain 500."""
    set_rollback()
    if isinstance(error, kernel.HubError):
        return problem(STATUS_OF[type(error)], error.code, error.detail, error.errors)
    if isinstance(error, Http404):
        return problem(404, "not-found", "Não encontrado.")
    if isinstance(error, PermissionDenied):
        return problem(403, "not-permitted", "Você não tem permissão para isto.")
    if isinstance(error, (SuspiciousOperation, RecursionError, DataError)):
        # Thousands of headers or levels of JSON, a NUL in the address: what no serializer sees.
        log.warning("request_not_understood", error=type(error).__name__)
        return problem(400, "invalid-input", "O pedido não pôde ser entendido.")
    if isinstance(error, OperationalError):
        log.error("database_unavailable", error=type(error).__name__)
        return problem(503, "unavailable", "O banco de dados não responde. Tente de novo em instantes.")
    if isinstance(error, exceptions.APIException):
        return _from_drf(error)
    return None


def _from_drf(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        errors = _by_field(error.detail)
        return problem(400, "invalid-input", "Confira os campos indicados.", errors)
    headers: dict[str, str] = {}
    if isinstance(error, exceptions.Throttled):
        wait_s = int(getattr(error, "wait", None) or 60) + 1
        headers["Retry-After"] = str(wait_s)
        return problem(429, "throttled", f"Muitas tentativas. Espere {wait_s} segundos.", headers=headers)
    if isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        headers["WWW-Authenticate"] = "Bearer"
        return problem(401, "not-authenticated", "Entre de novo para continuar.", headers=headers)
    code = str(getattr(error, "default_code", "error")).replace("_", "-")
    return problem(error.status_code, code, str(error.detail))


def _by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested error details, flattened to `field.subfield`."""
    if isinstance(detail, Mapping):
        flat: dict[str, list[str]] = {}
        for key, value in detail.items():
            flat.update(_by_field(value, f"{prefix}.{key}" if prefix else str(key)))
        return flat
    texts = detail if isinstance(detail, list) else [detail]
    return {prefix or "non_field_errors": [str(text) for text in texts]}


def caller_of(request: Request) -> kernel.Caller:
    """Who asks. Views that let strangers in don't call this."""
    user = request.user
    if not user.is_authenticated:
        raise exceptions.NotAuthenticated
    return user


S = TypeVar("S", bound=serializers.BaseSerializer[Any])


def validated(serializer: type[S], request: Request, **kwargs: Any) -> dict[str, Any]:
    """The request's body as this serializer understands it."""
    checked = serializer(data=request.data, **kwargs)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def validated_query(serializer: type[S], request: Request) -> dict[str, Any]:
    """The query string as this serializer understands it."""
    checked = serializer(data=request.query_params)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


T = TypeVar("T")
R = TypeVar("R")


def encode_cursor(position: Any) -> str:
    """A keyset position as an opaque text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def decode_cursor(text: str, kind: type[T]) -> T:
    """The position in a cursor. Raises InvalidInput."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise kernel.InvalidInput.in_field("cursor", "Página inválida; refaça a busca.") from None


def keyset_page(
    query: dict[str, Any],
    kind: type[T],
    found: Callable[[T | None, int], Sequence[R]],
    position: Callable[[R], T],
) -> dict[str, Any]:
    """One page of a list as the API answers it: its rows as `results`, and where the `next` one goes on.

    Takes `cursor` and `limit` out of a checked query, before `found` looks at the rest: it is given the
    position (of this `kind`) that the page before ended at, and how many rows to get. Raises InvalidInput.
    """
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows = found(decode_cursor(cursor, kind) if cursor else None, limit + 1)
    results, more = rows[:limit], len(rows) > limit
    return {"results": results, "next": encode_cursor(position(results[-1])) if more else None}
