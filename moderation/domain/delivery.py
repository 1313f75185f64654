"""What is owed to a site's webhook, and when it is tried again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

RETRY_AFTER: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Pauses after the first, second … failed attempt. Source: Standard Webhooks 1.0."""


class DeliveryStatus(StrEnum):
    """Where a delivery stands: owed, or ended in one of three ways."""

    OWED = "owed"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class WebhookSecret:
    """A signing secret (``whsec_…``) and until when it signs; None means without end."""

    secret: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where a site wants to hear of decisions.

    While two secrets are valid every message carries both signatures. A disabled webhook
    gets nothing new; what was owed stays owed and is sent once it is enabled again.
    """

    id: str
    site_id: str
    url: str
    secrets: tuple[WebhookSecret, ...]
    created_at: datetime
    disabled_at: datetime | None = None

    def signing(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets valid at *now*, newest first."""
        return tuple(s.secret for s in self.secrets if s.expires_at is None or now < s.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One decision owed to one webhook.

    ``id`` is the message's ``webhook-id`` and ``body`` its exact bytes as text: both stay
    the same over all attempts and replays.
    """

    id: str
    site_id: str
    webhook_id: str
    comment_id: str
    comment_version: int
    body: str
    created_at: datetime
    next_attempt_at: datetime
    status: DeliveryStatus = DeliveryStatus.OWED
    attempts: int = 0
    last_error: str | None = None
    settled_at: datetime | None = None

    def succeeded(self, now: datetime) -> "Delivery":
        return replace(
            self,
            status=DeliveryStatus.DELIVERED,
            attempts=self.attempts + 1,
            last_error=None,
            settled_at=now,
        )

    def failed(self, error: str, now: datetime) -> "Delivery":
        """Return the delivery after a failed attempt: owed again, or failed for good.

        Args:
            error: What went wrong, in a form fit for an operator: no body, no secret.
            now: When the attempt ended.
        """
        if self.attempts >= len(RETRY_AFTER):
            return replace(
                self,
                status=DeliveryStatus.FAILED,
                attempts=self.attempts + 1,
                last_error=error,
                settled_at=now,
            )
        return replace(
            self,
            attempts=self.attempts + 1,
            next_attempt_at=now + RETRY_AFTER[self.attempts],
            last_error=error,
        )
