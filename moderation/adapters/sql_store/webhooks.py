"""Webhooks: where sites want to hear of decisions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from moderation.adapters.sql_store.session import Session, known
from moderation.adapters.sql_store.tables import OWED, deliveries, webhooks
from moderation.domain.delivery import DeliveryStatus, Webhook, WebhookSecret
from moderation.errors import NotFound

_NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""When deliveries of a disabled webhook are due: they stay owed, out of everybody's way."""


class SqlWebhooks(Session):
    """``ports.Webhooks``, deliveries apart."""

    def add_webhook(self, webhook: Webhook) -> None:
        self._run(
            insert(webhooks),
            {"id": webhook.id, "site_id": webhook.site_id, **_webhook_values(webhook)},
        )

    def save_webhook(self, webhook: Webhook) -> None:
        saved = self._run(
            update(webhooks)
            .where(
                webhooks.c.id == known("webhook", webhook.id),
                webhooks.c.site_id == known("site", webhook.site_id),
            )
            .values(_webhook_values(webhook))
        )
        if saved.rowcount == 0:
            raise NotFound("webhook", webhook.id)
        disabled = webhook.disabled_at is not None
        shelved = deliveries.c.due_at == _NEVER
        self._run(
            update(deliveries)
            .where(
                deliveries.c.webhook_id == webhook.id,
                deliveries.c.status == OWED,
                ~shelved if disabled else shelved,
            )
            .values(due_at=_NEVER if disabled else deliveries.c.next_attempt_at)
        )

    def delete_webhook(self, site_id: str, webhook_id: str) -> None:
        deleted = self._run(
            delete(webhooks).where(
                webhooks.c.id == known("webhook", webhook_id),
                webhooks.c.site_id == known("site", site_id),
            )
        )
        if deleted.rowcount == 0:
            raise NotFound("webhook", webhook_id)
        self._run(
            update(deliveries)
            .where(deliveries.c.webhook_id == webhook_id, deliveries.c.status == OWED)
            .values(status=DeliveryStatus.CANCELLED.value)
        )

    def webhook(self, site_id: str, webhook_id: str) -> Webhook:
        row = self._one(
            select(webhooks).where(
                webhooks.c.id == known("webhook", webhook_id),
                webhooks.c.site_id == known("site", site_id),
            )
        )
        if row is None:
            raise NotFound("webhook", webhook_id)
        return _webhook(row)

    def webhooks(self, site_id: str) -> list[Webhook]:
        rows = self._all(
            select(webhooks)
            .where(webhooks.c.site_id == known("site", site_id))
            .order_by(webhooks.c.id)
        )
        return [_webhook(row) for row in rows]

    def _webhooks_by_id(self, webhook_ids: Sequence[str]) -> dict[str, Webhook]:
        rows = self._all(select(webhooks).where(webhooks.c.id.in_(webhook_ids)))
        return {row.id: _webhook(row) for row in rows}


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        site_id=row.site_id,
        url=row.url,
        secrets=tuple(_secret(document) for document in row.secrets),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def _webhook_values(webhook: Webhook) -> dict[str, Any]:
    return {
        "url": webhook.url,
        "secrets": [
            {
                "secret": each.secret,
                "expires_at": each.expires_at.isoformat() if each.expires_at else None,
            }
            for each in webhook.secrets
        ],
        "created_at": webhook.created_at,
        "disabled_at": webhook.disabled_at,
    }


def _secret(document: dict[str, Any]) -> WebhookSecret:
    ends = document["expires_at"]
    return WebhookSecret(document["secret"], datetime.fromisoformat(ends) if ends else None)
