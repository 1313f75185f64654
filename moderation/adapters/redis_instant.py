"""Scores for texts that must not be stored: sealed there, expiring, read once."""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import RedisError

from moderation.adapters.redis_client import waiting
from moderation.adapters.rq_jobs import LIVE, SCORE_TEXT, Lanes
from moderation.domain.signal import Span
from moderation.errors import ScoringUnavailable
from moderation.ports.privacy import Privacy
from moderation.ports.scorer import PLAIN, ScoredText, Wanted

_LONGEST_S: Final = 15
_TEXT: Final = "moderation:instant:text:"
_ANSWER: Final = "moderation:instant:answer:"


@dataclass(frozen=True, slots=True)
class InstantText:
    """A text to be scored now, as the worker takes it."""

    text: str
    language: str | None
    wanted: Wanted = PLAIN


class RedisInstantScoring:
    """``ports.InstantScoring``: the asking side.

    Redis, its append-only file and its dumps see the text only sealed under the service's
    secret. The key expires within 15 s even if no worker ever comes.
    """

    def __init__(self, redis: Redis, privacy: Privacy) -> None:
        self._redis = redis
        self._waiting = waiting(redis, longest_s=_LONGEST_S)
        self._privacy = privacy
        self._lanes = Lanes(redis, job_timeout_s=_LONGEST_S)

    def score(
        self, text: str, *, language: str | None, timeout_s: float, wanted: Wanted = PLAIN
    ) -> ScoredText:
        key = secrets.token_hex(16)
        sealed = self._privacy.seal(json.dumps([text, language, asdict(wanted)]))
        expires_ms = int(min(timeout_s, _LONGEST_S) * 1000)
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.set(_TEXT + key, sealed, px=expires_ms)
                self._lanes.put(
                    LIVE,
                    SCORE_TEXT,
                    [key],
                    expires_s=_LONGEST_S,
                    client=pipe,
                )
                pipe.execute()
            answer = self._waiting.blpop([_ANSWER + key], timeout=expires_ms / 1000)
        except RedisError:
            raise ScoringUnavailable from None
        scored = None if answer is None else json.loads(cast("Any", answer)[1])
        if scored is None:
            raise ScoringUnavailable
        return _read(scored)


class InstantTexts:
    """The answering side of `RedisInstantScoring`, for workers."""

    def __init__(self, redis: Redis, privacy: Privacy) -> None:
        self._redis = redis
        self._privacy = privacy

    def take(self, key: str) -> InstantText | None:
        """Read a text and remove it; None if it is gone, because nobody waits any more."""
        sealed = cast("bytes | None", self._redis.getdel(_TEXT + key))
        if sealed is None:
            return None
        text, language, wanted = json.loads(self._privacy.unseal(sealed.decode()))
        parts = tuple((start, end) for start, end in wanted.pop("parts"))
        return InstantText(text, language, Wanted(parts=parts, **wanted))

    def answer(self, key: str, scored: ScoredText | None) -> None:
        """Hand the scores back to whoever waits; None: there are none to be had.

        Of the words only their places, so no text.
        """
        told = None if scored is None else _written(scored)
        with self._redis.pipeline() as pipe:
            pipe.rpush(_ANSWER + key, json.dumps(told))
            pipe.expire(_ANSWER + key, _LONGEST_S)
            pipe.execute()


def _written(scored: ScoredText) -> dict[str, Any]:
    return {
        "scores": dict(scored.scores),
        "spans": [(span.start, span.end, span.source) for span in scored.spans],
        "parts": [dict(each) for each in scored.parts],
        "recognised": scored.recognised,
        "model_hash": scored.model_hash,
    }


def _read(written: dict[str, Any]) -> ScoredText:
    return ScoredText(
        written["scores"],
        tuple(Span(*span) for span in written["spans"]),
        tuple(written["parts"]),
        written["recognised"],
        written["model_hash"],
    )
