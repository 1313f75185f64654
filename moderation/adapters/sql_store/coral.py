"""Signing secrets of Coral, as they were sealed."""

from sqlalchemy import delete, insert, select

from moderation.adapters.sql_store.session import Session, known
from moderation.adapters.sql_store.tables import coral_secrets
from moderation.domain.coral import CoralSecret
from moderation.errors import NotFound
from moderation.identifiers import is_id


class SqlCoralSecrets(Session):
    """``ports.CoralSecrets``."""

    def add_coral_secret(self, secret: CoralSecret) -> None:
        self._run(
            insert(coral_secrets),
            {
                "id": secret.id,
                "site_id": secret.site_id,
                "secret": secret.secret,
                "created_at": secret.created_at,
            },
        )

    def coral_secrets(self, site_id: str) -> list[CoralSecret]:
        if not is_id(site_id):
            return []
        rows = self._all(
            select(coral_secrets)
            .where(coral_secrets.c.site_id == site_id)
            .order_by(coral_secrets.c.id)
        )
        return [
            CoralSecret(
                id=row.id, site_id=row.site_id, secret=row.secret, created_at=row.created_at
            )
            for row in rows
        ]

    def delete_coral_secret(self, site_id: str, secret_id: str) -> None:
        deleted = self._run(
            delete(coral_secrets).where(
                coral_secrets.c.id == known("secret", secret_id),
                coral_secrets.c.site_id == known("site", site_id),
            )
        )
        if deleted.rowcount == 0:
            raise NotFound("secret", secret_id)
