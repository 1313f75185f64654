"""The tables. Every index is paid for by each accepted comment: none without its query."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from moderation.adapters.sql_store.types import Document, Identifier, UtcDateTime

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Partial indexes are only used by queries that spell their condition out: a bound value
# would not let either database see that the one implies the other.
PENDING: Final[ColumnClause[str]] = literal_column("'pending'")
HELD: Final[ColumnClause[str]] = literal_column("'held'")
OWED: Final[ColumnClause[str]] = literal_column("'owed'")
NEW: Final[ColumnClause[str]] = literal_column("'new'")


def _where(condition: Any) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


sites: Final = Table(
    "sites",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

moderators: Final = Table(
    "moderators",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("site_ids", Document, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("active", Boolean, nullable=False),
)

keys: Final = Table(
    "keys",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("prefix", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("site_id", Identifier, ForeignKey("sites.id")),
    Column("moderator_id", Identifier, ForeignKey("moderators.id")),
    Column("expires_at", UtcDateTime),
)

policies: Final = Table(
    "policies",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, ForeignKey("sites.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Document, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("site_id", "version"),
)

comments: Final = Table(
    "comments",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, ForeignKey("sites.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("text_version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime),
    # When the present text was written: the time of receipt or of the last edit.
    Column("written_at", UtcDateTime, nullable=False),
    Column("risk", Double),
    # The risk (none counts as 0), negated, so that the review index reads forwards.
    Column("review_rank", Double, nullable=False),
    Column("moderated", Boolean, nullable=False),
    Column("rejected_by_moderator", Boolean, nullable=False),
    Column("external_id", Text),
    # No foreign key: replies outlive the comment that they answer.
    Column("parent_id", Identifier),
    Column("article_id", Text),
    Column("article_url", Text),
    Column("article_title", Text),
    Column("article_section", Text),
    Column("author_key", Text),
    Column("author_id", Text),
    Column("author_name", Text),
    Column("author_email_hash", Text),
    Column("author_url", Text),
    Column("ip_hash", Text),
    Column("user_agent", Text),
    Column("referrer", Text),
    Column("language", Text),
    Column("honeypot", Boolean, nullable=False),
    Column("form_seconds", Double),
    Column("created_at", UtcDateTime),
    Column("body", Text, nullable=False),
    Column("disposable_email", Boolean),
)

# A list without a status is the union of four ranges, one for each status (listing.py):
# so these three serve all lists, in order, with no row read in vain.
Index(None, comments.c.site_id, comments.c.status, comments.c.id)
Index(
    "ix_comments_article",
    comments.c.site_id,
    comments.c.article_id,
    comments.c.status,
    comments.c.id,
    **_where(comments.c.article_id.is_not(None)),
)
Index(
    "ix_comments_author",
    comments.c.site_id,
    comments.c.author_key,
    comments.c.status,
    comments.c.id,
    **_where(comments.c.author_key.is_not(None)),
)
Index(
    "uq_comments_external_id",
    comments.c.site_id,
    comments.c.external_id,
    unique=True,
    **_where(comments.c.external_id.is_not(None)),
)
# What waits for the machine, oldest first: leases, the backlog, the sweep.
Index("ix_comments_pending", comments.c.id, **_where(comments.c.status == PENDING))
Index(
    "ix_comments_review",
    comments.c.site_id,
    comments.c.review_rank,
    comments.c.id,
    **_where(comments.c.status == HELD),
)

# Earlier texts only: the present one is the comment's own, so accepting writes one row.
revisions: Final = Table(
    "revisions",
    metadata,
    Column("comment_id", Identifier, ForeignKey("comments.id"), primary_key=True),
    Column("text_version", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)

# No foreign key to comments: the record outlives an erased comment.
decisions: Final = Table(
    "decisions",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, nullable=False),
    Column("comment_id", Identifier, nullable=False),
    Column("comment_version", Integer, nullable=False),
    Column("text_version", Integer, nullable=False),
    Column("action", String(16), nullable=False),
    Column("before", String(16), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("reasons", Document, nullable=False),
    Column("scores", Document, nullable=False),
    Column("spans", Document, nullable=False),
    Column("policy_version", Integer),
    Column("model_hash", Text),
    Column("code_version", Text, nullable=False),
    Column("note", Text),
    # A version of a comment comes from one decision, whatever else goes wrong.
    UniqueConstraint("comment_id", "comment_version"),
)

webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, ForeignKey("sites.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("secrets", Document, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

# No foreign keys: what was sent stays on record when the webhook or the comment goes.
deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, nullable=False),
    Column("webhook_id", Identifier, nullable=False),
    Column("comment_id", Identifier, nullable=False),
    Column("comment_version", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    # When it may be given out: its next attempt, or the end of a lease, or of time.
    Column("due_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("last_error", Text),
    Column("body", Text, nullable=False),
    UniqueConstraint("comment_id", "webhook_id", "comment_version"),
)
Index(None, deliveries.c.site_id, deliveries.c.status, deliveries.c.id)
Index(
    "ix_deliveries_due",
    deliveries.c.due_at,
    deliveries.c.id,
    deliveries.c.webhook_id,
    **_where(deliveries.c.status == OWED),
)
# What is old and can be forgotten.
Index("ix_deliveries_ended", deliveries.c.id, **_where(deliveries.c.status != OWED))

answers: Final = Table(
    "answers",
    metadata,
    Column("site_id", Identifier, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("comment_id", Identifier),
    Column("status", Integer),
    Column("body", Text),
    Column("in_flight_until", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
Index(None, answers.c.comment_id, **_where(answers.c.comment_id.is_not(None)))

# Kept for a while, to compare later comments with. No foreign key: a trace may outlive nothing
# that it names, but whatever erases a comment also erases these.
traces: Final = Table(
    "traces",
    metadata,
    Column("comment_id", Identifier, primary_key=True),
    Column("site_id", Identifier, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("author", BigInteger),
    Column("address", BigInteger),
    Column("sketch", LargeBinary, nullable=False),
)
# Rates: how many comments of one author, from one address, on one site, in a stretch of time.
Index(
    "ix_traces_author",
    traces.c.author,
    traces.c.received_at,
    **_where(traces.c.author.is_not(None)),
)
Index(
    "ix_traces_address",
    traces.c.address,
    traces.c.received_at,
    **_where(traces.c.address.is_not(None)),
)
Index("ix_traces_site_id", traces.c.site_id, traces.c.received_at)

# The first pairs of each sketch: its own index and nothing else. The newest of those that have
# a key are found first, as ids sort by time.
trace_keys: Final = Table(
    "trace_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("comment_id", Identifier, primary_key=True),
    sqlite_with_rowid=False,
)

# What moderators made of comments that link to a domain: the last decision on each.
domain_notes: Final = Table(
    "domain_notes",
    metadata,
    Column("site_id", Identifier, primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("comment_id", Identifier, primary_key=True, index=True),
    Column("spam", Boolean, nullable=False),
    Column("author", BigInteger),
    Column("decided_at", UtcDateTime, nullable=False, index=True),
)

# No foreign key to comments: erasing one takes its feedback along (erasure.py).
feedback: Final = Table(
    "feedback",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, ForeignKey("sites.id"), nullable=False),
    Column("comment_id", Identifier, nullable=False),
    Column("text_version", Integer, nullable=False),
    Column("spam", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("given_by", Text),
    Column("given_at", UtcDateTime, nullable=False),
    Column("learning", String(16), nullable=False),
    # The first version of the correction that it was put into.
    Column("learnt_in", Integer),
    UniqueConstraint("comment_id", "source"),
)
# What a site can be taught: the newest of each source.
Index(None, feedback.c.site_id, feedback.c.source, feedback.c.id)
Index("ix_feedback_new", feedback.c.site_id, **_where(feedback.c.learning == NEW))

corrections: Final = Table(
    "corrections",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, ForeignKey("sites.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("learnt", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("copy_of", Integer),
    Column("weights", LargeBinary, nullable=False),
    UniqueConstraint("site_id", "version"),
)

coral_secrets: Final = Table(
    "coral_secrets",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("site_id", Identifier, ForeignKey("sites.id"), nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
Index("ix_coral_secrets_site_id", coral_secrets.c.site_id)
