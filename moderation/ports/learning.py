"""What is kept for learning, inside one transaction: feedback, and what it taught."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from moderation.domain.correction import CorrectionVersion
from moderation.domain.feedback import Feedback, Lesson


class Corrections(Protocol):
    """Feedback, and versions of each site's correction."""

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep it as new; an earlier opinion of the same source on the same comment goes.

        Raises:
            NotFound: There is no such comment, or no longer.
        """
        ...

    def sites_to_teach(self) -> list[str]:
        """Return ids of sites that have new feedback."""
        ...

    def lessons(self, site_id: str, *, per_source: int, limit: int) -> list[Lesson]:
        """Return what a site can be taught now, oldest first.

        What was set aside is not among it, nor opinions of comments edited since.

        Args:
            site_id: The site.
            per_source: Of each source the newest, so many at most, so that none crowds out
                the others.
            limit: Of those the newest, so many at most.
        """
        ...

    def settle_feedback(
        self,
        site_id: str,
        *,
        learnt: Sequence[str],
        refused: Sequence[str],
        version: int | None,
        until: datetime,
    ) -> int:
        """Note what became of feedback, by id; all else given up to *until* was refused.

        What was set aside meanwhile stays so.

        Args:
            site_id: The site.
            learnt: What was put into *version*.
            refused: What was looked at and left out.
            version: The one that was made, if one was.
            until: When the lessons were read.

        Returns:
            How many were new and are no longer.
        """
        ...

    def add_correction(
        self, site_id: str, made: CorrectionVersion, weights: bytes, *, after: int, keep: int
    ) -> int | None:
        """Put a version in force and return its number, counted from 1 per site.

        ``made.version`` is not read. Of older ones the newest *keep* stay. Where another than
        *after* is in force by now, nothing is written and None returned.

        Raises:
            NotFound: There is no such site.
        """
        ...

    def correction_in_force(self, site_id: str) -> int:
        """Return the newest version; 0 if there is none."""
        ...

    def correction_weights(self, site_id: str, version: int) -> bytes:
        """Return what was given for it; empty where it corrects nothing. Raises NotFound."""
        ...

    def corrections(self, site_id: str) -> list[CorrectionVersion]:
        """Return the versions of a site, newest first."""
        ...

    def set_feedback_aside(self, site_id: str, *, since: int) -> int:
        """Never learn again what versions after *since* have learnt; return how many it was."""
        ...
