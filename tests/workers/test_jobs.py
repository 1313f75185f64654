"""What a job does in a worker process, with the process's context built by the test."""

import base64
import binascii
import logging
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import pytest
from prometheus_client import CollectorRegistry
from redis import Redis

from moderation.adapters.metrics import PipelineMetrics
from moderation.adapters.privacy import KeyedPrivacy
from moderation.adapters.redis_instant import InstantTexts, RedisInstantScoring
from moderation.adapters.rq_jobs import (
    LIVE,
    SCORE_TEXT,
    SCORING,
    UPKEEP,
    AllowedJob,
    JobFailed,
    RqJobs,
)
from moderation.domain.comment import Comment, Status
from moderation.domain.policy import Policy
from moderation.domain.signal import Span
from moderation.errors import ScoringUnavailable, StoreUnavailable
from moderation.ports.scorer import PLAIN, ScoredText, Scorer, Wanted
from moderation.ports.store import OpenStore, Store
from moderation.usecases.evidence import WordMatchers
from tests.fakes import (
    GERMAN,
    DownScorer,
    EnglishScorer,
    FixedScorer,
    WordListMarker,
    WordScorer,
    german_recognised,
)
from tests.usecases.newsroom import Newsroom
from tests.waiting import eventually
from workers import context, jobs, wake_up
from workers.health import Heartbeat
from workers.lane_worker import LaneWorker
from workers.stopping import Stop

PRIVACY = KeyedPrivacy("s" * 40)
PRIVATE = "what nobody else may ever read"


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
    spans: object = None
    told: ScoredText | None = None


def ask(bench: Bench, text: str, *, language: str | None = "en", wanted: Wanted = PLAIN) -> Asked:
    """Ask as the API does, in a thread, and have a worker answer."""
    asked = Asked()

    def score() -> None:
        try:
            told = RedisInstantScoring(bench.redis, PRIVACY).score(
                text, language=language, timeout_s=10, wanted=wanted
            )
            asked.told, asked.scores, asked.spans = told, told.scores, told.spans
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


def test_the_words_of_a_toxic_text_are_told_too_even_if_no_site_is_known(bench: Bench) -> None:
    judge = replace(bench.context.judge, marker=WordListMarker(("turnip",)))
    context.install(replace(bench.context, judge=judge))

    assert ask(bench, "you turnip").spans == (Span(4, 10, "toxicity"),)
    assert ask(bench, "you carrot").spans == ()


def test_who_waits_for_a_scorer_that_is_down_is_told_at_once(bench: Bench) -> None:
    bench.with_scorers(DownScorer())

    assert isinstance(ask(bench, "hello").scores, ScoringUnavailable)


def test_scores_are_told_only_if_no_scorer_failed(bench: Bench) -> None:
    for broken in (DownScorer(), FixedScorer({"toxicity": float("nan")})):
        bench.with_scorers(FixedScorer({"link_density": 0.0}), broken)

        assert isinstance(ask(bench, "hello").scores, ScoringUnavailable)


def test_a_scorer_that_does_not_measure_such_a_text_has_not_failed(bench: Bench) -> None:
    bench.with_scorers(FixedScorer({"link_density": 0.0}), FixedScorer({}))

    assert ask(bench, "bonjour").scores == {"link_density": 0.0}


def test_a_text_in_a_language_that_the_model_was_not_taught_gets_no_score_of_it(
    bench: Bench,
) -> None:
    bench.with_scorers(FixedScorer({"link_density": 0.0}), EnglishScorer())
    judge = replace(bench.context.judge, recognise=german_recognised)
    context.install(replace(bench.context, judge=judge))

    assert ask(bench, GERMAN, language=None).scores == {"link_density": 0.0}
    assert ask(bench, "Well said.", language=None).scores == {"link_density": 0.0, "toxicity": 0.1}
    assert ask(bench, GERMAN, language="en").scores == {"link_density": 0.0, "toxicity": 0.1}


def test_parts_of_a_text_are_scored_as_texts_of_their_own(bench: Bench) -> None:
    told = ask(bench, "Hello. You turnip.", wanted=Wanted(parts=((0, 6), (7, 18)))).told

    assert told is not None
    assert told.parts == ({"toxicity": 0.0}, {"toxicity": 0.97})
    assert told.scores == {"toxicity": 0.97}
    assert told.model_hash == "0" * 64


def test_words_are_looked_for_only_if_they_are_wanted(bench: Bench) -> None:
    marker = WordListMarker(("turnip",))
    judge = replace(bench.context.judge, marker=marker)
    context.install(replace(bench.context, judge=judge))

    assert ask(bench, "you turnip", wanted=Wanted(words=False)).spans == ()
    assert marker.asked == 0


def test_no_part_is_told_if_a_scorer_failed_on_one(bench: Bench) -> None:
    class Choking(WordScorer):
        def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
            if any(comment.body == "Hello." for comment in comments):
                raise RuntimeError
            return super().score(comments)

    bench.with_scorers(Choking({}))

    assert ask(bench, "Hello. Bye.").scores == {"toxicity": 0.0}
    choked = ask(bench, "Hello. Bye.", wanted=Wanted(parts=((0, 6),)))
    assert isinstance(choked.scores, ScoringUnavailable)


def test_a_text_in_any_language_is_scored_if_that_is_wanted_and_its_language_told(
    bench: Bench,
) -> None:
    def broken(text: str) -> NoReturn:
        raise RuntimeError(text)

    bench.with_scorers(EnglishScorer())
    any_language = Wanted(any_language=True)
    for recognise, recognised in ((german_recognised, "de"), (broken, None)):
        judge = replace(bench.context.judge, recognise=recognise)
        context.install(replace(bench.context, judge=judge))

        told = ask(bench, GERMAN, language=None, wanted=any_language).told

        assert told is not None
        assert (told.scores, told.recognised) == ({"toxicity": 0.1}, recognised)


def test_a_text_that_is_gone_is_not_scored(bench: Bench) -> None:
    read: list[Sequence[Comment]] = []

    class Reading(WordScorer):
        def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
            read.append(comments)
            return super().score(comments)

    bench.with_scorers(Reading({}))
    jobs.score_text("0" * 32)

    assert read == []


class Panic(BaseException):
    """What an extension written in Rust raises when it breaks: no Exception."""


@pytest.mark.parametrize("kind", [RuntimeError, Panic])
def test_a_scorer_that_quotes_a_text_in_its_error_puts_it_nowhere(
    bench: Bench, caplog: pytest.LogCaptureFixture, kind: type[BaseException]
) -> None:
    def quote(text: str) -> NoReturn:
        raise kind(f"cannot make sense of {text}")

    bench.with_scorers(QuotingScorer(quote))

    assert isinstance(ask(bench, PRIVATE).scores, ScoringUnavailable)

    assert kind.__name__ in caplog.text
    assert_nowhere(PRIVATE, caplog, bench.redis)


def test_word_lists_that_quote_a_text_in_their_error_put_it_nowhere(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    class Quoting(WordMatchers):
        def find(self, site_id: str, policy: Policy, text: str) -> NoReturn:
            raise ValueError(text)

    bench.context = replace(bench.context, judge=replace(bench.context.judge, matchers=Quoting()))
    context.install(bench.context)
    comment = bench.room.receive(PRIVATE)
    RqJobs(bench.redis, job_timeout_s=30).score(comment.id)

    bench.work_off(SCORING)

    assert "a job on scoring failed: ValueError at test_jobs.py:" in caplog.text
    assert bench.room.look_at(comment).status is Status.PENDING
    assert_nowhere(PRIVATE, caplog, bench.redis)


def test_what_is_logged_after_a_failed_job_cannot_lead_back_to_its_text(bench: Bench) -> None:
    class Broken(InstantTexts):
        def take(self, key: str) -> NoReturn:
            raise ValueError(PRIVATE)

    context.install(replace(bench.context, instant=Broken(bench.redis, PRIVACY)))
    job = AllowedJob.create(SCORE_TEXT, args=["0" * 32], connection=bench.redis)

    with pytest.raises(JobFailed) as failed:
        job.perform()

    assert failed.value.__context__ is None


@dataclass
class QuotingScorer:
    """Breaks on every text, and repeats it as it does."""

    quote: Callable[[str], NoReturn]
    name: str = "quoting"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = field(default_factory=dict)

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        self.quote(comments[0].body)


def assert_nowhere(text: str, caplog: pytest.LogCaptureFixture, redis: Redis) -> None:
    kept = [each for key in redis.scan_iter() for each in contents(redis, key)]
    assert kept, "nothing was searched"
    assert not [each for packed in kept for each in readings(packed) if text.encode() in each]
    logged = logging.Formatter("%(message)s")
    assert not [r for r in caplog.records if text in logged.format(r) or text in repr(vars(r))]


def contents(redis: Any, key: bytes) -> list[bytes]:
    """Return a key whole, and each value in it that RQ may have compressed."""
    whole = [redis.dump(key)]
    match redis.type(key):
        case b"hash":
            return [*whole, *redis.hgetall(key).values()]
        case b"stream":
            return [*whole, *(value for _, entry in redis.xrange(key) for value in entry.values())]
        case _:
            return whole


def readings(packed: bytes) -> list[bytes]:
    """Return a value as it stands and, if it can be, decompressed."""
    read = [packed]
    with suppress(zlib.error):
        read.append(zlib.decompress(packed))
    with suppress(zlib.error, binascii.Error):
        read.append(zlib.decompress(base64.b64decode(packed)))
    return read


def test_a_delivery_job_only_wakes_the_thread_that_delivers(bench: Bench) -> None:
    RqJobs(bench.redis, job_timeout_s=30).deliver()

    bench.work_off(UPKEEP)

    assert wake_up.DELIVERIES.is_set()
