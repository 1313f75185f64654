"""The addresses of Perspective, under a site's own key."""

import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import structlog
from flask import Blueprint, Response, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest

from moderation.bootstrap import Services
from moderation.compat.perspective import analyze, discovery, errors, suggest
from moderation.compat.perspective.messages import Analyze, Suggest, read
from moderation.errors import ScoringUnavailable
from moderation.ports.scorer import ScoredText
from moderation.usecases.feedback import Said, give_feedback_by_name

MODEL_HASH: Final = "X-Model-Hash"
"""Names the weights and calibration that made an answer's scores."""

_SHORT: Final = 2_000
"""Characters up to which a text is what somebody waits for who has just pressed a button."""

_INTERNAL: Final = 500
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_log = structlog.get_logger("moderation.compat")


def make_blueprint(
    services: Services,
    *,
    site_of: Callable[[str], str],
    thread: Callable[[], AbstractContextManager[bool]],
) -> Blueprint:
    """Build the routes.

    Args:
        services: What they call.
        site_of: Tells whose a key is, and counts the request; raises Unauthorized, RateLimited.
        thread: Lends a thread to wait in; says whether there was one.
    """
    bp = Blueprint("perspective", __name__)
    routes = _Routes(services, site_of=site_of, thread=thread)
    bp.add_url_rule("/v1alpha1/comments:analyze", "analyze", routes.analyze, methods=["POST"])
    bp.add_url_rule("/v1alpha1/comments:suggestscore", "suggest", routes.suggest, methods=["POST"])
    bp.add_url_rule("/$discovery/rest", "discovery", routes.discovery)
    bp.add_url_rule("/v1alpha1/<path:other>", "other", routes.other, methods=_METHODS)
    bp.register_error_handler(Exception, _refuse)
    return bp


class _Routes:
    """The views."""

    def __init__(
        self,
        services: Services,
        *,
        site_of: Callable[[str], str],
        thread: Callable[[], AbstractContextManager[bool]],
    ) -> None:
        self._services = services
        self._site_of = site_of
        self._thread = thread

    def analyze(self) -> Response:
        """Score a text, and store nothing."""
        self._site()
        message = read(request, Analyze)
        analyze.check(message)
        scored = self._scored(message)
        headers = {} if scored.model_hash is None else {MODEL_HASH: scored.model_hash}
        return errors.as_json(analyze.answer(message, scored), headers=headers)

    def suggest(self) -> Response:
        """Keep an opinion of a comment that is stored; of any other say nothing."""
        site_id = self._site()
        message = read(request, Suggest)
        suggest.check(message)
        spam = suggest.says_spam(message)
        if spam is not None:
            give_feedback_by_name(
                suggest.names_of(message),
                Said(spam),
                site_id=site_id,
                now=self._services.now(),
                open_store=self._services.open_store,
            )
        return errors.as_json({"clientToken": message.client_token})

    def discovery(self) -> Response:
        """Tell clients how to call this server."""
        if request.args.get("version") != discovery.VERSION:
            raise errors.not_found()
        return errors.as_json(discovery.document(request.host_url))

    def other(self, other: str) -> Response:  # noqa: ARG002 - whatever it is
        """Nothing else is there, nor by another method."""
        raise errors.not_found()

    def _site(self) -> str:
        key = request.args.get("key") or request.headers.get("X-Goog-Api-Key")
        if not key:
            raise errors.no_key()
        return self._site_of(key)

    def _scored(self, message: Analyze) -> ScoredText:
        """Have the text scored within the time that the client will wait."""
        settings = self._services.settings
        text = message.comment.text
        short = len(text) <= _SHORT and not message.span_annotations
        with self._thread() as lent:
            if not lent:
                raise ScoringUnavailable
            return self._services.instant.score(
                text,
                language=analyze.language_of(message),
                timeout_s=settings.perspective_timeout_s if short else settings.instant_timeout_s,
                wanted=analyze.wanted_of(message),
            )


def _refuse(error: Exception) -> Response:
    """Answer any error as Google would; an unforeseen one is logged without its message."""
    if isinstance(error, BadRequest | ParseException):  # it broke off, or its chunks are none
        return errors.bad_payload("Invalid JSON payload received.").answer()
    refusal = errors.of(error)
    if refusal.code == _INTERNAL:
        frames = traceback.extract_tb(sys.exc_info()[2])
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        _log.error("unforeseen error", kind=type(error).__qualname__, where=where[-12:])
    return refusal.answer()
