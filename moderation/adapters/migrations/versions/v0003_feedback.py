"""Feedback of moderators and sites, and the corrections of the spam score learnt from it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.Uuid(as_uuid=False)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "feedback",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("spam", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=True),
        sa.Column("given_at", _TIME, nullable=False),
        sa.Column("learning", sa.String(length=16), nullable=False),
        sa.Column("learnt_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_feedback_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("comment_id", "source", name="uq_feedback_comment_id_source"),
    )
    op.create_index("ix_feedback_site_id_source_id", "feedback", ["site_id", "source", "id"])
    op.create_index(
        "ix_feedback_new",
        "feedback",
        ["site_id"],
        sqlite_where=sa.text("learning = 'new'"),
        postgresql_where=sa.text("learning = 'new'"),
    )
    op.create_table(
        "corrections",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("learnt", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("copy_of", sa.Integer(), nullable=True),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_corrections_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.UniqueConstraint("site_id", "version", name="uq_corrections_site_id_version"),
    )


def downgrade() -> None:
    """Drop both, with all that was learnt."""
    op.drop_table("corrections")
    op.drop_index("ix_feedback_new", "feedback")
    op.drop_index("ix_feedback_site_id_source_id", "feedback")
    op.drop_table("feedback")
