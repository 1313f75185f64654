"""What a job does in a worker process, with the process's context built by the test."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pytest
from prometheus_client import CollectorRegistry
from redis import Redis

from moderation.adapters.metrics import PipelineMetrics
from moderation.adapters.privacy import KeyedPrivacy
from moderation.adapters.redis_instant import InstantTexts, RedisInstantScoring
from moderation.adapters.rq_jobs import LIVE, SCORING, UPKEEP, RqJobs
from moderation.domain.comment import Comment, Status
from moderation.errors import ScoringUnavailable, StoreUnavailable
from moderation.ports.scorer import Scorer
from moderation.ports.store import OpenStore, Store
from tests.fakes import DownScorer, WordScorer
from tests.usecases.newsroom import Newsroom
from tests.waiting import eventually
from workers import context, jobs, wake_up
from workers.health import Heartbeat
from workers.lane_worker import LaneWorker
from workers.stopping import Stop

PRIVACY = KeyedPrivacy("s" * 40)


@dataclass
class Bench:
    """A worker's context around a newsroom."""

    room: Newsroom
    redis: Redis
    context: context.WorkerContext

    def work_off(self, lane: str) -> None:
        worker = LaneWorker(
            lane, self.redis, stop=self.context.stop, heartbeat=Heartbeat(self.redis, lane)
        )
        worker.work(burst=True)

    def with_scorers(self, *scorers: Scorer) -> None:
        judge = replace(self.context.judge, scorers=scorers)
        self.context = replace(self.context, judge=judge, text_scorers=scorers)
        context.install(self.context)

    def counted(self, name: str, **labels: str) -> float:
        return self.context.metrics.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture
def bench(sqlite_store: OpenStore, redis: Redis) -> Iterator[Bench]:
    room = Newsroom(sqlite_store)
    scorers = [WordScorer({"turnip": 0.97})]
    made = context.WorkerContext(
        judge=room.judge(scorers),
        text_scorers=scorers,
        instant=InstantTexts(redis, PRIVACY),
        metrics=PipelineMetrics(CollectorRegistry()),
        stop=Stop(),
    )
    context.install(made)
    yield Bench(room, redis, made)
    wake_up.DELIVERIES.clear()


def test_a_comment_asked_for_twice_is_decided_once_and_leaves_nothing_in_redis(
    bench: Bench,
) -> None:
    comment = bench.room.receive("you turnip")
    asking = RqJobs(bench.redis, job_timeout_s=30)
    asking.score(comment.id)
    asking.score(comment.id)

    bench.work_off(SCORING)

    assert bench.room.look_at(comment).status is Status.REJECTED
    assert bench.counted("moderation_decided_total", outcome="rejected") == 1
    assert bench.counted("moderation_end_to_end_seconds_count") == 1
    assert bench.counted("moderation_scoring_seconds_count") == 1
    assert [key for key in bench.redis.keys("rq:job:*") if b"results" not in key] == []


def test_without_the_store_the_job_gives_up_and_the_worker_goes_on(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def no_store(**_: bool) -> AbstractContextManager[Store]:
        raise StoreUnavailable

    broken = replace(bench.context.judge, open_store=no_store)
    bench.context.stop.asked = True  # so that it does not wait before it gives up
    context.install(replace(bench.context, judge=broken))

    jobs.score_comments("c1")

    assert "the store cannot be reached" in caplog.text


@dataclass
class Asked:
    scores: object = None


def ask(bench: Bench, text: str) -> Asked:
    """Ask as the API does, in a thread, and have a worker answer."""
    asked = Asked()

    def score() -> None:
        try:
            asked.scores = RedisInstantScoring(bench.redis, PRIVACY).score(
                text, language="en", timeout_s=10
            )
        except ScoringUnavailable as error:
            asked.scores = error

    thread = threading.Thread(target=score)
    thread.start()
    eventually(lambda: bench.redis.llen(f"rq:queue:{LIVE}"))
    bench.work_off(LIVE)
    thread.join()
    return asked


def test_a_text_is_scored_while_somebody_waits(bench: Bench) -> None:
    assert ask(bench, "you turnip").scores == {"toxicity": 0.97}


def test_who_waits_for_a_scorer_that_is_down_is_told_at_once(bench: Bench) -> None:
    bench.with_scorers(DownScorer())

    assert isinstance(ask(bench, "hello").scores, ScoringUnavailable)


def test_a_text_that_is_gone_is_not_scored(bench: Bench) -> None:
    read: list[Sequence[Comment]] = []

    class Reading(WordScorer):
        def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
            read.append(comments)
            return super().score(comments)

    bench.with_scorers(Reading({}))
    jobs.score_text("0" * 32)

    assert read == []


def test_a_delivery_job_only_wakes_the_thread_that_delivers(bench: Bench) -> None:
    RqJobs(bench.redis, job_timeout_s=30).deliver()

    bench.work_off(UPKEEP)

    assert wake_up.DELIVERIES.is_set()
