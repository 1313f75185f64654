"""OpenAI's ``POST /v1/moderations``, under a site's own key."""

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final
from uuid import uuid4

import structlog
from flask import Blueprint, Response, request

from moderation.bootstrap import Services
from moderation.compat import openai_errors as errors
from moderation.compat.json_body import parse_object, read_raw
from moderation.compat.openai_categories import Judged, result_of
from moderation.compat.openai_input import read_inputs
from moderation.domain.policy import required_for
from moderation.domain.verdict import carrying
from moderation.errors import ScoringUnavailable
from moderation.ports.scorer import ScoredText, Wanted

MODEL_HASH: Final = "X-Model-Hash"
"""Names the weights and calibration that made an answer's scores."""

_MODEL: Final = "comment-moderation"
_MAX_BODY_BYTES: Final = 4 * 1024 * 1024
_SCORES_ONLY: Final = Wanted(words=False)
_INTERNAL: Final = 500
_log = structlog.get_logger("moderation.compat")


def make_blueprint(
    services: Services,
    *,
    site_of: Callable[[str], str],
    thread: Callable[[], AbstractContextManager[bool]],
) -> Blueprint:
    """Build the route.

    Args:
        services: What it calls.
        site_of: Tells whose a key is, and counts the request; raises Unauthorized, RateLimited.
        thread: Lends a thread to wait in; says whether there was one.
    """
    bp = Blueprint("openai", __name__)
    bp.register_error_handler(Exception, _refuse)

    @bp.post("/v1/moderations")
    def moderate() -> Response:
        """Score texts, and say which the site's policy would not approve. Nothing is stored."""
        site_id = site_of(_key())
        inputs = read_inputs(parse_object(read_raw(request, _MAX_BODY_BYTES)))
        with services.open_store(reading=True) as store:
            policy = store.policy(site_id)
        with thread() as lent:
            if not lent:
                raise ScoringUnavailable
            scored = _scored(services, inputs.texts)
        required = required_for(policy, None)
        results = [
            result_of(
                Judged(
                    scores=each.scores,
                    fired=carrying(policy, None, each.scores),
                    required=required,
                )
            )
            for each in scored
        ]
        hashes = sorted({each.model_hash for each in scored if each.model_hash is not None})
        return errors.as_json(
            {"id": f"modr-{uuid4().hex}", "model": _MODEL, "results": results},
            headers={MODEL_HASH: ", ".join(hashes)} if hashes else None,
        )

    return bp


def _key() -> str:
    """Return the key that the request brings.

    Raises:
        Refused: There is none.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise errors.no_key()
    return secret.strip()


def _scored(services: Services, texts: Sequence[str]) -> list[ScoredText]:
    """Score each text, all of them within the time that one may take.

    Raises:
        ScoringUnavailable: Not all were scored by then; of none is anything told.
    """
    ends = time.monotonic() + services.settings.instant_timeout_s
    scored = []
    for text in texts:
        left_s = ends - time.monotonic()
        if left_s <= 0:
            raise ScoringUnavailable
        scored.append(
            services.instant.score(text, language=None, timeout_s=left_s, wanted=_SCORES_ONLY)
        )
    return scored


def _refuse(error: Exception) -> Response:
    """Answer any error as OpenAI would; an unforeseen one is logged without its message."""
    refusal = errors.of(error)
    if refusal.status == _INTERNAL:
        frames = traceback.extract_tb(sys.exc_info()[2])
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        _log.error("unforeseen error", kind=type(error).__qualname__, where=where[-12:])
    return refusal.answer()
