import base64
from datetime import timedelta

import pytest

from moderation.domain.delivery import Delivery, DeliveryStatus, Webhook
from moderation.errors import Invalid, NotFound
from moderation.ports.store import OpenStore
from moderation.usecases.webhook_secrets import unsealed
from moderation.usecases.webhooks import (
    NewWebhook,
    add_webhook,
    delete_webhook,
    disable_webhook,
    enable_webhook,
    list_deliveries,
    list_webhooks,
    replay_deliveries,
    rotate_secret,
)
from tests.usecases.given import NOW, PRIVACY, CountedJobs, a_comment, a_site

URL = "https://gazette.example/hook"
HOUR = timedelta(hours=1)
TOO_SHORT = "whsec_c2hvcnQ="
UNKNOWN = "0197e7a0-0000-7000-8000-000000000000"


def a_webhook(open_store: OpenStore, site_id: str, *, secret: str | None = None) -> Webhook:
    new = NewWebhook(url=URL, secret=secret)
    return add_webhook(site_id, new, open_store=open_store, privacy=PRIVACY, now=NOW)


def rotated(
    open_store: OpenStore, webhook: Webhook, *, overlap: timedelta, secret: str | None = None
) -> str:
    return rotate_secret(
        webhook.site_id,
        webhook.id,
        overlap=overlap,
        secret=secret,
        open_store=open_store,
        privacy=PRIVACY,
        now=NOW,
    ).secret


def a_failed_delivery(open_store: OpenStore, site_id: str) -> Delivery:
    a_comment(open_store, site_id)
    with open_store() as store:
        [(delivery, _)] = store.lease_deliveries(now=NOW + HOUR, until=NOW + 2 * HOUR, limit=9)
        for _ in range(10):
            delivery = delivery.failed("500", NOW + HOUR)
        store.settle(delivery)
    return delivery


def test_a_webhook_is_shown_its_secret_once_and_the_store_keeps_it_sealed(
    open_store: OpenStore,
) -> None:
    site_id = a_site(open_store).site.id

    made = a_webhook(open_store, site_id)

    [kept] = list_webhooks(site_id, open_store=open_store)
    assert made.secrets[0].secret.startswith("whsec_")
    assert made.secrets[0].secret not in repr(kept)
    assert unsealed(kept, PRIVACY) == made


def test_a_secret_that_the_site_brought_along_is_used(open_store: OpenStore) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 24).decode()

    made = a_webhook(open_store, a_site(open_store).site.id, secret=secret)

    assert made.signing(NOW) == (secret,)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewWebhook(url="ftp://gazette.example"), "url"),
        (NewWebhook(url="http://127.0.0.1/hook"), "url"),
        (NewWebhook(url=URL, secret=TOO_SHORT), "secret"),
    ],
)
def test_an_address_or_a_secret_that_cannot_serve_is_refused(
    new: NewWebhook, field: str, sqlite_store: OpenStore
) -> None:
    site_id = a_site(sqlite_store).site.id

    with pytest.raises(Invalid) as raised:
        add_webhook(site_id, new, open_store=sqlite_store, privacy=PRIVACY, now=NOW)
    assert raised.value.field == field
    assert list_webhooks(site_id, open_store=sqlite_store) == []


def test_a_private_address_is_taken_where_the_operator_allows_it(sqlite_store: OpenStore) -> None:
    new = NewWebhook(url="http://127.0.0.1:9000/hook", allow_private=True)
    site_id = a_site(sqlite_store).site.id

    add_webhook(site_id, new, open_store=sqlite_store, privacy=PRIVACY, now=NOW)

    assert [w.url for w in list_webhooks(site_id, open_store=sqlite_store)] == [new.url]


def test_both_secrets_sign_until_the_overlap_has_passed(open_store: OpenStore) -> None:
    made = a_webhook(open_store, a_site(open_store).site.id)

    fresh = rotated(open_store, made, overlap=HOUR)

    [kept] = list_webhooks(made.site_id, open_store=open_store)
    kept = unsealed(kept, PRIVACY)
    assert kept.signing(NOW) == (fresh, made.secrets[0].secret)
    assert kept.signing(NOW + HOUR) == (fresh,)


def test_a_second_rotation_drops_ended_secrets_and_lengthens_none(open_store: OpenStore) -> None:
    made = a_webhook(open_store, a_site(open_store).site.id)
    at_once = rotated(open_store, made, overlap=timedelta())
    soon = rotated(open_store, made, overlap=HOUR)
    last = rotated(open_store, made, overlap=24 * HOUR)

    [kept] = list_webhooks(made.site_id, open_store=open_store)
    kept = unsealed(kept, PRIVACY)
    assert kept.signing(NOW) == (last, soon, at_once)
    assert kept.signing(NOW + HOUR) == (last, soon)


def test_a_disabled_webhook_keeps_the_time_and_hears_again_once_enabled(
    open_store: OpenStore,
) -> None:
    made, jobs = a_webhook(open_store, a_site(open_store).site.id), CountedJobs()

    first = disable_webhook(made.site_id, made.id, open_store=open_store, now=NOW)
    again = disable_webhook(made.site_id, made.id, open_store=open_store, now=NOW + HOUR)
    a_comment(open_store, made.site_id)

    assert first.disabled_at == again.disabled_at == NOW
    assert list_deliveries(made.site_id, status=None, limit=9, open_store=open_store) == []

    enabled = enable_webhook(made.site_id, made.id, open_store=open_store, jobs=jobs)
    a_comment(open_store, made.site_id)

    assert enabled.disabled_at is None
    assert jobs.asked == ["deliver"]
    assert len(list_deliveries(made.site_id, status=None, limit=9, open_store=open_store)) == 1


def test_a_deleted_webhook_is_gone_and_owed_nothing(open_store: OpenStore) -> None:
    made = a_webhook(open_store, a_site(open_store).site.id)
    a_comment(open_store, made.site_id)

    delete_webhook(made.site_id, made.id, open_store=open_store)

    assert list_webhooks(made.site_id, open_store=open_store) == []
    owed = list_deliveries(made.site_id, status=DeliveryStatus.OWED, limit=9, open_store=open_store)
    assert owed == []
    with pytest.raises(NotFound):
        delete_webhook(made.site_id, made.id, open_store=open_store)


@pytest.mark.parametrize("named", [True, False])
def test_failed_deliveries_are_owed_again_under_the_same_id(
    named: bool, open_store: OpenStore
) -> None:
    site_id, jobs = a_site(open_store).site.id, CountedJobs()
    a_webhook(open_store, site_id)
    failed = a_failed_delivery(open_store, site_id)

    count = replay_deliveries(
        site_id,
        delivery_ids=[failed.id] if named else None,
        open_store=open_store,
        jobs=jobs,
        now=NOW + HOUR,
    )

    [owed] = list_deliveries(site_id, status=DeliveryStatus.OWED, limit=9, open_store=open_store)
    assert (count, owed.id, owed.body) == (1, failed.id, failed.body)
    assert jobs.asked == ["deliver"]


def test_another_sites_deliveries_are_not_replayed(open_store: OpenStore) -> None:
    mine, theirs = (a_site(open_store, name).site.id for name in ("Gazette", "Courier"))
    a_webhook(open_store, theirs)
    failed, jobs = a_failed_delivery(open_store, theirs), CountedJobs()

    count = replay_deliveries(
        mine, delivery_ids=[failed.id], open_store=open_store, jobs=jobs, now=NOW
    )

    assert (count, jobs.asked) == (0, [])


def test_too_many_deliveries_at_once_are_refused(sqlite_store: OpenStore) -> None:
    with pytest.raises(Invalid, match="1,000 at most"):
        replay_deliveries(
            a_site(sqlite_store).site.id,
            delivery_ids=[UNKNOWN] * 1001,
            open_store=sqlite_store,
            jobs=CountedJobs(),
            now=NOW,
        )


def test_another_sites_webhook_is_as_unknown_as_none(open_store: OpenStore) -> None:
    mine, theirs = (a_site(open_store, name).site.id for name in ("Gazette", "Courier"))
    webhook = a_webhook(open_store, theirs)

    for webhook_id in (webhook.id, UNKNOWN):
        with pytest.raises(NotFound):
            disable_webhook(mine, webhook_id, open_store=open_store, now=NOW)
        with pytest.raises(NotFound):
            enable_webhook(mine, webhook_id, open_store=open_store, jobs=CountedJobs())
        with pytest.raises(NotFound):
            delete_webhook(mine, webhook_id, open_store=open_store)
    assert len(list_webhooks(theirs, open_store=open_store)) == 1
