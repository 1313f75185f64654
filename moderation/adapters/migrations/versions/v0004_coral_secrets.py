"""Signing secrets of Coral's external moderation phases."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "coral_secrets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("site_id", _ID, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_coral_secrets_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coral_secrets"),
    )
    op.create_index("ix_coral_secrets_site_id", "coral_secrets", ["site_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_coral_secrets_site_id", "coral_secrets")
    op.drop_table("coral_secrets")
