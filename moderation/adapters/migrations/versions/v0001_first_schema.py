"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Spelt out here, not imported: what a step does must not change with the code.
_ID = sa.Uuid(as_uuid=False)
_TIME = sa.DateTime(timezone=True)
_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "answers",
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("comment_id", _ID, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("in_flight_until", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "key", name="pk_answers"),
    )
    op.create_index(
        "ix_answers_comment_id", "answers", ["comment_id"], **_where("comment_id IS NOT NULL")
    )
    op.create_index("ix_answers_expires_at", "answers", ["expires_at"])

    op.create_table(
        "decisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("comment_version", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", _TIME, nullable=False),
        sa.Column("reasons", _DOCUMENT, nullable=False),
        sa.Column("scores", _DOCUMENT, nullable=False),
        sa.Column("spans", _DOCUMENT, nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=True),
        sa.Column("model_hash", sa.Text(), nullable=True),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint(
            "comment_id", "comment_version", name="uq_decisions_comment_id_comment_version"
        ),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("webhook_id", _ID, nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("comment_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("next_attempt_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("settled_at", _TIME, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint(
            "comment_id",
            "webhook_id",
            "comment_version",
            name="uq_deliveries_comment_id_webhook_id_comment_version",
        ),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["due_at", "id", "webhook_id"],
        **_where("status = 'owed'"),
    )
    op.create_index("ix_deliveries_ended", "deliveries", ["id"], **_where("status != 'owed'"))
    op.create_index("ix_deliveries_site_id_status_id", "deliveries", ["site_id", "status", "id"])

    op.create_table(
        "moderators",
        sa.Column("id", _ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("site_ids", _DOCUMENT, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moderators"),
        sa.UniqueConstraint("email", name="uq_moderators_email"),
    )
    op.create_table(
        "sites",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
    )
    op.create_table(
        "comments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", _TIME, nullable=True),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=True),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("risk", sa.Double(), nullable=True),
        sa.Column("review_rank", sa.Double(), nullable=False),
        sa.Column("moderated", sa.Boolean(), nullable=False),
        sa.Column("rejected_by_moderator", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("article_url", sa.Text(), nullable=True),
        sa.Column("article_title", sa.Text(), nullable=True),
        sa.Column("article_section", sa.Text(), nullable=True),
        sa.Column("author_key", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("author_email_hash", sa.Text(), nullable=True),
        sa.Column("author_url", sa.Text(), nullable=True),
        sa.Column("ip_hash", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("referrer", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("honeypot", sa.Boolean(), nullable=False),
        sa.Column("form_seconds", sa.Double(), nullable=True),
        sa.Column("created_at", _TIME, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_comments_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    op.create_index(
        "ix_comments_article",
        "comments",
        ["site_id", "article_id", "status", "id"],
        **_where("article_id IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_author",
        "comments",
        ["site_id", "author_key", "status", "id"],
        **_where("author_key IS NOT NULL"),
    )
    op.create_index("ix_comments_pending", "comments", ["id"], **_where("status = 'pending'"))
    op.create_index(
        "ix_comments_review",
        "comments",
        ["site_id", "review_rank", "id"],
        **_where("status = 'held'"),
    )
    op.create_index("ix_comments_site_id_status_id", "comments", ["site_id", "status", "id"])
    op.create_index(
        "uq_comments_external_id",
        "comments",
        ["site_id", "external_id"],
        unique=True,
        **_where("external_id IS NOT NULL"),
    )

    op.create_table(
        "keys",
        sa.Column("id", _ID, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("site_id", _ID, nullable=True),
        sa.Column("moderator_id", _ID, nullable=True),
        sa.Column("expires_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["moderator_id"], ["moderators.id"], name="fk_keys_moderator_id"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_keys_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
        sa.UniqueConstraint("prefix", name="uq_keys_prefix"),
    )
    op.create_table(
        "policies",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", _DOCUMENT, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_policies_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_policies"),
        sa.UniqueConstraint("site_id", "version", name="uq_policies_site_id_version"),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secrets", _DOCUMENT, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_webhooks_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_site_id", "webhooks", ["site_id"])

    op.create_table(
        "revisions",
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_revisions_comment_id"),
        sa.PrimaryKeyConstraint("comment_id", "text_version", name="pk_revisions"),
    )


def downgrade() -> None:
    """Drop every table, with all that is in them."""
    op.drop_table("revisions")

    op.drop_table("webhooks")
    op.drop_table("policies")
    op.drop_table("keys")

    op.drop_table("comments")
    op.drop_table("sites")
    op.drop_table("moderators")

    op.drop_table("deliveries")
    op.drop_table("decisions")

    op.drop_table("answers")
