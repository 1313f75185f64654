"""What measures comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from moderation.domain.comment import Comment
from moderation.domain.signal import Span

NO_PROBABILITIES: Final[Mapping[str, float]] = MappingProxyType({})
"""The ``base_rates`` of a scorer whose scores are measurements only."""


class Scorer(Protocol):
    """Measures comments. One scorer may emit several named signals."""

    name: str
    model_hash: str | None
    """SHA-256 of the weights, and of their calibration if there is one; None without a model."""
    base_rates: Mapping[str, float]
    """By signal, the share of positives at which its scores are probabilities; a signal that is
    not here is a measurement and no probability."""

    def score(self, comments: Sequence[Comment]) -> Sequence[Mapping[str, float]]:
        """Score a batch.

        Args:
            comments: n comments, n >= 1. Order is meaningful.

        Returns:
            n mappings; item i belongs to ``comments[i]``. Keys are signal names such as
            ``"toxicity"``; values lie in [0, 1]. A signal the scorer cannot measure for that
            comment is left out, not zero. `Scores` also say what was found, and where.

        Raises:
            ScorerUnavailable: Nothing was scored; the whole batch may be retried.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody who waits for a text's scores wants to know beside them.

    ``parts``: places in the text, each to be scored as a text of its own; end exclusive.
    ``words``: which words carry a high score. ``any_language``: scores even of a text in a
    language that the model was not taught; they are worth less.
    """

    parts: tuple[tuple[int, int], ...] = ()
    words: bool = True
    any_language: bool = False


PLAIN: Final = Wanted()
"""The words, and nothing else."""


@dataclass(frozen=True, slots=True)
class ScoredText:
    """A text's scores by signal, and the words of it that carry them, if they are high.

    ``parts`` are the scores of the parts that were wanted, in their order. ``recognised``: a
    language that the model was not taught and the text seems to be in. ``model_hash`` is of the
    model that took part, if one did.
    """

    scores: Mapping[str, float]
    spans: tuple[Span, ...] = ()
    parts: tuple[Mapping[str, float], ...] = ()
    recognised: str | None = None
    model_hash: str | None = None


class InstantScoring(Protocol):
    """Scores a text now, without storing it."""

    def score(
        self, text: str, *, language: str | None, timeout_s: float, wanted: Wanted = PLAIN
    ) -> ScoredText:
        """Return the text's signals, as a scorer would, and what else is *wanted*.

        The text leaves this process only encrypted, under an expiring key, and is gone
        from there once read.

        Raises:
            ScoringUnavailable: No answer within *timeout_s*; nothing was kept.
        """
        ...
