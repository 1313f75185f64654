"""What people say of a comment: spam or not. A site's spam score learns from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from moderation.domain.comment import Comment
from moderation.domain.policy import Action

SITE: Final = "site"
"""``Feedback.source`` of what comes with a site's key, whoever stands behind it."""

SPAM: Final = "spam"
"""The review reason that says spam."""


class Learning(StrEnum):
    """What became of a piece of feedback.

    ``set_aside``: it had been learnt, and what was learnt was rolled back: it is never learnt
    again.
    """

    NEW = "new"
    LEARNT = "learnt"
    REFUSED = "refused"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One opinion of one text. A source has one of each comment: its last.

    ``source`` is a moderator's id or `SITE`; all that comes with a site's key is one source,
    since whoever holds the key can claim any name. ``by`` is the name that the site gave.
    """

    id: str
    site_id: str
    comment_id: str
    text_version: int
    spam: bool
    source: str
    given_at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Feedback beside the comment that it is about, whose text is still the one judged.

    ``scores`` are those of the policy's decision on this text; empty where it has none.
    ``new`` says that nobody has tried to learn from it yet.
    """

    feedback: Feedback
    comment: Comment
    new: bool = True
    scores: Mapping[str, float] = field(default_factory=dict)


def says_spam(action: Action, reason: str) -> bool | None:
    """Return what a moderator's decision says of spam; None: nothing.

    Whatever is approved is not spam. What is rejected for another reason may be either.
    """
    if action is Action.APPROVE:
        return False
    return True if reason == SPAM else None
