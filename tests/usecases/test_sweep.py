"""Asking again for what is owed."""

from datetime import timedelta

import pytest

from moderation.ports.store import Answer, OpenStore
from moderation.usecases.judge import judge_comments
from moderation.usecases.sweep import Kept, Swept, sweep
from tests.builders import a_delivery
from tests.fakes import WordScorer
from tests.usecases.newsroom import Newsroom


@pytest.fixture
def room(sqlite_store: OpenStore) -> Newsroom:
    return Newsroom(sqlite_store)


def swept(room: Newsroom) -> Swept:
    return sweep(
        open_store=room.open_store,
        jobs=room.jobs,
        now=room.clock(),
        kept=Kept(
            webhooks=timedelta(days=30), traces=timedelta(days=30), domains=timedelta(days=365)
        ),
    )


def test_comments_that_nobody_holds_are_asked_for_oldest_first(room: Newsroom) -> None:
    comments = [room.receive() for _ in range(6)]

    assert swept(room).owed

    assert room.jobs.scored == [comment.id for comment in comments[:4]]


def test_a_leased_comment_is_asked_for_once_its_lease_has_run_out(room: Newsroom) -> None:
    comment = room.receive()
    with room.open_store() as store:
        store.lease(now=room.clock(), until=room.clock() + timedelta(seconds=15), limit=1)
    assert not swept(room).owed

    room.clock.pass_by(seconds=15)
    swept(room)

    assert room.jobs.scored == [comment.id]


def test_decided_comments_are_left_alone(room: Newsroom) -> None:
    room.receive()
    judge_comments(room.judge([WordScorer({})]), first=None, limit=10)

    assert not swept(room).owed


def test_webhooks_are_asked_for_every_time(room: Newsroom) -> None:
    swept(room)

    assert room.jobs.delivered == 1


def test_answers_are_forgotten_once_they_have_expired(room: Newsroom) -> None:
    now = room.clock()
    answer = Answer(fingerprint="f", comment_id=None, status=None, body=None, in_flight_until=now)
    with room.open_store() as store:
        store.begin_answer(room.site_id, "key", answer, expires_at=now + timedelta(hours=24))
    assert swept(room).answers_dropped == 0

    room.clock.pass_by(hours=25)

    assert swept(room).answers_dropped == 1


def test_deliveries_are_forgotten_when_they_have_been_settled_for_long_enough(
    room: Newsroom,
) -> None:
    comment, webhook = room.receive(), room.webhook()
    with room.open_store() as store:
        delivery = a_delivery(comment, webhook)
        store.add_delivery(delivery)
        store.settle(delivery.succeeded(room.clock()))
    room.clock.pass_by(days=30)
    assert swept(room).deliveries_dropped == 0

    room.clock.pass_by(seconds=1)

    assert swept(room).deliveries_dropped == 1
