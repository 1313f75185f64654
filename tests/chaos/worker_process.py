"""A worker with scorers of the tests': ``python -m tests.chaos.worker_process KIND [live]``.

The product has no switch for this: whoever chooses scorers starts another program.
"""

import logging
import os
import random
import sys
import time
from collections.abc import Mapping, Sequence

from moderation.adapters.rq_jobs import LIVE, SCORING
from moderation.data_folder import complete
from moderation.domain.comment import Comment
from moderation.ports.scorer import NO_PROBABILITIES
from moderation.settings import read_settings
from workers.scoring import serve

POISON = "poison"
HARD_EXIT = 137


class Fickle:
    """Never gives a text the same score twice: only compare-and-set keeps decisions single."""

    name = "fickle"
    model_hash: str | None = "f" * 64
    base_rates: Mapping[str, float] = NO_PROBABILITIES
    seconds = 0.004

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        return [self._score(comment.body) for comment in comments]

    def _score(self, text: str) -> dict[str, float]:
        time.sleep(self.seconds)
        return {"toxicity": random.random()}  # noqa: S311 - no secret depends on it


class Slow(Fickle):
    """Takes long enough for a signal to find it at work."""

    name = "slow"
    seconds = 0.02


class Mortal(Fickle):
    """Dies of one text, as a crash in native code would have it."""

    name = "mortal"

    def _score(self, text: str) -> dict[str, float]:
        if POISON in text:
            os.kill(os.getpid(), 9)
        return super()._score(text)


SCORERS = {scorer.name: scorer for scorer in (Fickle, Slow, Mortal)}

if __name__ == "__main__":
    logging.basicConfig(level="WARNING", format="%(asctime)s %(name)s %(message)s")
    kind, lane = sys.argv[1], LIVE if "live" in sys.argv else SCORING
    serve(lane, complete(read_settings()), scorers=[SCORERS[kind]()])
