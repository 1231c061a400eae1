"""Errors over HTTP: problem+json (RFC 9457), with the text in Portuguese for people."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from edge_agent.refused_input import explain
from protocol.problems import CONTENT_TYPE, problem_body


class ProblemError(Exception):
    """Raise to answer with this problem."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> Response:
    return Response(problem_body(status, detail), status, headers, CONTENT_TYPE)


def install(app: FastAPI) -> None:
    """Make an application answer every error as a problem."""

    @app.exception_handler(ProblemError)
    async def _problem(_request: Request, error: ProblemError) -> Response:
        return problem(error.status, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, explain(error.errors()))
