"""Traces of comments, and what moderators made of domains."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.Uuid(as_uuid=False)
_TIME = sa.DateTime(timezone=True)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Add the tables, and whether an e-mail address was one to be thrown away."""
    op.add_column("comments", sa.Column("disposable_email", sa.Boolean(), nullable=True))
    op.create_table(
        "traces",
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.BigInteger(), nullable=True),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", name="pk_traces"),
    )
    op.create_index(
        "ix_traces_author", "traces", ["author", "received_at"], **_where("author IS NOT NULL")
    )
    op.create_index(
        "ix_traces_address", "traces", ["address", "received_at"], **_where("address IS NOT NULL")
    )
    op.create_index("ix_traces_site_id", "traces", ["site_id", "received_at"])
    op.create_table(
        "trace_keys",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("key", "comment_id", name="pk_trace_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "domain_notes",
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("spam", sa.Boolean(), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "domain", "comment_id", name="pk_domain_notes"),
    )
    op.create_index("ix_domain_notes_comment_id", "domain_notes", ["comment_id"])
    op.create_index("ix_domain_notes_decided_at", "domain_notes", ["decided_at"])


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("domain_notes")
    op.drop_table("trace_keys")
    op.drop_table("traces")
    op.drop_column("comments", "disposable_email")
