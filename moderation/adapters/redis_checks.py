"""Checks of comments that must not be stored: sealed there, expiring, read once."""

import secrets
from typing import Any, Final, cast

from pydantic import TypeAdapter
from redis import Redis
from redis.exceptions import RedisError

from moderation.adapters.redis_client import waiting
from moderation.adapters.rq_jobs import CHECK_SPAM, LIVE, Lanes
from moderation.domain.comment import Comment
from moderation.domain.policy import Action
from moderation.errors import ScoringUnavailable
from moderation.ports.privacy import Privacy

_LONGEST_S: Final = 15
_COMMENT: Final = "moderation:check:comment:"
_ANSWER: Final = "moderation:check:answer:"
_UNSAID: Final = "unsaid"
_FAILED: Final = "failed"
_WRITTEN: Final = TypeAdapter(Comment)


class RedisChecking:
    """``ports.InstantChecking``: the asking side; as `RedisInstantScoring`, for a whole comment."""

    def __init__(self, redis: Redis, privacy: Privacy) -> None:
        self._redis = redis
        self._waiting = waiting(redis, longest_s=_LONGEST_S)
        self._privacy = privacy
        self._lanes = Lanes(redis, job_timeout_s=_LONGEST_S)

    def check(self, comment: Comment, *, timeout_s: float) -> Action | None:
        key = secrets.token_hex(16)
        sealed = self._privacy.seal(_WRITTEN.dump_json(comment).decode())
        expires_ms = int(min(timeout_s, _LONGEST_S) * 1000)
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.set(_COMMENT + key, sealed, px=expires_ms)
                self._lanes.put(LIVE, CHECK_SPAM, [key], expires_s=_LONGEST_S, client=pipe)
                pipe.execute()
            answer = self._waiting.blpop([_ANSWER + key], timeout=expires_ms / 1000)
        except RedisError:
            raise ScoringUnavailable from None
        said = _FAILED if answer is None else cast("Any", answer)[1].decode()
        if said == _FAILED:
            raise ScoringUnavailable
        return None if said == _UNSAID else Action[said]


class Checks:
    """The answering side of `RedisChecking`, for workers."""

    def __init__(self, redis: Redis, privacy: Privacy) -> None:
        self._redis = redis
        self._privacy = privacy

    def take(self, key: str) -> Comment | None:
        """Read a comment and remove it; None if it is gone, because nobody waits any more."""
        sealed = cast("bytes | None", self._redis.getdel(_COMMENT + key))
        if sealed is None:
            return None
        return _WRITTEN.validate_json(self._privacy.unseal(sealed.decode()))

    def answer(self, key: str, action: Action | None) -> None:
        """Tell whoever waits what the policy calls for; None: it cannot be said."""
        self._say(key, _UNSAID if action is None else action.name)

    def give_up(self, key: str) -> None:
        """Tell whoever waits that something broke."""
        self._say(key, _FAILED)

    def _say(self, key: str, word: str) -> None:
        with self._redis.pipeline() as pipe:
            pipe.rpush(_ANSWER + key, word)
            pipe.expire(_ANSWER + key, _LONGEST_S)
            pipe.execute()
