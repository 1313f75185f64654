"""Asks what a site's policy makes of a comment that is not kept."""

from typing import Protocol

from moderation.domain.comment import Comment
from moderation.domain.policy import Action


class InstantChecking(Protocol):
    """Judges a comment's spam side now, without storing it."""

    def check(self, comment: Comment, *, timeout_s: float) -> Action | None:
        """Return what the site's policy calls for; None: it cannot be said (`spam_side`).

        The comment leaves this process only encrypted, under an expiring key, and is gone
        from there once read.

        Raises:
            ScoringUnavailable: No answer within *timeout_s*; nothing was kept.
        """
        ...
