"""Why an API body or parameter was refused, in Portuguese: pydantic's errors in words for people.

Only what the caller sent is named, by the API's own names; its value is never repeated,
because it may be a password. The kinds of error: https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from collections.abc import Mapping, Sequence
from typing import Any

#: More than this helps nobody.
MAX_TOLD = 5

_WHEN = "precisa ser data e hora com fuso, como 2026-01-31T12:00:00Z"
_WHOLE = "precisa ser um número inteiro"
_NUMBER = "precisa ser um número"
_YES_OR_NO = "precisa ser true ou false"
_OBJECT = "precisa ser um objeto JSON"
#: By the error's type; in braces what its context has.
_TEXTS = {
    "missing": "é obrigatório",
    "string_type": "precisa ser um texto",
    "string_too_short": "precisa ter ao menos {min_length} caracteres",
    "string_too_long": "pode ter no máximo {max_length} caracteres",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": "é um número grande demais",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "datetime_type": _WHEN,
    "datetime_parsing": _WHEN,
    "datetime_from_date_parsing": _WHEN,
    "datetime_object_invalid": _WHEN,
    "timezone_aware": _WHEN,
    "greater_than": "precisa ser maior que {gt}",
    "greater_than_equal": "precisa ser no mínimo {ge}",
    "less_than": "precisa ser menor que {lt}",
    "less_than_equal": "precisa ser no máximo {le}",
    "list_type": "precisa ser uma lista",
    "too_short": "precisa ter ao menos {min_length} itens",
    "too_long": "pode ter no máximo {max_length} itens",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "literal_error": "precisa ser {expected}",
    "enum": "precisa ser {expected}",
}
_NOT_JSON = "o corpo não é um JSON válido"
_NO_BODY = "falta o corpo do pedido"


def explain(errors: Sequence[Mapping[str, Any]]) -> str:
    """`errors` as pydantic and FastAPI give them."""
    return f"Pedido inválido: {'; '.join(_one(error) for error in errors[:MAX_TOLD])}."


def _one(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return _NOT_JSON
    name = _name(error["loc"])
    if not name:
        return _NO_BODY if error["type"] == "missing" else f"o corpo {_words(error)}"
    return f"“{name}” {_words(error)}"


def _words(error: Mapping[str, Any]) -> str:
    context = dict(error.get("ctx", {}))
    if context.get("min_length") == 1:
        return "não pode ficar vazio"
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", " ou ")
    return _TEXTS.get(error["type"], "não é válido").format_map(context)


def _name(place: Sequence[str | int]) -> str:
    """`spans[0].camera` of ("body", "spans", 0, "camera")."""
    name = ""
    for step in place[1:]:
        name += f"[{step}]" if isinstance(step, int) else f".{step}"
    return name.removeprefix(".")
