"""Requests per key, counted in Redis; in this process alone while Redis is away."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
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
_MOST_KEYS: Final = 10_000
"""Keys remembered; past that, those are forgotten whose window has ended."""


@dataclass(slots=True)
class _Share:
    """Requests that this process may serve without asking, or must refuse, until a time."""

    left: int = 0
    until: float = 0.0
    over: bool = False
    lock: Lock = field(default_factory=Lock)
    """Held while one thread asks for all that want the same."""


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
        self._shares: dict[str, _Share] = {}
        self._adding = Lock()

    def take(self, key_id: str) -> None:
        share = self._shares.get(key_id) or self._add(key_id)
        with share.lock:
            now = self._clock()
            if now >= share.until or not (share.left or share.over):
                self._renew(share, key_id, now)
            if share.over:
                raise RateLimited(max(1, math.ceil(share.until - self._clock())))
            share.left -= 1

    def _add(self, key_id: str) -> _Share:
        with self._adding:
            if len(self._shares) >= _MOST_KEYS:
                now = self._clock()
                self._shares = {k: v for k, v in self._shares.items() if now < v.until}
            return self._shares.setdefault(key_id, _Share())

    def _renew(self, share: _Share, key_id: str, now: float) -> None:
        """Count another share."""
        try:
            self._count(self._shared, share, key_id, now)
        except RedisError:
            self._count(self._alone, share, key_id, now)

    def _count(
        self, limiter: FixedWindowRateLimiter, share: _Share, key_id: str, now: float
    ) -> None:
        share.over = not limiter.hit(self._limit, key_id, cost=self._share)
        if share.over:
            share.left = 0
            share.until = limiter.get_window_stats(self._limit, key_id).reset_time
        else:
            share.left = self._share
            share.until = now + self._limit.get_expiry()
