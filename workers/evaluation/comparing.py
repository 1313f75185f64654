"""Two models on the same texts: by how much they differ, and whether by more than chance."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from workers.engines.calibrated import Calibration
from workers.engines.engine import Engine
from workers.evaluation.bootstrap import LEVEL, RESAMPLES, Interval, Statistic, paired
from workers.evaluation.calibration import calibration_error, reliability
from workers.evaluation.evaluate import holding, model_of, score_sets
from workers.evaluation.figures import rounded
from workers.evaluation.held import any_reached
from workers.evaluation.metrics import Numbers, auc, positive, when_held
from workers.evaluation.scoring import TOXICITY, ScoredTexts
from workers.evaluation.showing import Begin

_MORE_IS_BETTER: Final = frozenset({"auc", "recall"})

Asked = tuple[str, str, Statistic, tuple[Numbers, Numbers, Numbers]]
"""Name of a figure, signal, the figure itself, and labels and both models' scores."""


def compare(
    engines: tuple[Engine, Engine],
    files: Mapping[str, Path],
    *,
    base_rate: float,
    limit: int | None,
    other_half: bool = False,
    begin: Begin,
    today: date,
) -> dict[str, Any]:
    """Measure two models and the difference between them, with bounds.

    Args:
        engines: The first is what the second is compared with.
        files: By name of the set.
        base_rate: Share of positives to reckon with in calibration; where both models state
            the same one for a signal, it is that.
        limit: Most texts of a set; None: all.
        other_half: Leave out the half of every set that calibration is fitted on.
        begin: Shows how far it has come.
        today: Told in the document.

    Returns:
        By set a list of figures, each with both models' values and their difference, and
        the bounds of all three. Signals that only one of them gives are left out.

    Raises:
        ModelUnavailable: A model failed, or gives no toxicity.
        UnreadableData: A file is broken, or no set has a text.
    """
    first, second = engines
    holds = [holding(engine) for engine in engines]
    scored = [
        score_sets(
            engine, files, hold=hold[TOXICITY], limit=limit, other_half=other_half, begin=begin
        )
        for engine, hold in zip(engines, holds, strict=True)
    ]
    one_rates, other_rates = (Calibration.of(engine.card).base_rates for engine in engines)
    rates = defaultdict(lambda: base_rate, one_rates.items() & other_rates.items())
    pairs = list(zip(*scored, strict=True))
    advance = begin("resampling", len(pairs))
    found = {}
    for one, other in pairs:
        found[one.name] = {
            "texts": len(one),
            "figures": list(_figures(_asked(one, other, holds, rates))),
        }
        advance(1)
    return {
        "first": model_of(first),
        "second": model_of(second),
        "date": today.isoformat(),
        "base_rate": base_rate,
        "limit": limit,
        "other_half": other_half,
        "level": LEVEL,
        "resamples": RESAMPLES,
        "sets": found,
    }


def _asked(
    one: ScoredTexts,
    other: ScoredTexts,
    holds: Sequence[Mapping[str, float]],
    rates: Mapping[str, float],
) -> Iterator[Asked]:
    """List what can be measured of a set."""
    for signal in one.labels:
        if signal in other.labels:
            labels, scores = one.known(signal)
            columns = (labels, scores, other.known(signal)[1])
            yield "auc", signal, auc, columns
            yield "calibration_error", signal, _calibration_error(rates[signal]), columns
    if TOXICITY in one.labels:
        given = ~np.isnan(one.labels[TOXICITY])
        held = [
            any_reached(each.scores, hold)[given].astype(float)
            for each, hold in zip((one, other), holds, strict=True)
        ]
        policy = (one.labels[TOXICITY][given], held[0], held[1])
        yield "recall", "default policy", _recall, policy
        yield "false_alarms", "default policy", _false_alarms, policy


def _figures(asked: Iterator[Asked]) -> Iterator[dict[str, Any]]:
    for name, of, statistic, columns in asked:
        if np.isnan(statistic(*columns[:2])):
            continue
        found = paired(statistic, *columns)
        yield {
            "figure": name,
            "of": of,
            "first": _bounds(found.first),
            "second": _bounds(found.second),
            "difference": _bounds(found.difference),
            "second_is": _verdict(name, found.difference),
        }


def _verdict(figure: str, difference: Interval) -> str | None:
    """Say whether the second model is better or worse; None where chance would explain it."""
    if not difference.excludes(0.0):
        return None
    return "better" if (difference.low > 0) == (figure in _MORE_IS_BETTER) else "worse"


def _calibration_error(base_rate: float) -> Callable[[Numbers, Numbers], float]:
    def statistic(labels: Numbers, scores: Numbers) -> float:
        count = int(positive(labels).sum())
        if not 0 < count < len(labels):
            return float("nan")
        return calibration_error(reliability(labels, scores, base_rate=base_rate))

    return statistic


def _recall(labels: Numbers, held: Numbers) -> float:
    return when_held(labels, positive(held)).recall


def _false_alarms(labels: Numbers, held: Numbers) -> float:
    return when_held(labels, positive(held)).false_alarms


def _bounds(interval: Interval) -> dict[str, float | None]:
    return {
        "value": rounded(interval.value),
        "low": rounded(interval.low),
        "high": rounded(interval.high),
    }
