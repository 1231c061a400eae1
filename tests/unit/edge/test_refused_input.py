"""What the box's API refuses it refuses in Portuguese, with the field's name and never its value."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from edge_agent.console.app import create_app
from edge_agent.refused_input import explain

CLIP = {
    "spans": [{"camera": "cam1", "start": "2026-01-31T12:00:00Z", "end": "2026-01-31T12:05:00Z"}],
    "reason": "Ofício 12",
}
REFUSED: list[tuple[Any, str]] = [
    (None, "Pedido inválido: falta o corpo do pedido."),
    ([], "Pedido inválido: o corpo precisa ser um objeto JSON."),
    ({}, "Pedido inválido: “spans” é obrigatório; “reason” é obrigatório."),
    (CLIP | {"reason": "x"}, "Pedido inválido: “reason” precisa ter ao menos 3 caracteres."),
    (CLIP | {"reason": "x" * 501}, "Pedido inválido: “reason” pode ter no máximo 500 caracteres."),
    (CLIP | {"reason": 7}, "Pedido inválido: “reason” precisa ser um texto."),
    (CLIP | {"spans": []}, "Pedido inválido: “spans” não pode ficar vazio."),
    (CLIP | {"spans": {}}, "Pedido inválido: “spans” precisa ser uma lista."),
    (
        CLIP | {"spans": [CLIP["spans"][0] | {"start": "ontem"}]},  # type: ignore[index]
        "Pedido inválido: “spans[0].start” precisa ser data e hora com fuso, como 2026-01-31T12:00:00Z.",
    ),
]
#: Words of pydantic's own messages.
ENGLISH = re.compile(
    r"\b(should|must|input|valid|field|required|string|at least|greater|less|than|or)\b", re.I
)


@pytest.mark.parametrize(("body", "told"), REFUSED)
async def test_a_body_is_refused_in_portuguese(guard: httpx.AsyncClient, body: Any, told: str) -> None:
    answer = await guard.post("/api/clips", json=body) if body is not None else await guard.post("/api/clips")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["detail"] == told


async def test_what_is_no_json_and_parameters_too(guard: httpx.AsyncClient) -> None:
    answer = await guard.post("/api/clips", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.json()["detail"] == "Pedido inválido: o corpo não é um JSON válido."
    answer = await guard.get("/api/plate-reads", params={"limit": "500", "tolerant": "talvez", "before": "x"})
    assert answer.json()["detail"] == (
        "Pedido inválido: “tolerant” precisa ser true ou false; “limit” precisa ser no máximo 200; "
        "“before” precisa ser um número inteiro."
    )


async def test_a_password_that_is_refused_is_not_repeated(visitor: httpx.AsyncClient) -> None:
    secret = "s3nha" * 300
    answer = await visitor.post("/api/auth/login", json={"username": "ana", "password": secret})
    assert answer.json()["detail"] == "Pedido inválido: “password” pode ter no máximo 1000 caracteres."


class Everything(BaseModel):
    """A field of each kind that the API's bodies have."""

    text: Annotated[str, Field(min_length=2, max_length=3)] = "ab"
    number: Annotated[int, Field(ge=1, lt=9)] = 1
    rate: Annotated[float, Field(gt=0, le=16)] = 1.0
    when: datetime | None = None
    sure: bool = True
    kind: Literal["main", "sub"] = "main"
    many: Annotated[list[str], Field(max_length=2)] = []
    other: dict[str, int] = {}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(list(Everything.model_fields)), anything))
def test_no_refusal_is_in_english_or_has_no_words(body: dict[str, Any]) -> None:
    try:
        Everything.model_validate(body)
    except ValidationError as error:
        found = [
            {**one, "loc": ("body", *(p for p in one["loc"] if isinstance(p, int) or p in body))}
            for one in error.errors()
        ]
        told = explain(found)
        assert "não é válido" not in told, "a kind of error without words"
        assert not ENGLISH.search(told.replace("“", " ")), told


def test_every_bound_of_the_document_has_words() -> None:
    """So that the fields above are those that the API has."""
    text = str(create_app(None).openapi()["components"]["schemas"])
    bounds = set(re.findall(r"'((?:min|max)(?:Length|Items)|(?:exclusiveM|m)(?:in|ax)imum|pattern)'", text))
    assert bounds <= {"minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"}
