"""Connections to Redis: impatient ones for the API, patient ones for workers."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection, Connection, ConnectionPool, parse_url
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

from moderation.settings import Settings

_PAUSE_S: Final = 0.5
_WORKER_TIMEOUT_S: Final = 10.0
_LOST: Final = (RedisConnectionError, RedisTimeoutError, OSError)


class RedisUnavailable(RedisConnectionError):
    """Redis failed a moment ago and was not asked again."""


class Breaker:
    """Keeps a Redis that is down or hung from costing every request a time-out.

    After a failure nobody asks for half a second; then one caller tries, and the others still
    go without until it has succeeded. Safe between threads.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failing = False
        self._retry_at = 0.0

    def admit(self) -> bool:
        """Say whether Redis may be asked now."""
        if not self._failing:
            return True
        with self._lock:
            now = self._clock()
            if now < self._retry_at:
                return False
            self._retry_at = now + _PAUSE_S
            return True

    def failed(self) -> None:
        """Note that Redis did not answer."""
        with self._lock:
            self._failing = True
            self._retry_at = self._clock() + _PAUSE_S

    def succeeded(self) -> None:
        """Note that Redis answered."""
        self._failing = False


class GuardedPool(ConnectionPool):
    """Hands out connections unless the breaker says that Redis is not to be asked.

    Whatever goes through this pool is guarded: commands, pipelines, scripts, and clients of
    other libraries that are given the pool.
    """

    def __init__(self, *, breaker: Breaker, **options: Any) -> None:
        self.breaker = breaker
        super().__init__(**options)

    def get_connection(self, *_deprecated: Any, **_options: Any) -> Any:
        """Return a connected connection.

        Raises:
            RedisUnavailable: It failed a moment ago.
            ConnectionError: It fails now.
        """
        if not self.breaker.admit():
            raise RedisUnavailable("Redis failed a moment ago")
        try:
            return super().get_connection()
        except _LOST:
            self.breaker.failed()
            raise


def make_redis(settings: Settings) -> Redis:
    """Return the API's client: short time-outs, no retries, guarded by one breaker.

    Nothing is connected yet. Retries are off because a command whose reply was lost would
    be sent twice; callers go on without Redis instead.
    """
    breaker = Breaker()
    options = _options(settings, timeout_s=settings.redis_timeout_s)
    options["connection_class"] = _reporting(options["connection_class"], breaker)
    return Redis(connection_pool=GuardedPool(breaker=breaker, **options))


def make_worker_redis(settings: Settings) -> Redis:
    """Return a worker's client, patient enough for blocking commands, without retries."""
    return Redis(connection_pool=ConnectionPool(**_options(settings, timeout_s=_WORKER_TIMEOUT_S)))


def waiting(redis: Redis, *, longest_s: float) -> Redis:
    """Return a client of the same server for commands that block up to *longest_s*."""
    pool = redis.connection_pool
    options = {**pool.connection_kwargs, "socket_timeout": longest_s + 1.0}
    return Redis(connection_pool=ConnectionPool(connection_class=pool.connection_class, **options))


def _options(settings: Settings, *, timeout_s: float) -> dict[str, Any]:
    options: dict[str, Any] = {
        "connection_class": Connection,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 0),
        # With it on, redis-py no longer notices at check-out that a server has gone.
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }
    if settings.redis_password is not None:
        options["password"] = settings.redis_password.get_secret_value()
    named = parse_url(settings.redis_url)  # type: ignore[no-untyped-call]
    options.update(named)  # what the address names, wins
    return options


def _reporting(base: type[AbstractConnection], breaker: Breaker) -> type[AbstractConnection]:
    """Return a connection class that tells *breaker* how each answer went."""

    class Reporting(base):  # type: ignore[misc,valid-type]
        def read_response(self, *args: Any, **options: Any) -> Any:
            try:
                answer = super().read_response(*args, **options)
            except _LOST:
                breaker.failed()
                raise
            breaker.succeeded()
            return answer

    return Reporting
