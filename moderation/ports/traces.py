"""What is kept of comments to compare later ones with, as a part of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.domain.comment import Comment
from moderation.domain.spam.company import DomainRecord
from moderation.domain.spam.traces import Other, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Comments received in each window of ``domain.spam.conduct`` up to a comment's own receipt.

    Itself included. A count may stop at what its window calls full.
    ``author``, ``address``: None where the site did not say who or from where.
    """

    author: tuple[int, ...] | None
    address: tuple[int, ...] | None
    site: tuple[int, ...]


class Traces(Protocol):
    """Traces of comments and of moderators' decisions about domains."""

    def leave_traces(self, traces: Sequence[Trace]) -> None:
        """Write traces, each in place of what its comment had left before.

        One whose comment has been erased meanwhile is not written.
        """
        ...

    def bodies(self, comment_ids: Sequence[str]) -> dict[str, str]:
        """Return the present texts of those comments that there are, of any site."""
        ...

    def traces(self, comment_ids: Sequence[str]) -> dict[str, Trace]:
        """Return the traces of those comments that have one."""
        ...

    def alike(self, traces: Sequence[Trace]) -> dict[str, list[Other]]:
        """Return, by the comment of each trace, others of its site that may be like it.

        They share two keys of its sketch. Of those that share a key only the newest are looked at,
        and of many those that share most.
        """
        ...

    def counts(self, comments: Sequence[Comment]) -> list[Counts]:
        """Count what came before each comment; item i belongs to ``comments[i]``."""
        ...

    def record_domains(
        self, comment: Comment, domains: Mapping[str, bool], *, now: datetime
    ) -> None:
        """Note what was made of a comment's domains, in place of what was noted before.

        Args:
            comment: As it was reviewed.
            domains: True where it is spam, False where a moderator approved it.
            now: When.
        """
        ...

    def domain_records(self, site_id: str, domains: Sequence[str]) -> dict[str, DomainRecord]:
        """Return what the site's moderators made of those domains that they saw."""
        ...

    def drop_traces(self, *, before: datetime, domains_before: datetime, limit: int) -> int:
        """Forget traces of comments received before then, oldest first; return how many.

        And notes on domains of decisions before *domains_before*; of each *limit* at most.
        """
        ...
