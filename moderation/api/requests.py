"""What every request gets: an id, a place in the logs and metrics, safe headers."""

import re
from typing import Final
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

_SANE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)
_API: Final = "/v1/"


def note_requests(app: Flask) -> None:
    """Give every request an id and its answer the headers that all answers carry."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _SANE_ID.fullmatch(given) else uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        headers = response.headers
        headers["X-Request-Id"] = g.request_id
        for name, value in _HEADERS:
            headers.setdefault(name, value)
        if request.path.startswith(_API):
            headers.setdefault("Cache-Control", "no-store")
        return response
