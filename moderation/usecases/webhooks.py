"""A site's webhooks: where it hears of decisions, under which secrets, and what it missed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from moderation.domain.delivery import Delivery, DeliveryStatus, Webhook, WebhookSecret
from moderation.domain.webhook_url import read_webhook_url
from moderation.errors import Invalid
from moderation.identifiers import new_id
from moderation.ports.jobs import Jobs
from moderation.ports.privacy import Privacy
from moderation.ports.store import OpenStore
from moderation.usecases.key_ring import checked_overlap
from moderation.usecases.webhook_secrets import check_webhook_secret, new_webhook_secret, sealed

_MAX_REPLAYED: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """An address to be told of decisions, as its operator gave it.

    ``secret`` is in the clear; None makes one. ``allow_private`` lets the address be one
    that is not public.
    """

    url: str
    secret: str | None = None
    allow_private: bool = False


def add_webhook(
    site_id: str, new: NewWebhook, *, open_store: OpenStore, privacy: Privacy, now: datetime
) -> Webhook:
    """Let a site hear of its decisions, signed under a new or the given secret.

    Returns:
        The webhook with its secret in the clear, for the only time.

    Raises:
        Invalid: The address or the secret is malformed.
        NotFound: There is no such site.
    """
    read_webhook_url(new.url, allow_private=new.allow_private)
    webhook = Webhook(
        id=new_id(now),
        site_id=site_id,
        url=new.url,
        secrets=(WebhookSecret(_given_or_new(new.secret)),),
        created_at=now,
    )
    with open_store() as store:
        store.site(site_id)
        store.add_webhook(sealed(webhook, privacy))
    return webhook


def list_webhooks(site_id: str, *, open_store: OpenStore) -> list[Webhook]:
    """Return a site's webhooks, oldest first, their secrets sealed.

    Raises:
        NotFound: There is no such site.
    """
    with open_store(reading=True) as store:
        store.site(site_id)
        return sorted(store.webhooks(site_id), key=lambda webhook: webhook.id)


def enable_webhook(site_id: str, webhook_id: str, *, open_store: OpenStore, jobs: Jobs) -> Webhook:
    """Tell the webhook of decisions again, and of those first that were owed before.

    Raises:
        NotFound: The site has no such webhook.
    """
    with open_store() as store:
        webhook = replace(store.webhook(site_id, webhook_id), disabled_at=None)
        store.save_webhook(webhook)
    jobs.deliver()
    return webhook


def disable_webhook(
    site_id: str, webhook_id: str, *, open_store: OpenStore, now: datetime
) -> Webhook:
    """Send nothing there until it is enabled; one that is disabled keeps its time.

    Raises:
        NotFound: The site has no such webhook.
    """
    with open_store() as store:
        webhook = store.webhook(site_id, webhook_id)
        if webhook.disabled_at is None:
            webhook = replace(webhook, disabled_at=now)
            store.save_webhook(webhook)
    return webhook


def rotate_secret(
    site_id: str,
    webhook_id: str,
    *,
    overlap: timedelta,
    secret: str | None = None,
    open_store: OpenStore,
    privacy: Privacy,
    now: datetime,
) -> WebhookSecret:
    """Sign under a new secret at once, and under the older ones too until *overlap* has passed.

    Returns:
        The new secret in the clear, for the only time.

    Raises:
        Invalid: The secret is malformed, or the overlap senseless.
        NotFound: The site has no such webhook.
    """
    ends = now + checked_overlap(overlap)
    fresh = WebhookSecret(_given_or_new(secret))
    with open_store() as store:
        webhook = store.webhook(site_id, webhook_id)
        older = [_ending(old, ends) for old in webhook.secrets if _valid(old, now)]
        sealed_secret = replace(fresh, secret=privacy.seal(fresh.secret))
        store.save_webhook(replace(webhook, secrets=(sealed_secret, *older)))
    return fresh


def delete_webhook(site_id: str, webhook_id: str, *, open_store: OpenStore) -> None:
    """Forget a webhook and what is owed to it.

    Raises:
        NotFound: The site has no such webhook.
    """
    with open_store() as store:
        store.webhook(site_id, webhook_id)
        store.delete_webhook(site_id, webhook_id)


def list_deliveries(
    site_id: str, *, status: DeliveryStatus | None, limit: int, open_store: OpenStore
) -> list[Delivery]:
    """Return a site's latest deliveries, newest first.

    Raises:
        NotFound: There is no such site.
    """
    with open_store(reading=True) as store:
        store.site(site_id)
        return store.deliveries(site_id, status=status, limit=limit)


def replay_deliveries(
    site_id: str,
    *,
    delivery_ids: Sequence[str] | None = None,
    open_store: OpenStore,
    jobs: Jobs,
    now: datetime,
) -> int:
    """Owe deliveries again, same id and body; return how many.

    Args:
        site_id: Whose deliveries.
        delivery_ids: Which ones; ids that are not the site's are passed over. None: its
            latest failed ones, 1,000 at most.
        open_store: Opens the store.
        jobs: Wakes the sender up.
        now: They are due from now on.

    Raises:
        Invalid: More than 1,000 at once.
        NotFound: There is no such site.
    """
    if delivery_ids is not None and len(delivery_ids) > _MAX_REPLAYED:
        raise Invalid("delivery_ids", f"must be {_MAX_REPLAYED:,} at most")
    with open_store() as store:
        store.site(site_id)
        if delivery_ids is None:
            failed = store.deliveries(site_id, status=DeliveryStatus.FAILED, limit=_MAX_REPLAYED)
            delivery_ids = [delivery.id for delivery in failed]
        count = store.replay(site_id, delivery_ids, now=now)
    if count:
        jobs.deliver()
    return count


def _given_or_new(secret: str | None) -> str:
    if secret is None:
        return new_webhook_secret()
    check_webhook_secret(secret)
    return secret


def _valid(secret: WebhookSecret, now: datetime) -> bool:
    return secret.expires_at is None or now < secret.expires_at


def _ending(secret: WebhookSecret, ends: datetime) -> WebhookSecret:
    """Let a secret end at *ends*, unless it ends sooner anyway."""
    if secret.expires_at is not None and secret.expires_at <= ends:
        return secret
    return replace(secret, expires_at=ends)
