"""A comment, as sent and as the service knows it, and the states it may pass through."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from moderation.domain.policy import Action
from moderation.errors import EditConflict

MAX_TEXT_CHARS: Final = 20_000
"""Longest accepted body, in characters. Longer ones are refused, never truncated."""


class Status(StrEnum):
    """Where a comment stands. Past participles; ``Action`` holds the verbs."""

    PENDING = "pending"
    APPROVED = "approved"
    HELD = "held"
    REJECTED = "rejected"


_RESULT_OF: Final = {
    Action.APPROVE: Status.APPROVED,
    Action.HOLD: Status.HELD,
    Action.REJECT: Status.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The page commented on, in the site's own words."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the comment, without what identifies them outside the site.

    ``email_hash`` is a keyed hash; the address itself is not kept. ``key`` names the
    author within the site: by the site's own id, else by e-mail hash, else not at all.
    """

    id: str | None = None
    name: str | None = None
    email_hash: str | None = None
    url: str | None = None

    @property
    def key(self) -> str | None:
        if self.id is not None:
            return f"id:{self.id}"
        return None if self.email_hash is None else f"email:{self.email_hash}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What the site sent, as sent: e-mail and IP address are still in the clear here.

    ``form_seconds`` is how long the reader had the form open. ``honeypot`` is the content
    of a form field that people do not see; anything in it betrays a robot. ``created_at``
    is the site's own time of writing, for display only.
    """

    body: str
    article: Article = field(default_factory=Article)
    author_id: str | None = None
    author_name: str | None = None
    author_email: str | None = None
    author_url: str | None = None
    parent_id: str | None = None
    external_id: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    referrer: str | None = None
    language: str | None = None
    honeypot: str | None = None
    form_seconds: float | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One reader comment as the service knows it.

    ``version`` counts every change of status or text, from 1; the store refuses to write a
    stale one. ``text_version`` counts texts, from 1: each gets exactly one automatic
    decision. ``attempts`` counts leases of the present text that were never settled.
    ``risk`` in [0, 1] orders the review queue; None before a decision. ``moderated`` says
    that a moderator, not the policy, decided last; ``rejected_by_moderator`` says that a
    moderator rejected an earlier or the present text. ``disposable_email`` says whether the
    author's e-mail address was one to be thrown away; None where there was none.
    """

    id: str
    site_id: str
    body: str
    received_at: datetime
    status: Status = Status.PENDING
    version: int = 1
    text_version: int = 1
    external_id: str | None = None
    parent_id: str | None = None
    article: Article = field(default_factory=Article)
    author: Author = field(default_factory=Author)
    ip_hash: str | None = None
    user_agent: str | None = None
    referrer: str | None = None
    language: str | None = None
    honeypot: bool = False
    form_seconds: float | None = None
    disposable_email: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    attempts: int = 0
    risk: float | None = None
    moderated: bool = False
    rejected_by_moderator: bool = False

    def judged(self, action: Action, *, risk: float, now: datetime) -> "Comment":
        """Return the comment after the machine's verdict.

        Raises:
            EditConflict: The comment is no longer pending. Running a scoring job again
                must never overturn a moderator, nor decide a text twice.
        """
        if self.status is not Status.PENDING:
            raise EditConflict(self.id)
        return replace(
            self,
            status=_RESULT_OF[action],
            version=self.version + 1,
            risk=risk,
            moderated=False,
            updated_at=now,
        )

    def reviewed(self, action: Action, *, now: datetime) -> "Comment":
        """Return the comment after a moderator's decision, which any status allows."""
        return replace(
            self,
            status=_RESULT_OF[action],
            version=self.version + 1,
            moderated=True,
            rejected_by_moderator=self.rejected_by_moderator or action is Action.REJECT,
            updated_at=now,
        )

    def edited(self, body: str, *, now: datetime) -> "Comment":
        """Return the comment with a new text, which is to be judged anew."""
        return replace(
            self,
            body=body,
            status=Status.PENDING,
            version=self.version + 1,
            text_version=self.text_version + 1,
            attempts=0,
            risk=None,
            moderated=False,
            updated_at=now,
        )
