"""Promise 4: what a site is answered while Redis or the database is away."""

import threading
import time
from collections.abc import Callable

import httpx2
import pytest

from moderation.supervisor.ports import LOOPBACK
from tests.chaos.town import Town
from tests.servers import PostgresServer
from tests.waiting import eventually

REQUESTS = 200


def frozen(town: Town) -> None:
    town.redis.pause()


def answering_nobody(town: Town) -> None:
    with town.redis.client() as redis:
        redis.client_pause(5_000, all=True)


def gone(town: Town) -> None:
    town.redis.kill()


def submit(town: Town, http: httpx2.Client, number: int) -> tuple[httpx2.Response, float]:
    began = time.monotonic()
    answer = http.post(
        f"http://{LOOPBACK}:{town.port}/v1/comments",
        json={"body": f"comment {number}"},
        headers={"Authorization": f"Bearer {town.key}"},
    )
    return answer, time.monotonic() - began


@pytest.mark.parametrize("fault", [frozen, answering_nobody, gone])
@pytest.mark.parametrize("store_settings", ["sqlite"], indirect=True)
def test_comments_are_accepted_quickly_while_redis_is_away(
    town: Town, fault: Callable[[Town], None]
) -> None:
    town.settle_in(["api"])
    answers: list[tuple[httpx2.Response, float]] = []

    def client(first: int) -> None:
        with httpx2.Client(timeout=10) as http:
            answers.extend([submit(town, http, n) for n in range(first, REQUESTS, 4)])

    with httpx2.Client(timeout=10) as http:
        submit(town, http, -1)
    fault(town)
    threads = [threading.Thread(target=client, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer, _ in answers} == {202}
    took = sorted(seconds for _, seconds in answers)
    assert took[int(len(took) * 0.99) - 1] < 0.5, took[-10:]


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (PostgresServer.kill, PostgresServer.start),
        (PostgresServer.freeze, PostgresServer.thaw),
    ],
    ids=["gone", "frozen"],
)
@pytest.mark.parametrize("store_settings", ["postgresql"], indirect=True)
def test_without_the_database_a_comment_is_refused_and_may_come_again(
    town: Town, fault: Callable[[PostgresServer], None], end: Callable[[PostgresServer], None]
) -> None:
    town.settle_in(["api"])
    assert town.postgres is not None
    with httpx2.Client(timeout=10) as http:
        assert submit(town, http, 1)[0].status_code == 202

        fault(town.postgres)
        refused, took_s = submit(town, http, 2)
        end(town.postgres)

        assert (refused.status_code, refused.headers["content-type"]) == (
            503,
            "application/problem+json",
        )
        assert int(refused.headers["retry-after"]) >= 1
        assert took_s < 2
        eventually(lambda: submit(town, http, 3)[0].status_code == 202, within_s=10)
