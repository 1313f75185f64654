"""Requests per key, counted in Redis; in this process alone while Redis is away."""

import math
import time
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import Redis
from redis.exceptions import RedisError

from moderation.errors import RateLimited

_PREFIX: Final = "moderation:limits"
_ANY_ADDRESS: Final = "redis://"  # never connected to: the connection pool is given


class RedisLimits:
    """``ports.Limits`` in fixed windows: one round trip a request, none for a key known to be over.

    It fails open to counting in memory, so that a Redis that is gone or hung neither
    refuses anybody nor lets anybody send without limit.
    """

    def __init__(self, redis: Redis, *, limit: str) -> None:
        self._limit: RateLimitItem = parse(limit)
        storage = RedisStorage(
            _ANY_ADDRESS, connection_pool=redis.connection_pool, key_prefix=_PREFIX
        )
        self._shared = FixedWindowRateLimiter(storage)
        self._alone = FixedWindowRateLimiter(MemoryStorage())
        self._over_until: dict[str, float] = {}
        """Keys that have had their share, and when their window ends (Unix time)."""

    def take(self, key_id: str) -> None:
        now = time.time()
        ends_at = self._over_until.get(key_id, 0.0)
        if now >= ends_at:
            ends_at = self._count(key_id)
            self._over_until[key_id] = ends_at
        if now < ends_at:
            raise RateLimited(max(1, math.ceil(ends_at - now)))

    def _count(self, key_id: str) -> float:
        """Count a request; return when the window ends if it is full, else 0."""
        try:
            return _hit(self._shared, self._limit, key_id)
        except RedisError:
            return _hit(self._alone, self._limit, key_id)


def _hit(limiter: FixedWindowRateLimiter, limit: RateLimitItem, key_id: str) -> float:
    if limiter.hit(limit, key_id):
        return 0.0
    return limiter.get_window_stats(limit, key_id).reset_time
