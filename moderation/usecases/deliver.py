"""Send the webhooks that are owed: at least once each, in version order per comment."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from moderation.domain.delivery import Delivery, Webhook
from moderation.errors import NotFound
from moderation.ports.privacy import Privacy
from moderation.ports.store import OpenStore, Store
from moderation.ports.webhooks import Outcome, WebhookSender
from moderation.usecases.webhook_secrets import unsealed

DELIVERED: Final = "delivered"
FAILED: Final = "failed"
GONE: Final = "gone"

_MOST_LEASED: Final = 64
_LEASE_ATTEMPTS: Final = 3
"""A lease lasts as long as this many attempts may take: two of waiting, one of sending."""

_LOOK_AGAIN_S: Final = 0.25
"""How soon a delivery that falls due while others wait or are being sent is noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """The ports and bounds of sending.

    ``attempt`` is the longest that ``sender`` may take. ``at_once`` attempts run at the same
    time, ``at_once_each`` to one receiver: so a slow one leaves the others room.
    """

    open_store: OpenStore
    sender: WebhookSender
    privacy: Privacy
    clock: Callable[[], datetime]
    attempt: timedelta
    at_once: int = 32
    at_once_each: int = 4


def deliver_owed(
    delivering: Delivering,
    *,
    stopping: Callable[[], bool] = lambda: False,
    observe: Callable[[str], object] | None = None,
) -> int:
    """Send what is due until nothing is, and return how many attempts were made.

    Nothing is sent inside a transaction. A crash between sending and settling sends the same
    id and body again once the lease has run out. A receiver that fails again and again is
    left alone until the next call; what was leased for it goes back uncounted.

    Args:
        delivering: Ports and bounds.
        stopping: Once true, nothing new is begun; what is being sent is still settled.
        observe: Told of each attempt: ``delivered``, ``failed`` or ``gone``.

    Raises:
        StoreUnavailable: What was being sent then may be sent again.
    """
    run = _Run(delivering)
    attempts = 0
    with ThreadPoolExecutor(delivering.at_once, thread_name_prefix="deliver") as pool:
        while True:
            if stopping():
                run.give_all_back()
            else:
                run.lease()
                run.begin(pool)
            if run.idle:
                return attempts
            for outcome in run.collect():
                attempts += 1
                if observe is not None:
                    observe(outcome)


@dataclass(frozen=True, slots=True)
class _Leased:
    delivery: Delivery
    until: datetime


@dataclass(slots=True)
class _Run:
    """Who waits, who is being sent to, and whom to leave alone; by webhook id."""

    delivering: Delivering
    waiting: dict[str, deque[_Leased]] = field(default_factory=lambda: defaultdict(deque))
    sending: dict[Future[str | None], str] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """In a row, the last included."""

    look_again_at: float = 0.0
    """On the monotonic clock; while some wait, the store is not asked at every turn."""

    @property
    def idle(self) -> bool:
        return not self.sending and not any(self.waiting.values())

    def lease(self) -> None:
        """Take more, passing over receivers that have enough to wait for or are resting."""
        waiting = sum(map(len, self.waiting.values()))
        if waiting and time.monotonic() < self.look_again_at:
            return
        self.look_again_at = time.monotonic() + _LOOK_AGAIN_S
        now = self.delivering.clock()
        until = now + _LEASE_ATTEMPTS * self.delivering.attempt
        enough = {webhook_id for webhook_id, queue in self.waiting.items() if queue}
        resting = {webhook_id for webhook_id in self.failures if self._resting(webhook_id)}
        with self.delivering.open_store() as store:
            leased = store.lease_deliveries(
                now=now, until=until, limit=_MOST_LEASED, passing_over=sorted(enough | resting)
            )
        for delivery, webhook in leased:
            self.waiting[webhook.id].append(_Leased(delivery, until))

    def begin(self, pool: ThreadPoolExecutor) -> None:
        """Begin what the bounds allow, dropping what waited so long that its lease runs out."""
        each = self.delivering.at_once_each
        latest = self.delivering.clock() + self.delivering.attempt
        for webhook_id, queue in self.waiting.items():
            while queue and self.busy[webhook_id] < each and self._has_room():
                leased = queue.popleft()
                if leased.until < latest:
                    continue
                attempt = pool.submit(_attempt, self.delivering, leased.delivery)
                self.sending[attempt] = webhook_id
                self.busy[webhook_id] += 1

    def collect(self) -> list[str]:
        """Wait a moment for attempts to end, and return how they did."""
        done, _ = wait(self.sending, timeout=_LOOK_AGAIN_S, return_when=FIRST_COMPLETED)
        outcomes = []
        for attempt in done:
            webhook_id = self.sending.pop(attempt)
            self.busy[webhook_id] -= 1
            outcome = attempt.result()
            if outcome is not None:
                outcomes.append(outcome)
                self._learn(webhook_id, outcome)
        return outcomes

    def give_all_back(self) -> None:
        for webhook_id in self.waiting:
            self._give_back(webhook_id)

    def _has_room(self) -> bool:
        return len(self.sending) < self.delivering.at_once

    def _resting(self, webhook_id: str) -> bool:
        return self.failures[webhook_id] >= self.delivering.at_once_each

    def _learn(self, webhook_id: str, outcome: str) -> None:
        if outcome == DELIVERED:
            self.failures[webhook_id] = 0
            return
        self.failures[webhook_id] += 1
        if self._resting(webhook_id):
            self._give_back(webhook_id)

    def _give_back(self, webhook_id: str) -> None:
        """Settling a delivery unchanged ends its lease and counts no attempt."""
        leased = list(self.waiting[webhook_id])
        self.waiting[webhook_id].clear()
        if leased:
            with self.delivering.open_store() as store:
                for each in leased:
                    store.settle(each.delivery)


def _attempt(delivering: Delivering, delivery: Delivery) -> str | None:
    """Send one delivery and settle it; None if it turned out not to be owed any more."""
    webhook = _still_owed(delivering, delivery)
    if webhook is None:
        return None
    outcome = _sent(delivering, delivery, webhook)
    now = delivering.clock()
    with delivering.open_store() as store:
        if outcome.delivered:
            store.settle(delivery.succeeded(now))
            return DELIVERED
        store.settle(delivery.failed(outcome.error or "failed", now))
        if outcome.gone:
            _disable(store, webhook, now)
            return GONE
    return FAILED


def _still_owed(delivering: Delivering, delivery: Delivery) -> Webhook | None:
    """Return the webhook as it is now, unless it or the comment went while this one waited."""
    try:
        with delivering.open_store() as store:
            store.comment(delivery.site_id, delivery.comment_id)
            webhook = store.webhook(delivery.site_id, delivery.webhook_id)
            if webhook.disabled_at is not None:
                store.settle(delivery)
                return None
            return webhook
    except NotFound:  # whoever erased it has cancelled the delivery
        return None


def _sent(delivering: Delivering, delivery: Delivery, webhook: Webhook) -> Outcome:
    try:
        ready = unsealed(webhook, delivering.privacy)
    except ValueError:
        return Outcome(
            delivered=False, error="the webhook's secret was sealed under another service secret"
        )
    return delivering.sender.send(delivery, ready)


def _disable(store: Store, webhook: Webhook, now: datetime) -> None:
    """Switch off what its receiver declared gone; it may be deleted by now, which is as well."""
    try:
        present = store.webhook(webhook.site_id, webhook.id)
    except NotFound:
        return
    store.save_webhook(replace(present, disabled_at=now))
