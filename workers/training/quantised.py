"""How far eight-bit weights are from those that were trained."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.engines.engine import Engine
from workers.evaluation.held import any_reached, thresholds_of
from workers.evaluation.metrics import Numbers
from workers.training.scored import ScoredSet, as_comments_are_read

COMPARED: Final = ("jigsaw_wikipedia_dev", "civil_news_dev", "stanford_politeness")
"""Dev sets on which both are compared."""

_ACTIONS: Final[tuple[Literal["hold", "reject"], ...]] = ("hold", "reject")


def compare(served: Engine, trained: Engine, sets: Sequence[ScoredSet]) -> dict[str, Any]:
    """Compare scores, and what the default policy makes of them.

    Args:
        served: Runs the eight-bit weights.
        trained: Runs the fp32 weights.
        sets: Texts with the scores that *served* gave them.

    Returns:
        Texts compared, mean and largest difference of a score, and the share of texts, of each
        set and of all, of which the default policy's rules on the model's signals would hold
        or reject under one what they would not under the other.
    """
    differences: list[Numbers] = []
    changed: dict[str, npt.NDArray[np.bool_]] = {}
    for each in sets:
        read = trained.score([as_comments_are_read(row["text"]) for row in each.rows])
        full = {s: np.array([scores[s] for scores in read]) for s in served.signals}
        differences += [np.abs(full[s] - each.scores[s]) for s in served.signals]
        changed[each.name] = _strictest(each.scores) != _strictest(full)
    difference = np.concatenate(differences)
    everything = np.concatenate(list(changed.values()))
    return {
        "served": "int8 weights, a scale per channel; activations quantised at run time",
        "compared_with": "the fp32 weights they were made of",
        "texts": len(everything),
        "mean_difference": round(float(difference.mean()), 5),
        "largest_difference": round(float(difference.max()), 4),
        "decided_differently": round(float(everything.mean()), 5),
        "decided_differently_by_set": {
            name: round(float(each.mean()), 5) for name, each in changed.items()
        },
    }


def _strictest(scores: Mapping[str, Numbers]) -> npt.NDArray[np.int_]:
    """Return 0 for texts that no rule reaches, 1 for those held, 2 for those rejected."""
    found = np.zeros(len(next(iter(scores.values()))), dtype=int)
    for strictness, action in enumerate(_ACTIONS, start=1):
        thresholds = thresholds_of(action, DEFAULT_DOCUMENT, list(scores))
        found[any_reached(scores, thresholds)] = strictness
    return found
