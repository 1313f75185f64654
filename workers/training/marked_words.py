"""Whether a model that was taught further still marks the words that it marked before.

Teaching moves the hidden states that the head for words reads, and no decision says which
words are meant. Where the lexicon has become the better guide, it takes over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.engines.engine import Engine
from workers.engines.lexicon import marked_by_lexicon
from workers.engines.weighing import Place
from workers.evaluation.held import any_reached, as_columns, thresholds_of
from workers.evaluation.spans import spans_f1

_MOST: Final = 1000
"""Texts that are looked through for held ones."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two ways to mark agree with the parent's, as mean F1 of characters.

    NaN where the parent holds none of the texts.
    """

    texts: int
    model: float
    lexicon: float

    @property
    def model_marks(self) -> bool:
        """Whether the model's own words are nearer to the parent's than the lexicon's."""
        return self.model > self.lexicon

    def document(self) -> dict[str, Any]:
        """Return the figures, for the card and for people."""
        told: dict[str, Any] = {"texts": self.texts}
        if self.texts:
            told |= {"agree": round(self.model, 4), "lexicon_agrees": round(self.lexicon, 4)}
        return {**told, "marked_by": "model" if self.model_marks else "lexicon"}


def agreement(parent: Engine, child: Engine, texts: Sequence[str]) -> Agreement:
    """Compare the words that are marked in texts which the parent holds.

    Args:
        parent: One that was taught to mark words.
        child: What became of it.
        texts: In canonical form; of many only the first are looked at.
    """
    looked = list(texts[:_MOST])
    scores = as_columns(parent.score(looked), parent.signals)
    held = any_reached(scores, thresholds_of("hold", DEFAULT_DOCUMENT, parent.signals))
    listed = [text for text, holds in zip(looked, held, strict=True) if holds]
    before = [_characters(parent.mark, text) for text in listed]
    model, lexicon = (
        spans_f1((_characters(mark, text), was) for text, was in zip(listed, before, strict=True))
        for mark in (child.mark, marked_by_lexicon)
    )
    return Agreement(len(listed), model, lexicon)


def _characters(mark: Callable[[str], list[Place]], text: str) -> set[int]:
    return {i for start, end in mark(text) for i in range(start, end)}
