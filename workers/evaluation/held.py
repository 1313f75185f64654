"""What a policy's rules on a model's signals hold."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from workers.evaluation.metrics import Numbers, Reached


def thresholds_of(
    action: Literal["hold", "reject"], document: Mapping[str, Any], signals: Sequence[str]
) -> dict[str, float]:
    """Collect the thresholds of a policy document for one action, on these signals."""
    return {
        rule["signal"]: rule["at_least"]
        for rule in document["rules"]
        if rule["action"] == action and rule["signal"] in signals
    }


def as_columns(scored: Sequence[Mapping[str, float]], signals: Iterable[str]) -> dict[str, Numbers]:
    """Turn the scores of each text into those of each signal, texts in the order given."""
    return {signal: np.array([each[signal] for each in scored]) for signal in signals}


def any_reached(scores: Mapping[str, Numbers], thresholds: Mapping[str, float]) -> Reached:
    """Say of each text whether it reaches any of the thresholds."""
    found: Reached = np.any([scores[s] >= t for s, t in thresholds.items()], axis=0)
    return found
