"""Owed webhooks: when they are tried, in which order, and what may never hold them up."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from standardwebhooks import Webhook as Verifier

from moderation.domain.delivery import RETRY_AFTER, Delivery, DeliveryStatus, Webhook
from moderation.errors import StoreUnavailable
from moderation.ports.store import OpenStore, Store
from moderation.ports.webhooks import Outcome
from moderation.usecases.deliver import deliver_owed
from moderation.usecases.webhooks import enable_webhook
from tests.builders import NOW, later
from tests.fakes import RecordedJobs
from tests.waiting import eventually
from tests.webhooks.mailroom import ATTEMPT, REFUSED, SENT, Mailroom, ScriptedSender
from tests.webhooks.receiver import a_receiver
from tests.webhooks.sending import a_sender

HOUR = timedelta(hours=1)


@pytest.fixture
def mailroom(sqlite_store: OpenStore) -> Mailroom:
    return Mailroom(sqlite_store)


def test_what_is_owed_is_sent_and_settled_on_either_database(open_store: OpenStore) -> None:
    mailroom = Mailroom(open_store)
    webhooks = [mailroom.webhook(f"https://{name}.example/") for name in ("a", "b", "c")]
    for webhook in webhooks:
        for number in range(10):
            mailroom.owe(webhook, f"{webhook.url}{number}")
    sender = ScriptedSender()

    attempts = mailroom.deliver(sender)

    assert attempts == 30
    assert Counter(sender.bodies()) == Counter(delivery.body for delivery in mailroom.kept())
    assert {each.status for each in mailroom.kept()} == {DeliveryStatus.DELIVERED}
    assert mailroom.deliver(sender) == 0


def test_a_flaky_receiver_gets_the_same_message_again_on_the_schedule(mailroom: Mailroom) -> None:
    body = '{"type":"comment.decided"}'
    with a_receiver() as receiver:
        webhook = mailroom.webhook(receiver.url)
        [delivery] = mailroom.owe(webhook, body)
        receiver.answer = lambda _: 204 if len(receiver.received) > 3 else 503
        sender = a_sender()

        for number, pause in enumerate(RETRY_AFTER[:3], start=1):
            assert mailroom.deliver(sender) == 1
            assert mailroom.kept()[0].last_error == "answered 503"
            mailroom.now += pause - timedelta(seconds=1)
            assert mailroom.deliver(sender) == 0, f"too early after attempt {number}"
            mailroom.now += timedelta(seconds=1)
        assert mailroom.deliver(sender) == 1

    [kept] = mailroom.kept()
    assert (kept.status, kept.attempts, kept.last_error) == (DeliveryStatus.DELIVERED, 4, None)
    assert {got.headers["webhook-id"] for got in receiver.received} == {delivery.id}
    assert {got.body.decode() for got in receiver.received} == {body}
    for got in receiver.received:
        verified = Verifier(webhook.secrets[0].secret).verify(got.body, got.headers)
        assert verified == json.loads(body)


def test_a_receiver_that_never_answers_well_is_tried_ten_times_in_all(mailroom: Mailroom) -> None:
    mailroom.owe(mailroom.webhook(), "never")
    tried_at: list[datetime] = []

    def refuse(*_: object) -> Outcome:
        tried_at.append(mailroom.now)
        return REFUSED

    while mailroom.kept(DeliveryStatus.OWED):
        mailroom.now = mailroom.kept()[0].next_attempt_at
        assert mailroom.deliver(ScriptedSender(refuse)) == 1

    assert tuple(later - earlier for earlier, later in pairwise(tried_at)) == RETRY_AFTER
    assert mailroom.kept()[0].status is DeliveryStatus.FAILED


def test_a_comments_decisions_arrive_in_order_although_the_first_needs_two_attempts(
    mailroom: Mailroom,
) -> None:
    webhook = mailroom.webhook()
    mailroom.owe(webhook, "a", versions=3)
    mailroom.owe(webhook, "other")
    refusals = iter([REFUSED])

    def answer(delivery: Delivery, _: Webhook) -> Outcome:
        return next(refusals, SENT) if delivery.body == "a1" else SENT

    sender = ScriptedSender(answer)
    mailroom.deliver(sender)
    assert sorted(sender.bodies()) == ["a1", "other"]

    mailroom.now += RETRY_AFTER[0]
    mailroom.deliver(sender)

    assert [body for body in sender.bodies() if body != "other"] == ["a1", "a1", "a2", "a3"]


def test_410_disables_the_webhook_and_what_is_owed_waits_for_it_to_be_enabled(
    mailroom: Mailroom,
) -> None:
    webhook = mailroom.webhook()
    mailroom.owe(webhook, "a", versions=2)
    gone = ScriptedSender(lambda *_: Outcome(delivered=False, error="answered 410", gone=True))
    seen: list[str] = []

    deliver_owed(mailroom.delivering(gone), observe=seen.append)

    assert seen == ["gone"]
    with mailroom.open_store() as store:
        disabled = store.webhook(mailroom.site.id, webhook.id)
    assert disabled.disabled_at == NOW
    mailroom.now += HOUR
    sender = ScriptedSender()
    assert mailroom.deliver(sender) == 0
    enable_webhook(
        mailroom.site.id, webhook.id, open_store=mailroom.open_store, jobs=RecordedJobs()
    )
    mailroom.deliver(sender)
    assert sender.bodies() == ["a1", "a2"]


def test_a_crash_between_sending_and_settling_sends_the_same_message_again(
    mailroom: Mailroom,
) -> None:
    [delivery] = mailroom.owe(mailroom.webhook(), "twice")
    sender = ScriptedSender()

    @contextmanager
    def dying(*, reading: bool = False) -> Iterator[Store]:
        if sender.sent:
            raise StoreUnavailable
        with mailroom.open_store(reading=reading) as store:
            yield store

    with pytest.raises(StoreUnavailable):
        deliver_owed(replace(mailroom.delivering(sender), open_store=dying))
    assert mailroom.deliver(sender) == 0, "its lease still runs"
    mailroom.now += 3 * ATTEMPT
    assert mailroom.deliver(sender) == 1

    assert [(sent.id, sent.body) for sent in sender.sent] == [(delivery.id, "twice")] * 2
    assert mailroom.kept()[0].status is DeliveryStatus.DELIVERED


def test_a_receiver_that_hangs_does_not_hold_up_the_others(mailroom: Mailroom) -> None:
    slow, quick = mailroom.webhook("https://slow.example/"), mailroom.webhook()
    for number in range(70):
        mailroom.owe(slow, f"slow{number}")
    for number in range(20):
        mailroom.owe(quick, f"quick{number}", due_at=later(1))  # after all of the slow ones
    mailroom.now = later(2)
    released = threading.Event()

    def answer(_: Delivery, webhook: Webhook) -> Outcome:
        if webhook.url == slow.url:
            released.wait(30)
        return SENT

    thread = threading.Thread(target=mailroom.deliver, args=(ScriptedSender(answer),))
    thread.start()
    try:
        eventually(lambda: len(mailroom.kept(DeliveryStatus.DELIVERED)) == 20)
        mailroom.owe(quick, "late")
        eventually(lambda: len(mailroom.kept(DeliveryStatus.DELIVERED)) == 21)
    finally:
        released.set()
        thread.join()
    assert not mailroom.kept(DeliveryStatus.OWED)


def test_a_dead_receiver_is_soon_left_alone_and_the_rest_waits_uncounted(
    mailroom: Mailroom,
) -> None:
    webhook = mailroom.webhook()
    for number in range(50):
        mailroom.owe(webhook, f"{number}")

    attempts = mailroom.deliver(ScriptedSender(lambda *_: REFUSED), at_once_each=4)

    assert 4 <= attempts <= 8
    assert sum(delivery.attempts for delivery in mailroom.kept()) == attempts
    sender = ScriptedSender()
    assert mailroom.deliver(sender) == 50 - attempts
    assert len(mailroom.kept(DeliveryStatus.OWED)) == attempts


def test_a_dead_receiver_to_whom_nothing_more_is_owed_leaves_nothing_to_give_back(
    mailroom: Mailroom,
) -> None:
    webhook = mailroom.webhook()
    for number in range(4):
        mailroom.owe(webhook, f"{number}")

    assert mailroom.deliver(ScriptedSender(lambda *_: REFUSED), at_once_each=4) == 4

    assert {each.attempts for each in mailroom.kept()} == {1}


def test_failures_now_and_then_do_not_stop_the_rest(mailroom: Mailroom) -> None:
    webhook = mailroom.webhook()
    for number in range(12):
        mailroom.owe(webhook, f"{number}", due_at=later(number))
    mailroom.now = later(12)

    sender = ScriptedSender(lambda delivery, _: SENT if int(delivery.body) % 3 else REFUSED)

    assert mailroom.deliver(sender, at_once_each=2) == 12


def test_no_more_attempts_run_at_once_than_allowed(mailroom: Mailroom) -> None:
    for name in "abc":
        webhook = mailroom.webhook(f"https://{name}.example/")
        for number in range(8):
            mailroom.owe(webhook, f"{number}")
    lock = threading.Lock()
    running: Counter[str] = Counter()
    most: list[tuple[int, int]] = []

    def answer(_: Delivery, webhook: Webhook) -> Outcome:
        with lock:
            running[webhook.url] += 1
            most.append((running.total(), running[webhook.url]))
        with lock:
            running[webhook.url] -= 1
        return SENT

    assert mailroom.deliver(ScriptedSender(answer), at_once=3, at_once_each=2) == 24
    assert max(total for total, _ in most) <= 3
    assert max(of_one for _, of_one in most) <= 2


def test_a_comment_erased_while_its_message_waits_is_not_told_of(mailroom: Mailroom) -> None:
    webhook = mailroom.webhook()
    [first] = mailroom.owe(webhook, "1")
    [second] = mailroom.owe(webhook, "2", due_at=later(1))
    mailroom.now = later(2)

    def erase(*_: object) -> Outcome:
        with mailroom.open_store() as store:
            store.delete_comment(mailroom.site.id, second.comment_id)
        return SENT

    sender = ScriptedSender(erase)
    assert mailroom.deliver(sender, at_once_each=1) == 1

    assert [sent.id for sent in sender.sent] == [first.id]
    assert {each.id: each.status for each in mailroom.kept()} == {
        first.id: DeliveryStatus.DELIVERED,
        second.id: DeliveryStatus.CANCELLED,
    }


def test_a_webhook_disabled_while_messages_wait_gets_none_of_them(mailroom: Mailroom) -> None:
    webhook = mailroom.webhook()
    mailroom.owe(webhook, "1")
    mailroom.owe(webhook, "2")

    def disable(*_: object) -> Outcome:
        with mailroom.open_store() as store:
            kept = store.webhook(mailroom.site.id, webhook.id)
            store.save_webhook(replace(kept, disabled_at=NOW))
        return SENT

    assert mailroom.deliver(ScriptedSender(disable), at_once_each=1) == 1

    [owed] = mailroom.kept(DeliveryStatus.OWED)
    assert owed.attempts == 0


def test_a_webhook_deleted_while_it_answers_410_stays_deleted(mailroom: Mailroom) -> None:
    webhook = mailroom.webhook()
    mailroom.owe(webhook, "1")

    def delete(*_: object) -> Outcome:
        with mailroom.open_store() as store:
            store.delete_webhook(mailroom.site.id, webhook.id)
        return Outcome(delivered=False, error="answered 410", gone=True)

    assert mailroom.deliver(ScriptedSender(delete)) == 1

    assert mailroom.kept(DeliveryStatus.OWED) == []
    with mailroom.open_store() as store:
        assert store.webhooks(mailroom.site.id) == []


def test_a_secret_sealed_under_another_service_secret_is_a_failure_that_says_so(
    mailroom: Mailroom,
) -> None:
    webhook = mailroom.webhook()
    mailroom.owe(webhook, "1")
    with mailroom.open_store() as store:
        store.save_webhook(webhook)  # in the clear: nothing that unseals
    sender = ScriptedSender()

    mailroom.deliver(sender)

    assert sender.sent == []
    assert (
        mailroom.kept()[0].last_error
        == "the webhook's secret was sealed under another service secret"
    )


def test_once_told_to_stop_it_settles_what_it_sends_and_gives_the_rest_back(
    mailroom: Mailroom,
) -> None:
    webhook = mailroom.webhook()
    for number in range(10):
        mailroom.owe(webhook, f"{number}")
    sender = ScriptedSender()

    attempts = deliver_owed(
        mailroom.delivering(sender, at_once_each=1), stopping=lambda: len(sender.sent) > 0
    )

    assert attempts == 1
    assert len(mailroom.kept(DeliveryStatus.DELIVERED)) == 1
    assert mailroom.deliver(sender) == 9, "the rest could be leased at once"


def test_what_waited_until_its_lease_ran_out_is_left_for_the_next_to_lease_it(
    mailroom: Mailroom,
) -> None:
    webhook = mailroom.webhook()
    for number in range(3):
        mailroom.owe(webhook, f"{number}")

    def dawdle(*_: object) -> Outcome:
        mailroom.now += 2 * ATTEMPT + timedelta(seconds=1)
        return SENT

    sender = ScriptedSender(dawdle)
    assert mailroom.deliver(sender, at_once_each=1) == 1
    mailroom.now += ATTEMPT
    assert mailroom.deliver(ScriptedSender(), at_once_each=1) == 2


def test_each_attempt_is_observed(mailroom: Mailroom) -> None:
    webhook = mailroom.webhook()
    for answer in ("good", "bad", "good"):
        mailroom.owe(webhook, answer)
    seen: list[str] = []

    deliver_owed(
        mailroom.delivering(
            ScriptedSender(lambda delivery, _: SENT if delivery.body == "good" else REFUSED)
        ),
        observe=seen.append,
    )

    assert sorted(seen) == ["delivered", "delivered", "failed"]
