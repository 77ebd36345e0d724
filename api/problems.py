"""Problems: errors as answers, `{error, field?}` with the code that fits; never a stack trace."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.dependencies import NotSignedInError
from ferryman.domain.errors import (
    ConflictError,
    DeniedError,
    FencedError,
    FerrymanError,
    InvalidError,
    NotFoundError,
    TemporaryError,
)

_STATUS: tuple[tuple[type[FerrymanError], int], ...] = (
    (InvalidError, 400),
    (NotSignedInError, 401),
    (DeniedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (FencedError, 409),
    (TemporaryError, 503),
    (FerrymanError, 500),
)
"""From special to general; the first that matches holds."""


def status_of(error: FerrymanError) -> int:
    """The HTTP status that says the same."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def problem(
    status: int, sentence: str, *, field: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer that says what went wrong."""
    body = {"error": sentence} | ({"field": field} if field else {})
    return JSONResponse(body, status_code=status, headers=headers)


def install(app: FastAPI) -> None:
    """Let every error leave the application as a problem."""
    app.add_exception_handler(FerrymanError, _foreseen)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _defect)


async def _foreseen(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, FerrymanError):
        raise error
    headers = {}
    if isinstance(error, TemporaryError):
        headers["Retry-After"] = str(math.ceil(error.delay.total_seconds()))
    if isinstance(error, NotSignedInError):
        headers["WWW-Authenticate"] = "Bearer"
    field = error.field if isinstance(error, InvalidError) else ""
    return problem(status_of(error), str(error), field=field, headers=headers)


async def _unreadable(_request: Request, error: Exception) -> JSONResponse:
    """Query, path or body are not as the route describes them; values are not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    place, *path = first["loc"]
    field = ".".join(str(part) for part in path) or str(place)
    sentence = first["msg"].removeprefix("Value error, ")
    return problem(400, f"{field}: {sentence}", field=field)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    sentences = {
        404: f"there is nothing at {request.url.path}: see /docs for what there is",
        405: f"{request.method} is not possible at {request.url.path}: see /docs for what is",
    }
    sentence = sentences.get(error.status_code, str(error.detail))
    return problem(error.status_code, sentence, headers=error.headers)


async def _defect(_request: Request, _error: Exception) -> JSONResponse:
    """The server that runs the application writes the error to its log."""
    return problem(500, "this is a defect of Ferryman's; the API's log says more: please report it")
