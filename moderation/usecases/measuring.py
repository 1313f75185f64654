"""Run scorers over comments so that none of them can spoil the others' work."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from moderation.domain.base_rate import at_base_rate
from moderation.domain.comment import Comment
from moderation.domain.language import ANY, UNKNOWN, covers
from moderation.domain.policy import Policy
from moderation.domain.signal import Scores, Span
from moderation.errors import ScorerUnavailable
from moderation.ports.language import RecogniseLanguage
from moderation.ports.scorer import Scorer

logger = logging.getLogger(__name__)

LANGUAGE: Final = "language"
"""What ``Measurement.failed`` calls the recognition of languages."""


@dataclass(slots=True)
class Measurement:
    """One comment's scores; ``model_hash`` is of the model that took part, if one did.

    ``failed``: names of the scorers that broke on it or gave what is no score, and `LANGUAGE` if
    its language could not be looked for. A scorer that cannot measure such a comment, say for
    its language, has not failed, though it gives no signal either.
    ``recognised``: a language that the model was not taught and the text seems to be in, where
    the site declared none.
    ``told``, ``places``: by signal, what was found, and where: see `Scores`.
    ``marked``: the words that carry its scores, once somebody has asked for them.
    """

    scores: dict[str, float] = field(default_factory=dict)
    model_hash: str | None = None
    failed: list[str] = field(default_factory=list)
    recognised: str | None = None
    marked: tuple[Span, ...] = ()
    told: dict[str, str] = field(default_factory=dict)
    places: tuple[Span, ...] = ()


def measure(
    scorers: Sequence[Scorer],
    comments: Sequence[Comment],
    *,
    recognise: RecogniseLanguage,
    policies: Mapping[str, Policy] | None = None,
) -> list[Measurement]:
    """Measure each comment with every scorer.

    A scorer that fails contributes nothing, and a value that is no number in [0, 1] is none:
    the policy then sees a missing signal. Scorers are told the language that the site declared,
    else the one that is recognised, and none where the site's policy wants it scored anyway.
    A score that is a probability is told for the base rate that the policy states, so what is
    recorded is what the rules saw.

    Args:
        scorers: Run in this order; put cheap ones first.
        comments: Measured together.
        recognise: Asked where the site declared no language.
        policies: By site; a site without one here says nothing of languages and base rates.

    Returns:
        Item i belongs to ``comments[i]``.
    """
    measured = [Measurement() for _ in comments]
    own = [_policy(policies or {}, comment.site_id) for comment in comments]
    told = [
        replace(comment, language=_told(comment, policy.languages, measurement, recognise))
        for comment, policy, measurement in zip(comments, own, measured, strict=True)
    ]
    for scorer in scorers:
        answered = zip(measured, _scores(scorer, told), own, strict=True)
        for measurement, scores, policy in answered:
            given = scores or {}
            valid = {name: value for name, value in given.items() if 0.0 <= value <= 1.0}
            if scores is None or len(valid) < len(given):
                measurement.failed.append(scorer.name)
            if isinstance(scores, Scores):
                measurement.told.update(scores.told)
                measurement.places += scores.places
            measurement.scores.update(_at_own_rates(valid, scorer.base_rates, policy.base_rates))
            if valid and scorer.model_hash is not None:
                measurement.model_hash = scorer.model_hash
    return measured


def recognised_in(comment: Comment, recognise: RecogniseLanguage) -> str | None:
    """Return a language that a comment seems to be in, where nothing hangs on it.

    None where *recognise* says none, and where it fails.
    """
    try:
        return recognise(comment.body)
    except Exception as error:  # noqa: BLE001 - whatever happens, its scores are there
        logger.warning("no language could be recognised: %s", type(error).__name__)
        return None


def _policy(policies: Mapping[str, Policy], site_id: str) -> Policy:
    return policies.get(site_id) or Policy(version=0)


def _at_own_rates(
    scores: Mapping[str, float], stated: Mapping[str, float], own: Mapping[str, float]
) -> dict[str, float]:
    """Tell probabilities for the site's base rates, where it states any."""
    return {
        signal: at_base_rate(score, stated=stated[signal], own=own[signal])
        if signal in stated and signal in own
        else score
        for signal, score in scores.items()
    }


def _told(
    comment: Comment,
    trusted: frozenset[str],
    measurement: Measurement,
    recognise: RecogniseLanguage,
) -> str | None:
    """Return the language that scorers are told, and note what came of looking for it.

    Where looking failed they are told of one that no model knows, so that nothing is approved
    for that failure.
    """
    if ANY in trusted:
        return None
    if comment.language is not None:
        return None if covers(trusted, comment.language) else comment.language
    try:
        found = recognise(comment.body)
    except Exception as error:  # noqa: BLE001 - whatever happens, the comment goes on
        logger.warning("no language could be recognised: %s", type(error).__name__)
        measurement.failed.append(LANGUAGE)
        return UNKNOWN
    if found is None or covers(trusted, found):
        return None
    measurement.recognised = found
    return found


def _scores(scorer: Scorer, comments: Sequence[Comment]) -> list[Mapping[str, float] | None]:
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
