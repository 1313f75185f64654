import threading
from collections.abc import Iterator

import pytest
from redis import Redis
from rq.queue import Queue

from moderation.adapters.privacy import KeyedPrivacy
from moderation.adapters.redis_checks import Checks, RedisChecking
from moderation.adapters.redis_client import make_redis
from moderation.adapters.rq_jobs import LIVE, AllowedJob
from moderation.domain.comment import Comment
from moderation.domain.policy import Action
from moderation.errors import ScoringUnavailable
from moderation.settings import Settings
from tests.builders import a_comment, a_full_comment, a_site
from tests.servers import RedisServer
from tests.waiting import eventually

PRIVACY = KeyedPrivacy("s" * 40)
TEXT = "a sentence that nobody may find anywhere"


@pytest.fixture
def asking(redis_server: RedisServer) -> Iterator[Redis]:
    client = make_redis(Settings(redis_url=redis_server.url, redis_timeout_s=0.5))
    yield client
    client.close()


def key_of_next_job(redis: Redis) -> str:
    lane = Queue(LIVE, connection=redis, serializer="json", job_class=AllowedJob)
    [job] = eventually(lambda: lane.jobs)
    redis.delete(lane.key)
    [key] = job.args
    return str(key)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.HOLD, Action.REJECT, None])
def test_the_whole_comment_arrives_once_and_the_answer_comes_back(
    asking: Redis, redis: Redis, action: Action | None
) -> None:
    comment = a_full_comment(a_site())
    taken: list[Comment | None] = []

    def worker() -> None:
        checks = Checks(redis, PRIVACY)
        key = key_of_next_job(redis)
        taken.extend([checks.take(key), checks.take(key)])
        checks.answer(key, action)

    thread = threading.Thread(target=worker)
    thread.start()
    said = RedisChecking(asking, PRIVACY).check(comment, timeout_s=5)
    thread.join()

    assert said is action
    assert taken == [comment, None]


def test_past_the_deadline_nobody_checks_what_nobody_waits_for(asking: Redis, redis: Redis) -> None:
    with pytest.raises(ScoringUnavailable):
        RedisChecking(asking, PRIVACY).check(a_comment(a_site()), timeout_s=0.2)

    assert Checks(redis, PRIVACY).take(key_of_next_job(redis)) is None


def test_redis_never_sees_the_comment_and_forgets_what_it_sees(
    asking: Redis, redis: Redis, redis_server: RedisServer
) -> None:
    with pytest.raises(ScoringUnavailable):
        RedisChecking(asking, PRIVACY).check(a_comment(a_site(), TEXT), timeout_s=0.2)

    kept = [path.read_bytes() for path in redis_server._folder.rglob("*") if path.is_file()]
    assert any(b"moderation:check:comment:" in each for each in kept)
    assert not any(TEXT.encode() in each for each in kept)
    eventually(lambda: not redis.keys("moderation:check:*"))


def test_without_redis_nothing_is_said(asking: Redis, redis_server: RedisServer) -> None:
    redis_server.kill()

    with pytest.raises(ScoringUnavailable):
        RedisChecking(asking, PRIVACY).check(a_comment(a_site()), timeout_s=5)
