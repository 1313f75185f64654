from datetime import UTC, datetime, timedelta

from moderation.domain.delivery import (
    RETRY_AFTER,
    Delivery,
    DeliveryStatus,
    Webhook,
    WebhookSecret,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OWED = Delivery(
    id="d1",
    site_id="gazette",
    webhook_id="w1",
    comment_id="c1",
    comment_version=2,
    body="{}",
    created_at=NOW,
    next_attempt_at=NOW,
)


def test_a_delivery_is_tried_ten_times_on_the_standard_schedule_and_then_fails() -> None:
    delivery, now, pauses = OWED, NOW, []
    while delivery.status is DeliveryStatus.OWED:
        now = delivery.next_attempt_at
        delivery = delivery.failed("HTTP 500", now)
        pauses.append(delivery.next_attempt_at - now)

    assert delivery.attempts == 10
    assert tuple(pauses[:-1]) == RETRY_AFTER
    assert (delivery.status, delivery.settled_at) == (DeliveryStatus.FAILED, now)
    assert delivery.last_error == "HTTP 500"


def test_a_success_settles_it() -> None:
    delivered = OWED.failed("timed out", NOW).succeeded(NOW)

    assert (delivered.status, delivered.attempts) == (DeliveryStatus.DELIVERED, 2)
    assert (delivered.last_error, delivered.settled_at) == (None, NOW)


def test_both_secrets_sign_while_one_is_being_replaced() -> None:
    webhook = Webhook(
        id="w1",
        site_id="gazette",
        url="https://news.example/hook",
        secrets=(WebhookSecret("new"), WebhookSecret("old", NOW + timedelta(hours=1))),
        created_at=NOW,
    )

    assert webhook.signing(NOW) == ("new", "old")
    assert webhook.signing(NOW + timedelta(hours=1)) == ("new",)
