"""Run scorers over comments so that none of them can spoil the others' work."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from moderation.domain.comment import Comment
from moderation.errors import ScorerUnavailable
from moderation.ports.scorer import Scorer

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Measurement:
    """One comment's scores; ``model_hash`` is of the model that took part, if one did.

    ``failed``: names of the scorers that broke on it or gave what is no score. One that
    cannot measure such a comment, say for its language, has not failed, though it gives no
    signal either.
    """

    scores: dict[str, float] = field(default_factory=dict)
    model_hash: str | None = None
    failed: list[str] = field(default_factory=list)


def measure(scorers: Sequence[Scorer], comments: Sequence[Comment]) -> list[Measurement]:
    """Measure each comment with every scorer.

    A scorer that fails contributes nothing, and a value that is no number in [0, 1] is none:
    the policy then sees a missing signal.

    Args:
        scorers: Run in this order; put cheap ones first.
        comments: Measured together.

    Returns:
        Item i belongs to ``comments[i]``.
    """
    measured = [Measurement() for _ in comments]
    for scorer in scorers:
        for measurement, scores in zip(measured, _scores(scorer, comments), strict=True):
            given = scores or {}
            valid = {name: value for name, value in given.items() if 0.0 <= value <= 1.0}
            if scores is None or len(valid) < len(given):
                measurement.failed.append(scorer.name)
            measurement.scores.update(valid)
            if valid and scorer.model_hash is not None:
                measurement.model_hash = scorer.model_hash
    return measured


def _scores(scorer: Scorer, comments: Sequence[Comment]) -> list[dict[str, float] | None]:
    """Return each comment's scores; None where the scorer failed."""
    try:
        scores = scorer.score(comments)
        if len(scores) == len(comments):
            return list(scores)
        logger.warning("scorer %s answered for %d of %d", scorer.name, len(scores), len(comments))
        return [None for _ in comments]
    except ScorerUnavailable as error:
        logger.warning("%s", error)
        return [None for _ in comments]
    except Exception as error:  # noqa: BLE001 - whatever a scorer does, the comment goes on
        if len(comments) > 1:
            return [scores for comment in comments for scores in _scores(scorer, [comment])]
        # Its message might quote the comment.
        logger.warning("scorer %s failed: %s", scorer.name, type(error).__name__)
        return [None]
