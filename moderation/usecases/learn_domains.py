"""Learn from moderators which domains are spam."""

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
    domains = domains_elsewhere(comment) if telling else ()
    store.record_domains(
        comment, {domain: spam for domain in domains if not is_common(domain)}, now=now
    )
