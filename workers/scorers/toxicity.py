"""Toxicity signals from a model."""

from collections.abc import Mapping, Sequence

from moderation.domain.comment import Comment
from moderation.domain.language import covers
from moderation.domain.text import canonical
from moderation.errors import ScorerUnavailable
from workers.engines.calibrated import Calibration
from workers.engines.engine import Engine
from workers.engines.errors import ModelUnavailable


class ToxicityScorer:
    """Emits one signal per output of the engine's model.

    The model reads the canonical form, so that disguised words count as what a reader sees.
    A comment in a language that the model's card does not list gets no signals: a score would
    look like a measurement and be a guess. One of which no language is told is scored.
    It marks the words that carry a score, where the engine can tell them.
    Credits, limits and known biases stand in the model's card.
    """

    name = "toxicity"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.model_hash: str | None = engine.model_hash
        self.base_rates: Mapping[str, float] = Calibration.of(engine.card).base_rates
        self.signals = engine.signals
        self._languages = frozenset(engine.card.languages)

    def score(self, comments: Sequence[Comment]) -> list[dict[str, float]]:
        understood = [self._understands(comment.language) for comment in comments]
        texts = [canonical(c.body).text for c, ok in zip(comments, understood, strict=True) if ok]
        try:
            scores = iter(self._engine.score(texts))
        except ModelUnavailable as error:
            raise ScorerUnavailable(self.name, str(error)) from error
        return [next(scores) if ok else {} for ok in understood]

    def mark(self, comment: Comment) -> list[tuple[int, int]]:
        read = canonical(comment.body)
        try:
            found = sorted(read.span(*place) for place in self._engine.mark(read.text))
        except ModelUnavailable as error:
            raise ScorerUnavailable(self.name, str(error)) from error
        apart: list[tuple[int, int]] = []
        for start, end in found:
            # Only a text that an override turned round can have words that overlap.
            if apart and start < apart[-1][1]:
                start, end = apart[-1][0], max(end, apart[-1][1])  # noqa: PLW2901
                apart.pop()
            apart.append((start, end))
        return apart

    def _understands(self, language: str | None) -> bool:
        return language is None or not self._languages or covers(self._languages, language)
