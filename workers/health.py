"""Marks in Redis by which a health check knows that a worker of this host still works."""

import socket
import time
from typing import Final

from redis import Redis

_KEPT_S: Final = 60
_EVERY_S: Final = 5.0


class Heartbeat:
    """Renews this host's mark of a lane, every few seconds at most.

    It is renewed by the loop that takes jobs: a worker stuck in a job falls silent.
    """

    def __init__(self, redis: Redis, lane: str) -> None:
        self._redis = redis
        self._lane = lane
        self._due = 0.0

    def beat(self) -> None:
        """Renew the mark if it is time.

        Raises:
            RedisError: Redis did not answer.
        """
        if time.monotonic() >= self._due:
            self._redis.set(_key(self._lane), "alive", ex=_KEPT_S)
            self._due = time.monotonic() + _EVERY_S


def is_alive(redis: Redis, lane: str) -> bool:
    """Say whether a worker of *lane* on this host gave a sign of life in the last minute."""
    return bool(redis.exists(_key(lane)))


def _key(lane: str) -> str:
    return f"moderation:alive:{lane}:{socket.gethostname()}"
