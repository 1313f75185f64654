"""A site with comments, webhooks and deliveries owed, and a clock that stands still."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderation.domain.delivery import Delivery, DeliveryStatus, Webhook, WebhookSecret
from moderation.domain.site import Site
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from moderation.ports.webhooks import Outcome, WebhookSender
from moderation.usecases.deliver import Delivering, deliver_owed
from moderation.usecases.webhook_secrets import new_webhook_secret, sealed
from tests.builders import NOW, a_comment, a_delivery, a_site
from tests.usecases.given import PRIVACY

ATTEMPT = timedelta(seconds=20)
SENT = Outcome(delivered=True)
REFUSED = Outcome(delivered=False, error="answered 500")


@dataclass
class ScriptedSender:
    """Remembers what was sent, and answers by script."""

    answer: Callable[[Delivery, Webhook], Outcome] = lambda *_: SENT
    sent: list[Delivery] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, delivery: Delivery, webhook: Webhook) -> Outcome:
        with self._lock:
            self.sent.append(delivery)
        return self.answer(delivery, webhook)

    def bodies(self) -> list[str]:
        return [delivery.body for delivery in self.sent]


@dataclass
class Mailroom:
    open_store: OpenStore
    now: datetime = NOW
    site: Site = field(default_factory=a_site)

    def __post_init__(self) -> None:
        with self.open_store() as store:
            store.add_site(self.site)

    def webhook(self, url: str = "https://news.example/hook") -> Webhook:
        """Add a webhook; return it with its secret in the clear."""
        webhook = Webhook(
            id=new_id(NOW),
            site_id=self.site.id,
            url=url,
            secrets=(WebhookSecret(new_webhook_secret()),),
            created_at=NOW,
        )
        with self.open_store() as store:
            store.add_webhook(sealed(webhook, PRIVACY))
        return webhook

    def owe(
        self, webhook: Webhook, body: str, *, versions: int = 1, due_at: datetime = NOW
    ) -> list[Delivery]:
        """Owe a comment's versions to a webhook; their bodies are numbered if there are many."""
        comment = a_comment(self.site)
        owed = [
            a_delivery(
                comment,
                webhook,
                comment_version=version,
                body=body if versions == 1 else f"{body}{version}",
                next_attempt_at=due_at,
            )
            for version in range(1, versions + 1)
        ]
        with self.open_store() as store:
            store.add_comment(comment)
            for delivery in owed:
                store.add_delivery(delivery)
        return owed

    def delivering(
        self, sender: WebhookSender, *, at_once: int = 32, at_once_each: int = 4
    ) -> Delivering:
        return Delivering(
            open_store=self.open_store,
            sender=sender,
            privacy=PRIVACY,
            clock=lambda: self.now,
            attempt=ATTEMPT,
            at_once=at_once,
            at_once_each=at_once_each,
        )

    def deliver(self, sender: WebhookSender, **bounds: int) -> int:
        return deliver_owed(self.delivering(sender, **bounds))

    def kept(self, status: DeliveryStatus | None = None) -> list[Delivery]:
        """Return what the store has, oldest first."""
        with self.open_store(reading=True) as store:
            return store.deliveries(self.site.id, status=status, limit=1000)[::-1]
