"""Everything kept, inside one transaction.

``site_id`` in an argument list is a border: another site's things answer ``NotFound``,
exactly as unknown ids do. Times are aware UTC datetimes. All methods raise
``StoreUnavailable`` when the database is gone, full or locked for too long.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.domain.delivery import Delivery, DeliveryStatus, Webhook
from moderation.domain.policy import Policy
from moderation.domain.site import Key, Moderator, Site
from moderation.ports.coral import CoralSecrets
from moderation.ports.learning import Corrections
from moderation.ports.traces import Traces


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFilter:
    """Which comments of a site to list; None means any.

    Times are of receipt, ``until`` exclusive.
    """

    article_id: str | None = None
    author_key: str | None = None
    status: Status | None = None
    since: datetime | None = None
    until: datetime | None = None


class ReviewOrder(StrEnum):
    """Riskiest first, or longest waiting first."""

    RISK = "risk"
    AGE = "age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text that a comment has had."""

    text_version: int
    body: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Comments that wait for the machine. ``pending`` may stop counting at the asked limit."""

    pending: int
    oldest_received_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an idempotency key stands for. ``status`` and ``body`` are None while in flight."""

    fingerprint: str
    comment_id: str | None
    status: int | None
    body: str | None
    in_flight_until: datetime


class Sites(Protocol):
    """Sites, keys, moderators, policies."""

    def add_site(self, site: Site) -> None: ...
    def site(self, site_id: str) -> Site: ...
    def sites(self) -> list[Site]: ...

    def add_key(self, key: Key) -> None: ...
    def keys(self, *, site_id: str | None = None, moderator_id: str | None = None) -> list[Key]:
        """Return a site's keys or a moderator's tokens; with neither, admin keys. Newest first."""
        ...

    def key_by_prefix(self, prefix: str) -> Key | None: ...
    def expire_key(self, key_id: str, at: datetime) -> None:
        """Let a key end at *at*. Raises NotFound."""
        ...

    def add_moderator(self, moderator: Moderator) -> None: ...
    def save_moderator(self, moderator: Moderator) -> None: ...
    def moderator(self, moderator_id: str) -> Moderator: ...
    def moderator_by_email(self, email: str) -> Moderator | None: ...
    def moderators(self) -> list[Moderator]: ...

    def policy(self, site_id: str) -> Policy:
        """Return the policy in force: the site's newest version."""
        ...

    def policy_document(
        self, site_id: str, version: int | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Return (version, document), newest unless *version* is given."""
        ...

    def policy_versions(self, site_id: str) -> list[tuple[int, datetime, str]]:
        """Return (version, when, by whom), newest first."""
        ...

    def add_policy(
        self, site_id: str, document: Mapping[str, Any], *, by: str, now: datetime
    ) -> int:
        """Put a new version in force and return its number, counted from 1 per site."""
        ...


class Comments(Protocol):
    """Comments with their texts; reading flat in time at a million rows."""

    def add_comment(self, comment: Comment) -> None:
        """Raises DuplicateExternalId; NotFound when ``parent_id`` is not this site's."""
        ...

    def comment(self, site_id: str, comment_id: str) -> Comment: ...
    def comment_anywhere(self, comment_id: str) -> Comment:
        """Return a comment of any site: for operators and workers, never for a request."""
        ...

    def comment_by_external_id(self, site_id: str, external_id: str) -> Comment: ...
    def comments(
        self, site_id: str, where: CommentFilter, *, before: str | None, limit: int
    ) -> list[Comment]:
        """Return comments newest first, those with an id below *before* only."""
        ...

    def save(self, comment: Comment) -> None:
        """Write a changed comment whose ``version`` is one above the stored one.

        A new ``text_version`` also adds a revision. Any lease on it ends.

        Raises:
            EditConflict: Somebody changed it since it was read; nothing was written.
        """
        ...

    def save_judged(self, judged: Sequence[tuple[Comment, Decision]]) -> list[Comment]:
        """Write changed comments, each with its decision, in as few statements as one takes.

        Returns:
            Those written, in the order given. One that somebody changed or deleted since
            it was read is left out, its decision with it; nothing is raised for it.
        """
        ...

    def revisions(self, site_id: str, comment_id: str) -> list[Revision]:
        """Return every text the comment has had, oldest first, the present one included."""
        ...

    def delete_comment(self, site_id: str, comment_id: str) -> None:
        """Erase texts and personal data and cancel owed deliveries.

        The id answers NotFound from now on, and its external id is free again. Decisions
        stay for the record, without notes and quoted words. An answer kept for it under an
        idempotency key stays with an empty body, so that a late retry does not bring the
        comment back.
        """
        ...

    def review(
        self,
        site_ids: Sequence[str],
        *,
        order: ReviewOrder,
        after: tuple[float, str] | None,
        limit: int,
    ) -> list[Comment]:
        """Return held comments of these sites.

        Args:
            site_ids: The sites that the moderator may see.
            order: Riskiest first (ties: oldest first), or oldest first.
            after: (risk, id) of the last comment already seen; risk is ignored by age.
            limit: How many at most.
        """
        ...

    def approved_count(self, site_id: str, author_key: str, *, limit: int) -> int:
        """Count an author's comments that stand approved, stopping at *limit*."""
        ...

    def backlog(self, *, limit: int) -> Backlog: ...
    def lease(
        self, *, now: datetime, until: datetime, limit: int, first: str | None = None
    ) -> list[Comment]:
        """Take pending comments that nobody holds, oldest first, *first* before all.

        Each comes back with ``attempts`` already counted up. A comment that was leased
        before and never settled is only ever taken alone, so that what kills a worker
        takes no others with it. Two callers never get the same comment while a lease runs.
        """
        ...

    def release(self, comment_ids: Sequence[str]) -> None:
        """Give leased comments back unsettled, their attempt uncounted."""
        ...

    def owed(self, *, now: datetime, limit: int) -> list[str]:
        """Return ids of pending comments that nobody holds, oldest first."""
        ...


class Decisions(Protocol):
    """The append-only record."""

    def record(self, decision: Decision) -> None: ...
    def decisions(self, site_id: str, comment_id: str) -> list[Decision]:
        """Return a comment's decisions, oldest first."""
        ...

    def latest_decisions(self, comment_ids: Sequence[str]) -> dict[str, Decision]: ...


class Webhooks(Protocol):
    """Webhooks and what is owed to them."""

    def add_webhook(self, webhook: Webhook) -> None: ...
    def save_webhook(self, webhook: Webhook) -> None: ...
    def delete_webhook(self, site_id: str, webhook_id: str) -> None:
        """Forget the webhook and cancel what is owed to it."""
        ...

    def webhook(self, site_id: str, webhook_id: str) -> Webhook: ...
    def webhooks(self, site_id: str) -> list[Webhook]: ...

    def add_delivery(self, delivery: Delivery) -> None:
        """Owe a delivery. One comment version is owed to a webhook once at most."""
        ...

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Owe many at once."""
        ...

    def lease_deliveries(
        self, *, now: datetime, until: datetime, limit: int, passing_over: Sequence[str] = ()
    ) -> list[tuple[Delivery, Webhook]]:
        """Take due deliveries of enabled webhooks that nobody holds, oldest first.

        For one comment and webhook only the lowest version still owed is ever given out.

        Args:
            now: The present; what is due later waits.
            until: When the lease ends by itself.
            limit: How many at most.
            passing_over: Webhook ids whose deliveries stay, so that one receiver with many
                owed does not crowd out the others.
        """
        ...

    def settle(self, delivery: Delivery) -> None:
        """Write what came of an attempt; the lease ends. A cancelled one stays cancelled."""
        ...

    def deliveries(
        self,
        site_id: str,
        *,
        status: DeliveryStatus | None,
        limit: int,
        comment_id: str | None = None,
    ) -> list[Delivery]:
        """Return a site's deliveries, newest first; of one comment if *comment_id* is given."""
        ...

    def replay(self, site_id: str, delivery_ids: Sequence[str], *, now: datetime) -> int:
        """Owe these deliveries again, from their first attempt; return how many.

        Those of another site, of a forgotten webhook or an erased comment do not count.
        """
        ...

    def drop_deliveries(self, *, settled_before: datetime, limit: int) -> int:
        """Forget at most *limit* deliveries that ended before then, oldest first; return how many.

        A cancelled one counts from when it was made. What is owed stays, however old.
        """
        ...


class Idempotency(Protocol):
    """Answers kept under an Idempotency-Key, per site, for 24 hours."""

    def answer(self, site_id: str, key: str, *, now: datetime) -> Answer | None: ...
    def begin_answer(self, site_id: str, key: str, answer: Answer, *, expires_at: datetime) -> bool:
        """Reserve the key; False if somebody else did first. Joins the transaction."""
        ...

    def finish_answer(self, site_id: str, key: str, *, status: int, body: str) -> None: ...
    def drop_answers(self, *, now: datetime) -> int:
        """Forget expired answers; return how many."""
        ...


class Store(
    Sites,
    Comments,
    Decisions,
    Webhooks,
    Idempotency,
    Traces,
    Corrections,
    CoralSecrets,
    Protocol,
):
    """All of it, for the length of one transaction."""


class OpenStore(Protocol):
    """Begin a transaction: commits on clean exit, rolls back on an exception."""

    def __call__(self, *, reading: bool = False) -> AbstractContextManager[Store]:
        """Open the store; *reading* promises not to write, so that many may read at once."""
        ...
