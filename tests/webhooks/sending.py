"""A delivery, a webhook and a sender, made by saying only what matters."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moderation.adapters.webhook_sender import StandardWebhookSender
from moderation.domain.delivery import Delivery, Webhook, WebhookSecret
from moderation.usecases.webhook_secrets import new_webhook_secret
from tests.builders import NOW, a_comment, a_delivery, a_site

BODY = '{"type":"comment.decided","data":{"note":"naïve — 日本"}}'


def present() -> datetime:
    return datetime.now(UTC)


def a_webhook_at(url: str, *secrets: WebhookSecret) -> Webhook:
    return Webhook(
        id="w1",
        site_id="s1",
        url=url,
        secrets=secrets or (WebhookSecret(new_webhook_secret()),),
        created_at=NOW,
    )


def a_delivery_to(webhook: Webhook) -> Delivery:
    return a_delivery(a_comment(a_site()), webhook, body=BODY)


def a_sender(
    *,
    timeout_s: float = 5.0,
    allow_private: bool = True,
    now: Callable[[], datetime] = present,
    **more: Any,
) -> StandardWebhookSender:
    return StandardWebhookSender(timeout_s=timeout_s, allow_private=allow_private, now=now, **more)
