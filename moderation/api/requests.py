"""What every request gets: an id, a place in the logs and metrics, safe headers."""

import re
from typing import Final

import structlog
from flask import Flask, Response, g, request
from uuid_utils import uuid4

from moderation.api.metering import ApiMetrics

_SANE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)
_API: Final = "/v1/"
_API_HEADERS: Final = (*_HEADERS, ("Cache-Control", "no-store"))
_FAILED: Final = 500
_log = structlog.get_logger("moderation.api")


def note_requests(app: Flask, metrics: ApiMetrics) -> None:
    """Give every request an id, count it, and give its answer the headers that all carry."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _SANE_ID.fullmatch(given) else uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        headers = response.headers
        own = {name.lower() for name in headers.keys()}  # noqa: SIM118 - it iterates over pairs
        headers.add("X-Request-Id", g.request_id)
        for name, value in _API_HEADERS if request.path.startswith(_API) else _HEADERS:
            if name.lower() not in own:
                headers.add(name, value)
        method = request.method if request.method in _METHODS else "other"
        metrics.answered(method, response.status_code, accepted=g.get("accepted", 0))
        if response.status_code >= _FAILED:
            _log.warning("not served", method=method, status=response.status_code)
        return response


def count_accepted(comments: int) -> None:
    """Note how many comments the present request brought to be judged."""
    g.accepted = comments
