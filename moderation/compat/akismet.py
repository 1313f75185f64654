"""Akismet's API: a site that asked Akismet asks here, with another address and key."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from moderation.bootstrap import Services
from moderation.compat import akismet_answers as answers
from moderation.compat.akismet_form import Form, presented_key, read_form, submission_of
from moderation.domain.policy import Action
from moderation.errors import (
    BacklogFull,
    Invalid,
    ModerationError,
    RateLimited,
    ScoringUnavailable,
    Unauthorized,
)
from moderation.usecases.checking import Checker, check_kept, check_unkept, policy_of, teach
from moderation.usecases.feedback import Said
from moderation.usecases.idempotency import Request

_BUSY: Final = "too many wait for answers; ask again"
_RETRY_S: Final = 2
_MOST_NAMED: Final = 255
_NEEDED: Final = frozenset({"blog", "user_ip"})
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_MOST_SITES: Final = 500

TEST_SPAM: Final = ("viagra-test-123", "akismet-guaranteed-spam@example.com")
"""An author's name and an e-mail address that are spam by the protocol's own definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """What the application lends.

    ``site_of`` returns the site whose key a secret is, or raises Unauthorized or RateLimited.
    ``thread`` lends a thread to wait with, if one is free. ``room`` says whether one more comment
    may be stored; ``accepted`` is told how many were.
    """

    site_of: Callable[[str], str]
    thread: Callable[[], AbstractContextManager[bool]]
    room: Callable[[], bool]
    accepted: Callable[[int], None]


def make_blueprint(services: Services, lent: Lent) -> Blueprint:
    """Build the routes."""
    bp = Blueprint("akismet", __name__)
    desk = _Desk(services, lent)
    bp.register_error_handler(ModerationError, _failed)
    bp.post("/1.1/verify-key")(desk.verify_key)
    bp.post("/1.1/comment-check")(desk.comment_check)
    bp.post("/1.1/submit-spam", endpoint="spam", defaults={"spam": True})(desk.submit)
    bp.post("/1.1/submit-ham", endpoint="ham", defaults={"spam": False})(desk.submit)
    bp.get("/1.2/usage-limit")(desk.usage_limit)
    bp.get("/1.2/key-sites")(desk.key_sites)
    return bp


class _Desk:
    def __init__(self, services: Services, lent: Lent) -> None:
        self._services = services
        self._lent = lent
        self._checker = Checker(
            open_store=services.open_store,
            privacy=services.privacy,
            jobs=services.jobs,
            checks=services.checks,
            timeout_s=services.settings.akismet_timeout_s,
            accepted=lent.accepted,
        )

    def verify_key(self) -> Response:
        """Say whether a key is a site's."""
        self._enter("blog")
        return answers.plain(answers.VALID)

    def comment_check(self) -> Response:
        """Say whether a comment is spam."""
        form, site_id = self._enter("blog", "user_ip")
        choice = policy_of(site_id, open_store=self._services.open_store).akismet
        agreed = _agreed(form)
        if agreed is not None:
            return answers.verdict(agreed)
        submission = submission_of(form)
        check = check_kept if choice.keep and not form.is_test else check_unkept
        with self._lent.thread() as free:
            if not free:
                return answers.late(choice, _BUSY)
            try:
                checked = check(submission, self._request(site_id), self._checker)
            except ScoringUnavailable:
                return answers.late(choice)
        if not checked.seen:
            return answers.late(choice, guid=checked.comment_id)
        return answers.verdict(checked.action, guid=checked.comment_id)

    def submit(self, *, spam: bool) -> Response:
        """Learn that a comment is spam, or that it is not."""
        form, site_id = self._enter("blog", "user_ip")
        if not form.is_test:
            teach(
                Said(spam, form.get("reporter")[:_MOST_NAMED] or None),
                submission_of(form),
                self._request(site_id),
                self._checker,
                comment_id=form.get("guid"),
            )
        return answers.plain(answers.THANKS)

    def usage_limit(self) -> Response:
        """Tell how much of the limit is used."""
        self._enter()
        return answers.usage()

    def key_sites(self) -> Response:
        """Tell which sites used a key."""
        form, _ = self._enter()
        month = form.get("month")
        return answers.key_sites(
            month if _MONTH.fullmatch(month) else self._services.now().strftime("%Y-%m"),
            as_csv=form.get("format").lower() == "csv",
            limit=_whole(form.get("limit"), _MOST_SITES),
            offset=_whole(form.get("offset"), 0),
        )

    def _enter(self, *needed: str) -> tuple[Form, str]:
        """Return what came, and the site whose key came with it; *needed* fields are there."""
        form = read_form(request)
        site_id = self._lent.site_of(presented_key(request, form))
        form.expect(*needed)
        return form, site_id

    def _request(self, site_id: str) -> Request:
        return Request(site_id=site_id, now=self._services.now(), room=self._lent.room())


def _agreed(form: Form) -> Action | None:
    """Return what the protocol itself says of a comment, whatever stands in it."""
    if form.get("user_role").lower() == "administrator":
        return Action.APPROVE
    author = (form.get("comment_author").lower(), form.get("comment_author_email").lower())
    told = any(given == test for given, test in zip(author, TEST_SPAM, strict=True))
    return Action.HOLD if told else None


def _whole(text: str, otherwise: int) -> int:
    return int(text) if _NUMBER.fullmatch(text) else otherwise


def _failed(error: ModerationError) -> Response:
    """Answer what went wrong so that every client sees neither spam nor ham nor thanks in it."""
    match error:
        case Unauthorized():
            return answers.invalid("the API key is not valid")
        case Invalid() if error.field in _NEEDED:
            return answers.invalid(f'Empty "{error.field}" value')
        case Invalid():
            return answers.undecided(str(error))
        case RateLimited():
            return answers.refused(error.retry_after_s, status=429)
        case BacklogFull():
            return answers.refused(error.retry_after_s, status=503)
        case _:
            return answers.refused(_RETRY_S, status=503)
