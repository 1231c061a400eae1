"""The LAN API's OpenAPI document: every operation says how it refuses, read off what it depends on.

FastAPI documents its own shape for a refused question (422), which this API never
sends: all errors are problem+json (RFC 9457).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from edge_agent.console import dependencies, examples, live_events
from edge_agent.console.auth import COOKIE
from edge_agent.console.schemas import Problem
from protocol.problems import CONTENT_TYPE

_REFUSALS = {
    "400": "O que se pede não é possível",
    "401": "Sem sessão, ou sessão encerrada",
    "403": "O perfil não permite",
    "404": "Não existe",
    "409": "Não é possível no estado em que está",
    "413": "O pedido é grande demais",
    "415": "O formato não serve; com vídeo, toque por HLS",
    "416": "O arquivo não tem estes bytes",
    "422": "Pedido inválido",
    "429": "Pedidos demais; Retry-After diz quando voltar",
    "502": "O aparelho não respondeu como devia",
    "503": "Sem lugar agora; tente de novo",
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_TITLES = {
    "400": "Bad Request",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "Not Found",
    "409": "Conflict",
    "413": "Request Entity Too Large",
    "415": "Unsupported Media Type",
    "416": "Range Not Satisfiable",
    "422": "Unprocessable Entity",
    "429": "Too Many Requests",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
}

_ABOUT = (
    "The box's API on the LAN, which serves the console with no internet. `POST /api/auth/login` begins a "
    "session, shown as its cookie or as `Authorization: Bearer`. Addresses below `/live/` carry in their "
    "path the key that `GET /api/cameras/{camera_id}/live` gave. Times are RFC 3339 with an offset. Errors "
    "are problem+json (RFC 9457) whose `detail`, in Portuguese, is for people. `GET /api/events` is a "
    "WebSocket. Everywhere, a body without Content-Length is refused with 411 and one that is too large with "
    "413; 500 is a fault of the box."
)
_SECURITY_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "Set by login; HttpOnly, SameSite=Strict",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The same session's token, for programs",
    },
    "metricsToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "The text of identity/metrics.token on the box",
    },
}
#: Without a session: to begin and end one.
_OPEN = {"/api/auth/login", "/api/auth/logout"}
#: On the box itself without the token.
_SECURED_APART: dict[str, list[dict[str, list[str]]]] = {"/metrics": [{}, {"metricsToken": []}]}

#: What an operation refuses besides what its dependencies say of it.
_REFUSED_BY: dict[str, set[str]] = {
    "timeline": {"400"},
    "playbackPlaylist": {"400"},
    "codecs": {"400"},
    "thumbnail": {"400"},
    "segment": {"400", "416"},
    "playbackWhep": {"400", "413", "415", "503"},
    "discover": {"400", "502"},
    "askDevice": {"400", "502"},
    "testCamera": {"400"},
    "addCamera": {"400", "409"},
    "removeCamera": {"409"},
    "plateReads": {"403"},
    "plateReadImage": {"403"},
    "orderClip": {"400"},
    "deleteClip": {"403"},
    "downloadClip": {"409", "416"},
    "downloadClipFile": {"409", "416"},
    "hold": {"400", "409"},
    "live": {"503"},
    "liveHls": {"403", "416", "503"},
    "liveAdaptive": {"403"},
    "whepOffer": {"400", "403", "413", "415", "503"},
    "whepTrickle": {"403"},
    "whepHangUp": {"403"},
}

_EVENT = {
    "type": "object",
    "description": "What happened on the box; the other fields are its type's, as in the examples",
    "properties": {"type": {"type": "string", "enum": list(examples.EVENTS)}},
    "required": ["type"],
    "examples": list(examples.EVENTS.values()),
}


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    made = get_openapi(title=app.title, version=app.version, routes=app.routes, description=_ABOUT)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Event"] = _EVENT
    made["components"]["securitySchemes"] = _SECURITY_SCHEMES
    for route in api_routes(app.routes):
        if route.include_in_schema:
            for method in route.methods or ():
                _document_refusals(made["paths"][route.path_format][method.lower()], route)
    made["paths"]["/api/events"] = {"get": _events()}
    for operation in _operations(made):
        _give_examples(operation)
    for name, schema in schemas.items():
        if name in examples.SCHEMAS:
            schema["examples"] = [examples.SCHEMAS[name]]
    return made


def api_routes(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every route, also of included routers, which newer FastAPI keeps as they are."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from api_routes(router.routes)


def _document_refusals(operation: dict[str, Any], route: APIRoute) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    if route.path in _SECURED_APART:
        operation["security"] = _SECURED_APART[route.path]
    elif route.path.startswith("/api/") and route.path not in _OPEN:
        operation["security"] = [{"session": []}, {"bearer": []}]
    refused = _refusals_of(route, "requestBody" in operation or "parameters" in operation)
    for status in sorted(refused | _REFUSED_BY.get(operation["operationId"], set())):
        responses.setdefault(status, _problem(status))
    for response in responses.values():
        content = response.get("content", {})
        if content.get("application/json", {}).get("schema") == _PROBLEM:
            content[CONTENT_TYPE] = content.pop("application/json")


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in made["paths"].values():
        yield from methods.values()


def _events() -> dict[str, Any]:
    refusals = {status: _problem(status) for status in ("401", "403", "503")}
    return {
        **live_events.OPERATION,
        "responses": {**live_events.OPERATION["responses"], **refusals},
        "security": [{"session": []}],
    }


def _give_examples(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in examples.PARAMETERS:
            parameter["example"] = examples.PARAMETERS[parameter["name"]]
    for body in (operation.get("requestBody", {}), *operation["responses"].values()):
        for content_type, content in body.get("content", {}).items():
            if content_type in examples.BODIES:
                binary = {"format": "binary"} if content_type in examples.BINARY else {}
                content["schema"] = {"type": "string", **binary}
                content["example"] = examples.BODIES[content_type]


def _refusals_of(route: APIRoute, takes_something: bool) -> set[str]:
    calls = {getattr(call, "__qualname__", "") for call in _calls(route.dependant)}
    found = {"422"} if takes_something else set()
    if dependencies._user.__qualname__ in calls:
        found.add("401")
    if any(name.startswith(f"{dependencies.require.__qualname__}.") for name in calls):
        found.add("403")
    if "{" in route.path:
        found.add("404")
    if calls & {dependencies._costly.__qualname__, dependencies._login_limit.__qualname__}:
        found.add("429")
    return found


def _calls(dependant: Dependant) -> set[Any]:
    """What a route depends on, directly or through others."""
    found = set()
    for inner in dependant.dependencies:
        found |= {inner.call} | _calls(inner)
    return found


def _problem(status: str) -> dict[str, Any]:
    text = _REFUSALS[status]
    example = {"type": "about:blank", "title": _TITLES[status], "status": int(status), "detail": f"{text}."}
    return {
        "description": text,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
