"""How a site is told of a decision."""

from dataclasses import dataclass
from typing import Protocol

from moderation.domain.delivery import Delivery, Webhook


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. ``gone`` (410): the receiver wants no more, ever."""

    delivered: bool
    error: str | None = None
    gone: bool = False


class WebhookSender(Protocol):
    """Signs and posts one delivery by Standard Webhooks 1.0."""

    def send(self, delivery: Delivery, webhook: Webhook) -> Outcome:
        """Try once. Never raises for what the network or the receiver does."""
        ...
