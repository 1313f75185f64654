"""A key's limit, when many threads ask at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from redis import Redis

from moderation.adapters.rate_limits import RedisLimits
from moderation.adapters.redis_client import make_redis
from moderation.errors import RateLimited
from moderation.settings import Settings
from tests.servers import RedisServer

THREADS = 16


@pytest.fixture
def dead_redis() -> Iterator[Redis]:
    redis = make_redis(Settings(redis_url="redis://127.0.0.1:1/0"))
    yield redis
    redis.close()


@pytest.fixture
def live_redis(redis_server: RedisServer) -> Iterator[Redis]:
    redis = make_redis(Settings(redis_url=redis_server.url))
    yield redis
    redis.close()


@pytest.fixture(params=["dead_redis", "live_redis"])
def redis(request: pytest.FixtureRequest) -> Redis:
    client: Redis = request.getfixturevalue(request.param)
    return client


def test_threads_that_ask_at_once_get_the_whole_limit_and_no_more(redis: Redis) -> None:
    for attempt in range(5):
        limits = RedisLimits(redis, limit="800/hour")

        served = _served_at_once(lambda: limits.take(f"k{attempt}"), 1_000)  # noqa: B023

        assert served == 800


def test_keys_that_have_not_been_seen_for_a_window_are_forgotten(dead_redis: Redis) -> None:
    now = 1_000_000.0
    limits = RedisLimits(dead_redis, limit="40/second", clock=lambda: now)
    for number in range(10_000):
        limits.take(f"old {number}")
    now += 2
    for number in range(5):
        limits.take(f"new {number}")

    assert len(limits._shares) == 5


def _served_at_once(take: Callable[[], None], requests: int) -> int:
    """Return how many of *requests*, shared among threads that start together, are served."""
    together = Barrier(THREADS)

    def ask(number: int) -> bool:
        if number < THREADS:
            together.wait(10)
        try:
            take()
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(ask, range(requests)))
