"""The store's contract, on both databases: webhooks, and what is owed to them."""

from dataclasses import replace

import pytest

from moderation.domain.comment import Comment
from moderation.domain.delivery import Delivery, DeliveryStatus, Webhook
from moderation.domain.site import Site
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from tests.builders import NOW, a_comment, a_delivery, a_webhook, later

UNTIL = later(60)


@pytest.fixture
def webhook(open_store: OpenStore, site: Site) -> Webhook:
    webhook = a_webhook(site)
    with open_store() as store:
        store.add_webhook(webhook)
    return webhook


@pytest.fixture
def comment(open_store: OpenStore, site: Site) -> Comment:
    comment = a_comment(site)
    with open_store() as store:
        store.add_comment(comment)
    return comment


def _lease(
    open_store: OpenStore, *, at: float = 0, limit: int = 9, passing_over: tuple[str, ...] = ()
) -> list[Delivery]:
    with open_store() as store:
        leased = store.lease_deliveries(
            now=later(at), until=later(at + 60), limit=limit, passing_over=passing_over
        )
    return [delivery for delivery, _ in leased]


def _add(open_store: OpenStore, *deliveries: Delivery) -> None:
    with open_store() as store:
        store.add_deliveries(deliveries)


def test_webhooks_come_back_as_saved(open_store: OpenStore, webhook: Webhook) -> None:
    changed = replace(webhook, url="https://site.example/new", secrets=(), disabled_at=later(3))
    with open_store() as store:
        assert store.webhook(webhook.site_id, webhook.id) == webhook
        store.save_webhook(changed)

    with open_store(reading=True) as store:
        assert store.webhooks(webhook.site_id) == [changed]


def test_a_due_delivery_is_given_out_with_its_webhook_once(
    open_store: OpenStore, webhook: Webhook, comment: Comment
) -> None:
    now, soon = a_delivery(comment, webhook), a_delivery(comment, webhook, comment_version=2)
    with open_store() as store:
        store.add_delivery(now)
        store.add_delivery(replace(soon, next_attempt_at=later(30)))
        store.add_deliveries([])

    with open_store() as store:
        assert store.lease_deliveries(now=NOW, until=UNTIL, limit=9) == [(now, webhook)]
        assert store.lease_deliveries(now=NOW, until=UNTIL, limit=9) == []
    assert _lease(open_store, at=61) == [now]


def test_a_comments_versions_are_delivered_in_order(
    open_store: OpenStore, webhook: Webhook, comment: Comment
) -> None:
    versions = [a_delivery(comment, webhook, comment_version=number) for number in (2, 3, 4)]
    _add(open_store, *reversed(versions))

    order = []
    for _ in versions:
        [delivery] = _lease(open_store)
        order.append(delivery)
        assert _lease(open_store) == []
        with open_store() as store:
            store.settle(delivery.succeeded(NOW))
    assert order == versions


def test_a_version_that_failed_for_good_lets_the_next_one_go(
    open_store: OpenStore, webhook: Webhook, comment: Comment
) -> None:
    first, second = (a_delivery(comment, webhook, comment_version=number) for number in (2, 3))
    _add(open_store, first, second)
    [leased] = _lease(open_store)
    with open_store() as store:
        store.settle(leased.failed("refused", NOW))
    assert _lease(open_store, at=1) == []

    with open_store() as store:
        store.settle(replace(leased, status=DeliveryStatus.FAILED, settled_at=NOW))
    assert _lease(open_store, at=1) == [second]


def test_a_failed_attempt_is_owed_again_at_its_time(
    open_store: OpenStore, webhook: Webhook, comment: Comment
) -> None:
    _add(open_store, a_delivery(comment, webhook))
    [leased] = _lease(open_store)
    failed = leased.failed("status 500", NOW)
    with open_store() as store:
        store.settle(failed)

    assert _lease(open_store, at=4) == []
    assert _lease(open_store, at=5) == [failed]


def test_the_oldest_due_come_first_and_busy_receivers_can_be_passed_over(
    open_store: OpenStore, site: Site, webhook: Webhook, comment: Comment
) -> None:
    other = a_webhook(site)
    with open_store() as store:
        store.add_webhook(other)
    first = a_delivery(comment, webhook, next_attempt_at=later(-5))
    second = a_delivery(comment, other, next_attempt_at=later(-3))
    third = a_delivery(a_comment(site), webhook, next_attempt_at=later(-1))
    _add(open_store, third, second, first)

    assert _lease(open_store, passing_over=(webhook.id,)) == [second]
    assert _lease(open_store, limit=1) == [first]
    assert _lease(open_store) == [third]


def test_a_disabled_webhook_gets_nothing_until_it_is_enabled_again(
    open_store: OpenStore, webhook: Webhook, comment: Comment
) -> None:
    before, during = a_delivery(comment, webhook), a_delivery(comment, webhook, comment_version=2)
    _add(open_store, before)
    with open_store() as store:
        store.save_webhook(replace(webhook, disabled_at=NOW))
    _add(open_store, during)
    assert _lease(open_store, at=9) == []

    with open_store() as store:
        store.save_webhook(webhook)
    assert _lease(open_store, at=9) == [before]
    with open_store() as store:
        store.settle(before.succeeded(later(9)))
    assert _lease(open_store, at=9) == [during]


def test_one_version_is_owed_to_a_webhook_once(
    open_store: OpenStore, webhook: Webhook, comment: Comment
) -> None:
    _add(open_store, a_delivery(comment, webhook))

    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        _add(open_store, a_delivery(comment, webhook, body="another"))


def test_a_forgotten_webhook_is_owed_nothing(
    open_store: OpenStore, webhook: Webhook, comment: Comment
) -> None:
    owed, leased = a_delivery(comment, webhook), a_delivery(comment, webhook, comment_version=2)
    _add(open_store, owed, leased)
    with open_store() as store:
        store.delete_webhook(webhook.site_id, webhook.id)
        store.settle(leased.failed("late news", NOW))

    assert _lease(open_store) == []
    with open_store(reading=True) as store:
        listed = store.deliveries(webhook.site_id, status=DeliveryStatus.CANCELLED, limit=9)
        assert [each.id for each in listed] == sorted([owed.id, leased.id], reverse=True)
        assert store.webhooks(webhook.site_id) == []
    with open_store() as store:
        assert store.replay(webhook.site_id, [owed.id], now=NOW) == 0


def test_deliveries_are_listed_newest_first_by_status_and_comment(
    open_store: OpenStore, site: Site, other_site: Site, webhook: Webhook, comment: Comment
) -> None:
    other = a_comment(site)
    made = [
        replace(a_delivery(each, webhook), id=new_id(later(number)))
        for number, each in enumerate([comment, other, a_comment(site)])
    ]
    _add(open_store, *made)
    done = replace(made[1].succeeded(NOW), last_error=None)
    with open_store() as store:
        store.settle(done)

    with open_store(reading=True) as store:
        everything = store.deliveries(site.id, status=None, limit=9)
        assert everything == [made[2], done, made[0]]
        assert store.deliveries(site.id, status=None, limit=1) == [made[2]]
        delivered = store.deliveries(site.id, status=DeliveryStatus.DELIVERED, limit=9)
        assert delivered == [done]
        of_comment = store.deliveries(site.id, status=None, limit=9, comment_id=comment.id)
        assert of_comment == [made[0]]
        assert store.deliveries(other_site.id, status=None, limit=9) == []


def test_a_replay_owes_again_from_the_first_attempt_and_for_its_own_site_only(
    open_store: OpenStore, other_site: Site, webhook: Webhook, comment: Comment
) -> None:
    delivery = a_delivery(comment, webhook)
    _add(open_store, delivery)
    [leased] = _lease(open_store)
    with open_store() as store:
        store.settle(leased.succeeded(NOW))
    ids = [delivery.id, new_id(NOW), "no id"]

    with open_store() as store:
        assert store.replay(other_site.id, ids, now=later(9)) == 0
        assert store.replay(webhook.site_id, ids, now=later(9)) == 1
    assert _lease(open_store, at=9) == [replace(delivery, next_attempt_at=later(9))]


def _drop(open_store: OpenStore, *, before: float, limit: int = 9) -> int:
    with open_store() as store:
        return store.drop_deliveries(settled_before=later(before), limit=limit)


def _kept(open_store: OpenStore, site: Site) -> list[Delivery]:
    with open_store(reading=True) as store:
        return store.deliveries(site.id, status=None, limit=9)


def test_deliveries_that_ended_long_ago_are_forgotten_oldest_first(
    open_store: OpenStore, site: Site, webhook: Webhook, comment: Comment
) -> None:
    ends = [DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.DELIVERED]
    settled = [
        replace(
            a_delivery(comment, webhook, comment_version=number),
            id=new_id(later(number)),
            status=status,
            settled_at=later(10 + number),
        )
        for number, status in enumerate(ends)
    ]
    _add(open_store, *settled)

    assert _drop(open_store, before=10) == 0
    assert _drop(open_store, before=20, limit=2) == 2
    assert _kept(open_store, site) == settled[2:]
    assert _drop(open_store, before=20) == 1


def test_what_is_owed_or_was_replayed_of_late_is_not_forgotten(
    open_store: OpenStore, site: Site, webhook: Webhook, comment: Comment
) -> None:
    replayed = replace(
        a_delivery(comment, webhook), status=DeliveryStatus.DELIVERED, settled_at=later(90)
    )
    owed = a_delivery(comment, webhook, comment_version=2)
    _add(open_store, replayed, owed)

    assert _drop(open_store, before=60) == 0
    assert set(_kept(open_store, site)) == {replayed, owed}


def test_a_cancelled_delivery_is_forgotten_by_when_it_was_made(
    open_store: OpenStore, site: Site, webhook: Webhook, comment: Comment
) -> None:
    _add(open_store, a_delivery(comment, webhook))
    with open_store() as store:
        store.delete_webhook(site.id, webhook.id)

    assert _drop(open_store, before=0) == 0
    assert _drop(open_store, before=1) == 1
