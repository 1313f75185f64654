import time

import pytest
from pydantic import SecretStr
from redis.exceptions import RedisError

from moderation.adapters.redis_client import Breaker, RedisUnavailable, _options, make_redis
from moderation.settings import Settings
from tests.servers import RedisServer
from tests.waiting import eventually


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_after_a_failure_nobody_asks_and_then_one_tries() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    assert breaker.admit()

    breaker.failed()
    assert not breaker.admit()

    clock.now += 0.51
    assert [breaker.admit(), breaker.admit()] == [True, False]


def test_a_success_lets_everybody_ask_again() -> None:
    breaker = Breaker(Clock())
    breaker.failed()

    breaker.succeeded()

    assert breaker.admit()
    assert breaker.admit()


def test_a_hung_redis_costs_one_time_out_now_and_then(redis_server: RedisServer) -> None:
    redis = make_redis(Settings(redis_url=redis_server.url, redis_timeout_s=0.1))
    redis.ping()
    redis_server.pause()

    began = time.monotonic()
    for _ in range(100):
        with pytest.raises(RedisError):
            redis.ping()
    spent = time.monotonic() - began
    redis_server.resume()

    assert spent < 0.45
    assert eventually(lambda: _answers(redis.ping), within_s=3)
    redis.close()


def test_a_redis_that_came_back_is_used_at_once_by_every_connection(
    redis_server: RedisServer,
) -> None:
    redis = make_redis(Settings(redis_url=redis_server.url))
    redis.ping()

    redis_server.kill()
    with pytest.raises(RedisError):
        redis.ping()
    with pytest.raises(RedisUnavailable):
        redis.ping()
    redis_server.start()

    assert eventually(lambda: _answers(redis.ping), within_s=3)
    assert all(redis.ping() for _ in range(5))
    redis.close()


def test_pipelines_and_scripts_are_guarded_too(redis_server: RedisServer) -> None:
    redis = make_redis(Settings(redis_url=redis_server.url))
    redis_server.kill()
    with pytest.raises(RedisError):
        redis.ping()

    with pytest.raises(RedisUnavailable), redis.pipeline() as pipe:
        pipe.set("a", 1)
        pipe.execute()
    with pytest.raises(RedisUnavailable):
        redis.register_script("return 1")()
    redis.close()


def test_a_password_is_used_where_the_address_names_none() -> None:
    password = SecretStr("one")
    given = Settings(redis_url="redis://cache:6379/1", redis_password=password)
    named = Settings(redis_url="rediss://:other@cache:6379/1", redis_password=password)

    used = [_options(settings, timeout_s=1)["password"] for settings in (given, named)]

    assert used == ["one", "other"]


def _answers(ask: object) -> bool:
    try:
        return bool(ask())  # type: ignore[operator]
    except RedisError:
        return False
