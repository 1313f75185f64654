"""Learn from moderators, and from what sites say, which domains are spam."""

from datetime import datetime
from typing import Final

from moderation.domain.comment import Comment
from moderation.domain.policy import Action
from moderation.domain.spam.domains import domains_elsewhere, is_common
from moderation.ports.store import Store

SPAM: Final = "spam"
"""The reason code of a rejection that says something about domains."""


def learn_domains(
    store: Store, comment: Comment, action: Action, reason: str, *, now: datetime
) -> None:
    """Note what a moderator's decision says of the domains that a comment leads to.

    A rejection as spam speaks against them, an approval for them, any other rejection says
    nothing; the last decision on a comment counts. Never noted are the site's own domain and
    those to which half the world links. Joins the caller's transaction.
    """
    spam = action is Action.REJECT and reason == SPAM
    telling = spam or action is Action.APPROVE
    _note(store, comment, spam if telling else None, now=now)


def hear_of_domains(store: Store, comment: Comment, *, spam: bool, now: datetime) -> None:
    """Note what a site says, by its key, of the domains that a comment leads to.

    Whoever holds the key speaks for everybody at the site, so a moderator's decision on the
    comment outweighs it. That a comment is no spam takes back what the site said of it before,
    and makes no domain better than silence would.
    """
    if not comment.moderated:
        _note(store, comment, True if spam else None, now=now)


def _note(store: Store, comment: Comment, spam: bool | None, *, now: datetime) -> None:
    """Note one opinion of all the comment's domains; None: that there is none."""
    known = {} if spam is None else dict.fromkeys(domains_elsewhere(comment), spam)
    store.record_domains(
        comment, {each: said for each, said in known.items() if not is_common(each)}, now=now
    )
