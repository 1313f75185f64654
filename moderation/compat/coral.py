"""Coral's external moderation phase: Coral asks about each comment before it shows it."""

import json
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

import structlog
from flask import Blueprint, Response, request

from moderation.bootstrap import Services
from moderation.compat.coral_messages import WITHHELD, answer_of, read_message
from moderation.compat.json_body import Unreadable, parse_object, read_raw
from moderation.domain.policy import Policy
from moderation.domain.verdict import Found
from moderation.errors import ModerationError, NotFound, ScoringUnavailable
from moderation.usecases.coral_secrets import speaks_for
from moderation.usecases.evidence import WordMatchers
from moderation.usecases.judge_text import JudgedText, judge_text

SIGNATURE: Final = "X-Coral-Signature"
MODEL_HASH: Final = "X-Model-Hash"
_MAX_BODY_BYTES: Final = 256 * 1024
_log = structlog.get_logger("moderation.compat")


class _SharedMatchers(WordMatchers):
    """Matchers that one thread at a time asks."""

    def __init__(self) -> None:
        super().__init__()
        self._one = threading.Lock()

    def find(self, site_id: str, policy: Policy, text: str) -> tuple[Found, ...]:
        with self._one:
            return super().find(site_id, policy, text)


def make_blueprint(
    services: Services, *, thread: Callable[[], AbstractContextManager[bool]]
) -> Blueprint:
    """Build the route.

    Args:
        services: What it calls.
        thread: Lends a thread to wait in; says whether there was one.
    """
    bp = Blueprint("coral", __name__)
    matchers = _SharedMatchers()

    @bp.post("/coral/moderation/<site_id>")
    def moderate(site_id: str) -> Response:
        """Say what is to become of a comment, and store nothing.

        Whoever cannot sign is refused. Whatever else goes wrong, the comment is withheld for a
        person: to an error Coral would answer by showing it.
        """
        try:
            raw = read_raw(request, _MAX_BODY_BYTES)
            if not _signed(services, site_id, raw):
                return _refusal()
            services.limits.take(f"coral:{site_id}")
            judged = _judged(services, site_id, raw, matchers=matchers, thread=thread)
        except (Unreadable, ModerationError) as error:
            _log.warning("withheld unseen", kind=type(error).__qualname__)
            return _answer(WITHHELD)
        except Exception as error:  # noqa: BLE001 - whatever happens, a person looks
            frames = traceback.extract_tb(sys.exc_info()[2])
            where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            _log.error("unforeseen error", kind=type(error).__qualname__, where=where[-12:])
            return _answer(WITHHELD)
        return _answer(answer_of(judged.verdict), model_hash=judged.model_hash)

    return bp


def _signed(services: Services, site_id: str, raw: bytes) -> bool:
    header = request.headers.get(SIGNATURE, "")
    try:
        return speaks_for(
            site_id, raw, header, open_store=services.open_store, privacy=services.privacy
        )
    except NotFound:
        return False


def _judged(
    services: Services,
    site_id: str,
    raw: bytes,
    *,
    matchers: WordMatchers,
    thread: Callable[[], AbstractContextManager[bool]],
) -> JudgedText:
    asked = read_message(parse_object(raw))
    with thread() as lent:
        if not lent:
            raise ScoringUnavailable
        return judge_text(
            asked,
            site_id=site_id,
            timeout_s=services.settings.coral_timeout_s,
            instant=services.instant,
            open_store=services.open_store,
            matchers=matchers,
        )


def _refusal() -> Response:
    """Answer one that did not sign; alike for a wrong signature and an unknown site."""
    told = {"error": f"{SIGNATURE} is missing or not valid"}
    return Response(json.dumps(told), status=401, content_type="application/json")


def _answer(document: dict[str, Any] | None, *, model_hash: str | None = None) -> Response:
    headers = {} if model_hash is None else {MODEL_HASH: model_hash}
    if document is None:
        return Response(status=204, headers=headers)
    return Response(json.dumps(document), headers=headers, content_type="application/json")
