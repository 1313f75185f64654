"""Figures about scores of spam, as pure functions of arrays; what cannot be measured is None."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from workers.evaluation.metrics import Numbers, Reached, auc

SHARES: Final = (0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Probabilities at which false alarms are told."""


def spam_figures(spam: Reached, scores: Numbers, *, at: Mapping[str, float]) -> dict[str, Any]:
    """Measure scores of texts, some of which are spam.

    Args:
        spam: Which are.
        scores: In the same order.
        at: Thresholds by name; of each recall, precision as these texts are mixed, and F1.
    """
    found = auc(spam.astype(float), scores)
    return {
        "texts": len(spam),
        "spam": int(spam.sum()),
        "auc": None if np.isnan(found) else round(found, 4),
        "at": {name: _at(spam, scores >= threshold) for name, threshold in at.items()},
    }


def false_alarms(scores: Numbers, *, at: Mapping[str, float]) -> dict[str, Any]:
    """Tell which share of harmless texts reaches which probability; *at*: further ones, named."""
    return {
        "texts": len(scores),
        "at": {name: _reaching(scores, threshold) for name, threshold in at.items()},
        "reaching": {f"{each:.2f}": _reaching(scores, each) for each in SHARES},
    }


def _at(spam: Reached, held: Reached) -> dict[str, float | None]:
    right = int((spam & held).sum())
    return {
        "recall": _share(right, int(spam.sum())),
        "precision": _share(right, int(held.sum())),
        "f1": _share(2 * right, int(spam.sum() + held.sum())),
    }


def _reaching(scores: Numbers, threshold: float) -> float:
    return round(float((scores >= threshold).mean()), 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
