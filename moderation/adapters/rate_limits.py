"""Requests per key, counted in Redis; in this process alone while Redis is away."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import Redis
from redis.exceptions import RedisError

from moderation.errors import RateLimited

_PREFIX: Final = "moderation:limits"
_ANY_ADDRESS: Final = "redis://"  # never connected to: the connection pool is given
_SHARES: Final = 20
_LARGEST_SHARE: Final = 50


@dataclass(slots=True)
class _Share:
    """Requests that this process may serve without asking, or must refuse, until a time."""

    left: int
    until: float
    over: bool = False


class RedisLimits:
    """``ports.Limits`` in fixed windows, over all processes.

    A process takes a share of the limit at a time, a twentieth and at most 50 requests, so
    that few requests wait for Redis. What is left of a share when its window ends is lost:
    with limits of 40 or more a key may get a few per cent less, or in the moment between
    two windows more; smaller limits are exact. A key known to be over its limit is refused
    without asking.

    It fails open to counting in memory, so that a Redis that is gone or hung neither
    refuses anybody nor lets anybody send without limit.
    """

    def __init__(self, redis: Redis, *, limit: str, clock: Callable[[], float] = time.time) -> None:
        self._limit: RateLimitItem = parse(limit)
        self._share = max(1, min(self._limit.amount // _SHARES, _LARGEST_SHARE))
        storage = RedisStorage(
            _ANY_ADDRESS, connection_pool=redis.connection_pool, key_prefix=_PREFIX
        )
        self._shared = FixedWindowRateLimiter(storage)
        self._alone = FixedWindowRateLimiter(MemoryStorage())
        self._clock = clock
        self._lock = threading.Lock()
        self._shares: dict[str, _Share] = {}

    def take(self, key_id: str) -> None:
        if self._take_own(key_id):
            return
        share = self._ask(key_id)
        with self._lock:
            self._shares[key_id] = share
        self._refuse_if_over(share)

    def _take_own(self, key_id: str) -> bool:
        """Use up one of the process's own share; False if it must ask for another."""
        with self._lock:
            share = self._shares.get(key_id)
            if share is None or self._clock() >= share.until:
                return False
            self._refuse_if_over(share)
            share.left -= 1
            return share.left >= 0

    def _refuse_if_over(self, share: _Share) -> None:
        if share.over:
            raise RateLimited(max(1, math.ceil(share.until - self._clock())))

    def _ask(self, key_id: str) -> _Share:
        """Count a share, of which one request is used now."""
        try:
            return self._count(self._shared, key_id)
        except RedisError:
            return self._count(self._alone, key_id)

    def _count(self, limiter: FixedWindowRateLimiter, key_id: str) -> _Share:
        now = self._clock()
        if limiter.hit(self._limit, key_id, cost=self._share):
            return _Share(self._share - 1, now + self._limit.get_expiry())
        return _Share(0, limiter.get_window_stats(self._limit, key_id).reset_time, over=True)
