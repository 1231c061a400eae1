"""Errors over HTTP have the form of RFC 9457."""

import json
from http import HTTPStatus

from protocol.problems import problem_body


def test_a_problem_carries_the_status_and_a_text_for_the_person() -> None:
    assert json.loads(problem_body(HTTPStatus.NOT_FOUND, "Câmera não encontrada.")) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Câmera não encontrada.",
    }
