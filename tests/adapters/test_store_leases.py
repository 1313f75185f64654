"""The store's contract, on both databases: leases, the backlog, what is owed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from moderation.domain.comment import Comment, Status
from moderation.domain.policy import Action
from moderation.domain.site import Site
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from tests.builders import NOW, a_comment, a_decision, later

UNTIL = later(15)
AFTER = later(16)


@pytest.fixture
def pending(open_store: OpenStore, site: Site) -> list[Comment]:
    """Return four comments that wait, oldest first; others are decided already."""
    comments = [a_comment(site) for _ in range(4)]
    with open_store() as store:
        for comment in comments:
            store.add_comment(comment)
        decided = a_comment(site)
        store.add_comment(decided)
        store.save(decided.judged(Action.APPROVE, risk=0.1, now=NOW))
    return comments


def _lease(
    open_store: OpenStore, *, at: float = 0, first: str | None = None, limit: int = 9
) -> list[str]:
    with open_store() as store:
        leased = store.lease(now=later(at), until=later(at + 15), limit=limit, first=first)
    return [comment.id for comment in leased]


def test_the_oldest_are_leased_first_and_only_once(
    open_store: OpenStore, pending: list[Comment]
) -> None:
    ids = [comment.id for comment in pending]

    assert _lease(open_store, limit=3) == ids[:3]
    assert _lease(open_store) == ids[3:]
    assert _lease(open_store) == []


@pytest.mark.usefixtures("pending")
def test_a_leased_comment_comes_with_its_attempt_counted(open_store: OpenStore) -> None:
    with open_store() as store:
        [leased] = store.lease(now=NOW, until=UNTIL, limit=1)

    assert leased.attempts == 1
    with open_store(reading=True) as store:
        assert store.comment_anywhere(leased.id) == leased


def test_the_comment_asked_for_comes_before_all(
    open_store: OpenStore, pending: list[Comment]
) -> None:
    ids = [comment.id for comment in pending]

    assert _lease(open_store, first=ids[2], limit=3) == [ids[2], ids[0], ids[1]]
    assert _lease(open_store, first=ids[2], limit=3) == [ids[3]]


@pytest.mark.parametrize("first", ["no id", new_id(NOW)], ids=["no id", "unknown"])
def test_asking_for_a_comment_that_is_not_there_gives_the_oldest(
    open_store: OpenStore, pending: list[Comment], first: str
) -> None:
    assert _lease(open_store, first=first, limit=1) == [pending[0].id]


def test_an_expired_lease_comes_back_alone_and_oldest_first(
    open_store: OpenStore, pending: list[Comment]
) -> None:
    ids = [comment.id for comment in pending]
    assert _lease(open_store, limit=2) == ids[:2]

    assert _lease(open_store, at=14) == ids[2:]
    assert [_lease(open_store, at=16) for _ in range(3)] == [[ids[0]], [ids[1]], []]


def test_new_comments_pass_over_an_expired_one_when_asked_for(
    open_store: OpenStore, pending: list[Comment]
) -> None:
    ids = [comment.id for comment in pending]
    _lease(open_store, limit=1)

    assert _lease(open_store, at=16, first=ids[1]) == ids[1:]
    assert _lease(open_store, at=16, first=ids[0]) == [ids[0]]


@pytest.mark.usefixtures("pending")
def test_neither_new_nor_expired_comments_keep_the_others_waiting(
    open_store: OpenStore, site: Site
) -> None:
    first_lease = _lease(open_store)
    seen: list[list[str]] = []
    for second in range(16, 24):
        with open_store() as store:
            store.add_comment(a_comment(site))
        seen.append(_lease(open_store, at=second))

    assert seen[:4] == [[each] for each in first_lease]
    assert len(seen[4]) == 5


@pytest.mark.usefixtures("pending")
def test_a_settled_comment_is_free_of_its_lease_and_a_released_one_uncounted(
    open_store: OpenStore, site: Site
) -> None:
    with open_store() as store:
        one, two, *_ = store.lease(now=NOW, until=UNTIL, limit=9)
        store.save(one.judged(Action.HOLD, risk=0.9, now=NOW))
        store.release([two.id])
        store.release([two.id, one.id, new_id(NOW)])
        store.release([])

    assert _lease(open_store) == [two.id]
    with open_store() as store:
        edited = store.comment(site.id, one.id).edited("again", now=NOW)
        store.save(edited)
    assert _lease(open_store) == [one.id]
    with open_store(reading=True) as store:
        assert store.comment_anywhere(two.id).attempts == 1
        assert store.comment_anywhere(one.id).attempts == 1


def test_what_is_owed_is_what_waits_and_nobody_holds(
    open_store: OpenStore, pending: list[Comment]
) -> None:
    _lease(open_store, limit=1)
    ids = [comment.id for comment in pending]

    with open_store(reading=True) as store:
        assert store.owed(now=NOW, limit=2) == ids[1:3]
        assert store.owed(now=AFTER, limit=9) == ids


def test_the_backlog_counts_what_waits_leased_or_not(
    open_store: OpenStore, pending: list[Comment]
) -> None:
    _lease(open_store, limit=1)

    with open_store(reading=True) as store:
        backlog = store.backlog(limit=10)
        assert (backlog.pending, backlog.oldest_received_at) == (4, pending[0].received_at)
        assert store.backlog(limit=2).pending == 2


def test_an_empty_backlog_has_no_oldest(open_store: OpenStore) -> None:
    with open_store(reading=True) as store:
        backlog = store.backlog(limit=10)

    assert (backlog.pending, backlog.oldest_received_at) == (0, None)


def test_many_callers_at_once_never_get_the_same_comment(open_store: OpenStore, site: Site) -> None:
    callers = 8
    with open_store() as store:
        for _ in range(200):
            store.add_comment(a_comment(site))
    together = Barrier(callers)

    def drain() -> list[str]:
        together.wait(10)
        got: list[str] = []
        while batch := _lease(open_store, limit=7):
            got += batch
        return got

    with ThreadPoolExecutor(callers) as pool:
        drains = [pool.submit(drain) for _ in range(callers)]
    leased = [one for each in drains for one in each.result()]

    assert len(leased) == len(set(leased))
    # A caller may leave while another still holds locks; what it passed over is not lost.
    leased += _lease(open_store, limit=200)
    assert len(leased) == len(set(leased)) == 200


def test_many_callers_asking_for_the_same_comment_get_it_once(
    open_store: OpenStore, site: Site
) -> None:
    callers = 8
    together = Barrier(callers)

    def ask(comment_id: str) -> list[str]:
        together.wait(10)
        return _lease(open_store, first=comment_id, limit=1)

    with ThreadPoolExecutor(callers) as pool:
        for _ in range(10):
            comment = a_comment(site)
            with open_store() as store:
                store.add_comment(comment)
            leased = list(pool.map(ask, [comment.id] * callers))
            assert sorted(leased) == [[]] * (callers - 1) + [[comment.id]]


def test_many_judges_of_one_comment_write_one_decision(open_store: OpenStore, site: Site) -> None:
    judges = 8
    comment = a_comment(site)
    with open_store() as store:
        store.add_comment(comment)
    together = Barrier(judges)

    def judge(risk: float) -> int:
        judged = comment.judged(Action.HOLD, risk=risk, now=NOW)
        together.wait(10)
        with open_store() as store:
            return len(store.save_judged([(judged, a_decision(judged))]))

    with ThreadPoolExecutor(judges) as pool:
        won = list(pool.map(judge, [number / 10 for number in range(judges)]))

    assert sum(won) == 1
    with open_store(reading=True) as store:
        assert store.comment(site.id, comment.id).status is Status.HELD
        assert len(store.decisions(site.id, comment.id)) == 1
