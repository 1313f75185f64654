import threading
from collections.abc import Iterator

import pytest
from redis import Redis
from rq.queue import Queue

from moderation.adapters.privacy import KeyedPrivacy
from moderation.adapters.redis_client import make_redis
from moderation.adapters.redis_instant import InstantText, InstantTexts, RedisInstantScoring
from moderation.adapters.rq_jobs import LIVE, AllowedJob
from moderation.domain.signal import Span
from moderation.errors import ScoringUnavailable
from moderation.ports.scorer import ScoredText, Wanted
from moderation.settings import Settings
from tests.servers import RedisServer
from tests.waiting import eventually

PRIVACY = KeyedPrivacy("s" * 40)
TEXT = "a sentence that nobody may find anywhere"


@pytest.fixture
def asking(redis_server: RedisServer) -> Iterator[Redis]:
    client = make_redis(Settings(redis_url=redis_server.url, redis_timeout_s=0.5))
    yield client
    client.close()


@pytest.fixture
def answering(redis: Redis) -> Redis:
    return redis


def files_of(server: RedisServer) -> dict[str, bytes]:
    """Return every file that the server keeps, by name."""
    return {path.name: path.read_bytes() for path in server._folder.iterdir() if path.is_file()}


def key_of_next_job(redis: Redis) -> str:
    lane = Queue(LIVE, connection=redis, serializer="json", job_class=AllowedJob)
    [job] = eventually(lambda: lane.jobs)
    redis.delete(lane.key)
    [key] = job.args
    return str(key)


def test_the_scores_come_back_to_whoever_asked(asking: Redis, answering: Redis) -> None:
    taken: list[InstantText | None] = []
    told = ScoredText({"toxicity": 0.25}, (Span(4, 10, "toxicity"),))

    def worker() -> None:
        texts = InstantTexts(answering, PRIVACY)
        key = key_of_next_job(answering)
        taken.extend([texts.take(key), texts.take(key)])
        texts.answer(key, told)

    thread = threading.Thread(target=worker)
    thread.start()
    scores = RedisInstantScoring(asking, PRIVACY).score(TEXT, language="en", timeout_s=5)
    thread.join()

    assert scores == told
    assert taken == [InstantText(TEXT, "en"), None]


def test_whatever_else_is_wanted_reaches_the_worker_and_comes_back(
    asking: Redis, answering: Redis
) -> None:
    wanted = Wanted(parts=((0, 10), (11, 40)), words=False, any_language=True)
    told = ScoredText({"toxicity": 0.5}, (), ({"toxicity": 0.5}, {}), "de", "f" * 64)
    taken: list[InstantText | None] = []

    def worker() -> None:
        texts = InstantTexts(answering, PRIVACY)
        key = key_of_next_job(answering)
        taken.append(texts.take(key))
        texts.answer(key, told)

    thread = threading.Thread(target=worker)
    thread.start()
    scored = RedisInstantScoring(asking, PRIVACY).score(
        TEXT, language=None, timeout_s=5, wanted=wanted
    )
    thread.join()

    assert scored == told
    assert taken == [InstantText(TEXT, None, wanted)]


def test_a_worker_without_a_model_says_so_at_once(asking: Redis, answering: Redis) -> None:
    def worker() -> None:
        InstantTexts(answering, PRIVACY).answer(key_of_next_job(answering), None)

    thread = threading.Thread(target=worker)
    thread.start()
    with pytest.raises(ScoringUnavailable):
        RedisInstantScoring(asking, PRIVACY).score(TEXT, language=None, timeout_s=15)
    thread.join()


def test_nobody_scores_what_nobody_waits_for_any_more(asking: Redis, answering: Redis) -> None:
    with pytest.raises(ScoringUnavailable):
        RedisInstantScoring(asking, PRIVACY).score(TEXT, language=None, timeout_s=0.2)

    assert InstantTexts(answering, PRIVACY).take(key_of_next_job(answering)) is None


def test_without_redis_there_is_no_score(asking: Redis, redis_server: RedisServer) -> None:
    redis_server.kill()

    with pytest.raises(ScoringUnavailable):
        RedisInstantScoring(asking, PRIVACY).score(TEXT, language=None, timeout_s=5)


def test_the_text_is_in_no_file_of_redis_while_it_waits(
    asking: Redis, answering: Redis, redis_server: RedisServer
) -> None:
    def ask() -> None:
        with pytest.raises(ScoringUnavailable):
            RedisInstantScoring(asking, PRIVACY).score(TEXT, language="en", timeout_s=15)

    thread = threading.Thread(target=ask)
    thread.start()
    key = key_of_next_job(answering)
    answering.save()
    logged = files_of(redis_server)
    answering.bgrewriteaof()
    eventually(lambda: not answering.info("persistence")["aof_rewrite_in_progress"])
    rewritten = files_of(redis_server)
    InstantTexts(answering, PRIVACY).answer(key, None)
    thread.join()

    for kept in (logged, rewritten):
        assert key.encode() in kept["appendonly.aof"]
        assert key.encode() in kept["dump.rdb"]
        assert not [name for name, content in kept.items() if b"nobody may find" in content]
