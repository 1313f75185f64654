"""Answer every error, ours or the framework's, as ``application/problem+json`` (RFC 9457)."""

import json
import sys
import traceback
from collections.abc import Mapping
from typing import Any, Final

import structlog
from flask import Flask, Response
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException

from moderation import errors
from moderation.api.faults import InvalidFields
from moderation.api.problem_types import BAD_REQUEST, INTERNAL, OF_HTTP, ProblemType, problem_of

_UNAVAILABLE_RETRY_S: Final = 2
_IN_PROGRESS_RETRY_S: Final = 1
_log = structlog.get_logger("moderation.api")


class Problems:
    """Writes problem documents whose types are addresses under *public_url*."""

    def __init__(self, public_url: str) -> None:
        self._base = f"{public_url}/problems/"

    def register(self, app: Flask) -> None:
        """Let *app* answer every error this way."""
        app.register_error_handler(errors.ModerationError, self.answer)
        app.register_error_handler(HTTPException, self._from_http)
        app.register_error_handler(ParseException, self._from_broken_body)
        app.register_error_handler(Exception, self._from_anything)

    def document(self, error: errors.ModerationError) -> dict[str, Any]:
        """Return the problem document of one of our own errors."""
        problem = problem_of(error)
        if problem is INTERNAL:
            return self._document(problem, None)
        if isinstance(error, errors.EditConflict) and error.version is not None:
            present = {"version": error.version, "status": error.status}
            return self._document(problem, str(error), comment=present)
        listed = error.faults if isinstance(error, InvalidFields) else None
        if listed is None and isinstance(error, errors.Invalid):
            listed = ((error.field, error.problem),)
        if listed is None:
            return self._document(problem, str(error))
        told = [{"field": field, "detail": detail} for field, detail in listed]
        return self._document(problem, str(error), errors=told)

    def answer(self, error: errors.ModerationError) -> Response:
        """Answer one of our own errors, with the headers that say what to do about it."""
        return _response(self.document(error), _headers_for(error))

    def _from_http(self, error: HTTPException) -> Response:
        """Keep what the framework's answer says in headers: Allow, Retry-After and others."""
        status = error.code or INTERNAL.status
        problem = OF_HTTP.get(status)
        if problem is None:
            problem = ProblemType(status, BAD_REQUEST.slug, error.name, BAD_REQUEST.advice)
        kept = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return _response(self._document(problem, None), kept)

    def _from_broken_body(self, _: ParseException) -> Response:
        """The server cannot make out the chunks of a body, which it sees once we read it."""
        return self._from_http(BadRequest())

    def _from_anything(self, error: Exception) -> Response:
        """Log where an unforeseen error arose, not its message: that may quote a comment."""
        frames = traceback.extract_tb(sys.exc_info()[2])
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        _log.error("unforeseen error", kind=type(error).__qualname__, where=where[-12:])
        return _response(self._document(INTERNAL, None), {})

    def _document(self, problem: ProblemType, detail: str | None, **more: Any) -> dict[str, Any]:
        return {
            "type": self._base + problem.slug,
            "title": problem.title,
            "status": problem.status,
            "detail": detail or problem.advice,
            **more,
        }


def _headers_for(error: errors.ModerationError) -> dict[str, str]:
    match error:
        case errors.Unauthorized():
            return {"WWW-Authenticate": "Bearer"}
        case errors.RateLimited() | errors.BacklogFull():
            return {"Retry-After": str(error.retry_after_s)}
        case errors.IdempotencyInProgress():
            return {"Retry-After": str(_IN_PROGRESS_RETRY_S)}
        case errors.StoreUnavailable() | errors.ScoringUnavailable() | errors.ScorerUnavailable():
            return {"Retry-After": str(_UNAVAILABLE_RETRY_S)}
        case _:
            return {}


def _response(document: dict[str, Any], headers: Mapping[str, str]) -> Response:
    return Response(
        json.dumps(document),
        status=document["status"],
        headers=headers,
        content_type="application/problem+json",
    )
