"""Whether disguises change decisions: of toxic texts that are held, and of harmless ones."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from moderation.domain.text import canonical
from workers.engines.engine import Engine
from workers.evaluation.drawing import evenly
from workers.evaluation.figures import rounded
from workers.evaluation.scoring import TOXICITY, ScoredTexts
from workers.evaluation.transforms import TRANSFORMS, disguised

MOST: Final = 500
"""Texts of each kind that are disguised, in turn from every set."""


def evasion(
    engine: Engine,
    sets: Sequence[ScoredTexts],
    *,
    hold: float,
    most: int = MOST,
    progress: Callable[[int], None],
) -> dict[str, Any] | None:
    """Measure every disguise.

    Args:
        engine: What scored the sets.
        sets: Hold a draw of texts each.
        hold: The toxicity from which a text is held.
        most: Texts of each kind.
        progress: Told of each disguise how many texts it was put on.

    Returns:
        By disguise ``invariance``, the share of toxic texts that are held in plain form and
        stay held, and ``more_held``, by how much the share of harmless texts held grows; and
        the mean of all. None where no toxic text is held.
    """
    toxic = evenly([each.held_toxic for each in sets], most)
    harmless = evenly([each.harmless for each in sets], most)
    if not toxic:
        return None
    found: dict[str, dict[str, float | None]] = {}
    score = _Remembering(engine)
    for name in TRANSFORMS:
        kept = _held(score, toxic, name, hold)
        more = _held(score, [text for text, _ in harmless], name, hold)
        before = sum(held for _, held in harmless)
        found[name] = {
            "invariance": rounded(kept / len(toxic)),
            "more_held": rounded((more - before) / len(harmless)) if harmless else None,
        }
        progress(len(toxic) + len(harmless))
    return {
        "hold": hold,
        "toxic_texts": len(toxic),
        "harmless_texts": len(harmless),
        "transforms": found,
        "invariance": _mean([each["invariance"] for each in found.values()]),
        "more_held": _mean([each["more_held"] for each in found.values()]),
    }


class _Remembering:
    """Scores each canonical form once: many disguises come off altogether."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, float] = {}

    def __call__(self, texts: Sequence[str]) -> list[float]:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        for text, scores in zip(new, self._engine.score(new), strict=True):
            self._known[text] = scores[TOXICITY]
        return [self._known[text] for text in texts]


def _held(score: _Remembering, texts: Sequence[str], name: str, hold: float) -> int:
    read = [canonical(disguised(text, name, seed=i)).text for i, text in enumerate(texts)]
    return sum(each >= hold for each in score(read))


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return rounded(sum(known) / len(known)) if known else None
