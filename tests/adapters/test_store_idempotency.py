"""The store's contract, on both databases: one answer under one key."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from moderation.domain.site import Site
from moderation.ports.store import Answer, OpenStore
from tests.builders import NOW, a_comment, later

DAY = 86_400.0


def _in_flight(fingerprint: str, comment_id: str | None = None, *, at: float = 0) -> Answer:
    return Answer(
        fingerprint=fingerprint,
        comment_id=comment_id,
        status=None,
        body=None,
        in_flight_until=later(at + 30),
    )


def test_a_key_stands_for_its_answer_until_it_expires(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    comment = a_comment(site)
    with open_store() as store:
        store.add_comment(comment)
        begun = _in_flight("f1", comment.id)
        assert store.begin_answer(site.id, "k", begun, expires_at=later(DAY))
        assert store.answer(site.id, "k", now=NOW) == begun
        store.finish_answer(site.id, "k", status=202, body="{}")

    with open_store(reading=True) as store:
        finished = store.answer(site.id, "k", now=later(DAY - 1))
        assert finished is not None
        assert (finished.status, finished.body, finished.fingerprint) == (202, "{}", "f1")
        assert store.answer(site.id, "k", now=later(DAY)) is None
        assert store.answer(site.id, "other", now=NOW) is None
        assert store.answer(other_site.id, "k", now=NOW) is None


def test_a_taken_key_is_not_given_twice_and_an_expired_one_is(
    open_store: OpenStore, site: Site, other_site: Site
) -> None:
    with open_store() as store:
        assert store.begin_answer(site.id, "k", _in_flight("f1"), expires_at=later(DAY))
        assert not store.begin_answer(site.id, "k", _in_flight("f2"), expires_at=later(DAY))
        assert store.begin_answer(other_site.id, "k", _in_flight("f3"), expires_at=later(DAY))

    with open_store() as store:
        fresh = _in_flight("f4", at=DAY)
        assert store.begin_answer(site.id, "k", fresh, expires_at=later(2 * DAY))
        assert store.answer(site.id, "k", now=later(DAY)) == fresh


def test_a_rolled_back_reservation_leaves_the_key_free(open_store: OpenStore, site: Site) -> None:
    with pytest.raises(ZeroDivisionError), open_store() as store:
        store.begin_answer(site.id, "k", _in_flight("f1"), expires_at=later(DAY))
        raise ZeroDivisionError

    with open_store() as store:
        assert store.begin_answer(site.id, "k", _in_flight("f2"), expires_at=later(DAY))


def test_expired_answers_are_dropped(open_store: OpenStore, site: Site) -> None:
    with open_store() as store:
        store.begin_answer(site.id, "old", _in_flight("f1"), expires_at=later(10))
        store.begin_answer(site.id, "new", _in_flight("f2"), expires_at=later(20))
        assert store.drop_answers(now=later(10)) == 1

    with open_store(reading=True) as store:
        assert store.answer(site.id, "new", now=later(10)) is not None


def test_fifty_requests_at_once_under_one_key_store_one_comment(
    open_store: OpenStore, site: Site
) -> None:
    together = Barrier(50)

    def submit(_: int) -> bool:
        comment = a_comment(site)
        together.wait(30)
        with open_store() as store:
            reserved = _in_flight("f", comment.id)
            if not store.begin_answer(site.id, "k", reserved, expires_at=later(DAY)):
                return False
            store.add_comment(comment)
            return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(submit, range(50))) == 1
    with open_store(reading=True) as store:
        assert store.backlog(limit=100).pending == 1
