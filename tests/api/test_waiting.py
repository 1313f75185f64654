"""Requests that wait for a worker: half of the threads at most, so that the others answer."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest
from redis import Redis
from rq.queue import Queue
from werkzeug.test import TestResponse

from moderation.adapters.privacy import KeyedPrivacy
from moderation.adapters.redis_instant import InstantTexts
from moderation.adapters.rq_jobs import LIVE, SERIALIZER, AllowedJob
from moderation.api.app import create_app
from moderation.ports.scorer import PLAIN, ScoredText, Wanted
from moderation.settings import Settings
from tests.api.desk import Desk, open_desk, problem
from tests.api.served import Server, serving
from tests.conftest import SECRET
from tests.servers import RedisServer
from tests.waiting import eventually

THREADS = 4
HALF = 2


@dataclass
class Hanging:
    """``ports.InstantScoring`` that answers nobody until it is let go."""

    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    let_go: threading.Event = field(default_factory=threading.Event)

    def score(
        self, text: str, *, language: str | None, timeout_s: float, wanted: Wanted = PLAIN
    ) -> ScoredText:
        self.asked.release()
        assert self.let_go.wait(10)
        return ScoredText({"toxicity": 0.5})


@dataclass
class Crowd:
    """Many who ask the same application at once."""

    desk: Desk
    instant: Hanging
    pool: ThreadPoolExecutor

    def asks(self, path: str, body: dict[str, str], **headers: str) -> Future[TestResponse]:
        return self.pool.submit(self.desk.ask, "POST", path, body, **headers)

    def scores(self) -> list[Future[TestResponse]]:
        """Ask for scores until half of the threads hang on them."""
        hanging = [self.asks("/v1/score", {"text": "x"}) for _ in range(HALF)]
        assert all(self.instant.asked.acquire(timeout=10) for _ in hanging)
        return hanging

    def waits(self) -> list[Future[TestResponse]]:
        """Submit until half of the threads wait for decisions."""
        waiting = [self.asks("/v1/comments", {"body": "x"}, Prefer="wait=10") for _ in range(HALF)]
        eventually(lambda: len(self.owed()) == HALF)
        return waiting

    def owed(self) -> list[str]:
        with self.desk.services.open_store(reading=True) as store:
            return list(store.owed(now=self.desk.services.now(), limit=10))

    def decide(self) -> None:
        for comment_id in self.owed():
            self.desk.judge(comment_id)


@pytest.fixture
def crowd(sqlite_settings: Settings) -> Iterator[Crowd]:
    instant = Hanging()
    with (
        open_desk(sqlite_settings, api_threads=THREADS) as desk,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        app = create_app(replace(desk.services, instant=instant))
        desk.client = app.test_client(use_cookies=False)
        try:
            yield Crowd(desk, instant, pool)
        finally:
            instant.let_go.set()


def test_who_would_wait_with_the_other_half_of_the_threads_is_answered_202_at_once(
    crowd: Crowd,
) -> None:
    waiting = crowd.waits()

    answer = crowd.desk.ask("POST", "/v1/comments", {"body": "x"}, Prefer="wait=10")

    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers
    assert not any(each.done() for each in waiting)
    crowd.decide()
    assert [each.result(10).status_code for each in waiting] == [200, 200]


def test_scores_beyond_half_of_the_threads_are_refused_and_everything_else_is_served(
    crowd: Crowd,
) -> None:
    hanging = crowd.scores()

    refused = crowd.desk.ask("POST", "/v1/score", {"text": "x"})
    answers = [
        crowd.desk.ask("POST", "/v1/comments", {"body": "x"}, **headers)
        for headers in ({}, {"Prefer": "wait=10"})
    ]

    assert problem(refused) == (503, "unavailable")
    assert refused.headers["Retry-After"]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert not any(each.done() for each in hanging)
    crowd.instant.let_go.set()
    assert [each.result(10).status_code for each in hanging] == [200, 200]


def test_scores_are_refused_while_half_of_the_threads_wait_for_decisions(crowd: Crowd) -> None:
    waiting = crowd.waits()

    refused = crowd.desk.ask("POST", "/v1/score", {"text": "x"})

    assert problem(refused) == (503, "unavailable")
    crowd.decide()
    assert [each.result(10).status_code for each in waiting] == [200, 200]


def test_threads_that_waited_are_lent_again(crowd: Crowd) -> None:
    crowd.instant.let_go.set()

    answers = [crowd.desk.ask("POST", "/v1/score", {"text": "x"}) for _ in range(THREADS)]

    assert {answer.status_code for answer in answers} == {200}


@pytest.fixture
def served(sqlite_settings: Settings, redis_server: RedisServer) -> Iterator[Server]:
    """Return a server of a few threads whose live worker hangs."""
    settings = sqlite_settings.model_copy(update={"redis_url": redis_server.url})
    with serving(
        settings,
        MODERATION_API_WORKERS="1",
        MODERATION_API_THREADS=str(THREADS),
        MODERATION_INSTANT_TIMEOUT_S="15",
    ) as server:
        yield server


def test_comments_are_accepted_promptly_while_every_score_hangs(
    served: Server, redis_server: RedisServer
) -> None:
    many = 4 * THREADS
    with ThreadPoolExecutor(many) as pool, redis_server.client() as redis:
        scores = [pool.submit(served.post, "/v1/score", {"text": "x"}) for _ in range(many)]
        eventually(lambda: sum(each.done() for each in scores) == many - HALF)

        began = time.monotonic()
        accepted = [served.submit().status_code for _ in range(5)]
        took_s = time.monotonic() - began

        answer_scores(redis)
        answers = Counter(each.result(20).status_code for each in scores)

    assert accepted == [202] * 5
    assert took_s < 5
    assert answers == {200: HALF, 503: many - HALF}


def answer_scores(redis: Redis) -> None:
    """Do the work of the live worker."""
    lane = Queue(LIVE, connection=redis, serializer=SERIALIZER, job_class=AllowedJob)
    for job in lane.jobs:
        [key] = job.args
        privacy = KeyedPrivacy(SECRET.get_secret_value())
        InstantTexts(redis, privacy).answer(key, ScoredText({"toxicity": 0.5}))
