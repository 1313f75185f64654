"""Fit a model's calibration on one half of the dev sets and judge it by the other half."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from workers.engines.calibrated import FORM, Curve, logits_of
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CARD, seal
from workers.engines.onnx import OnnxEngine
from workers.evaluation.calibration import calibration_error, reliability, weights
from workers.evaluation.halves import is_fitted_on
from workers.evaluation.metrics import Numbers, Reached, positive
from workers.training.curves import fit_curve
from workers.training.scored import ScoredSet, as_comments_are_read, score_set

log = logging.getLogger(__name__)

FITTED_ON: Final = ("jigsaw_wikipedia_dev", "civil_news_dev")

BASE_RATES: Final = {
    "toxicity": 0.10,
    "severe_toxicity": 0.01,
    "obscene": 0.05,
    "threat": 0.003,
    "insult": 0.05,
    "identity_attack": 0.01,
}
"""Shares of positives in the wild: those of the whole Jigsaw Toxic Comment Classification set
(159,571 comments), rounded. Other signals are not calibrated."""

LEAST: Final = 5
"""Positives and negatives that a half needs, lest a curve follow a handful of texts."""

NOT_CALIBRATED: Final = "The scores are not calibrated: 0.8 does not mean that 80 % are toxic."
"""What a card says among its limits until its model is calibrated."""

_POOLED: Final = "pooled"

Columns = tuple[Numbers, Numbers]
"""Labels, 0 or 1, and the model's own scores, of the texts that have a label."""


def calibrate(
    folder: Path, data: Path, *, threads: int = 1, limit: int | None = None
) -> ScorerCard:
    """Calibrate the model in a folder, whether it was calibrated or not, and seal the folder.

    Args:
        folder: Whose card is written anew; nothing else in it changes but the sums.
        data: The folder that holds ``dev``.
        threads: Of one run of the model.
        limit: Most rows of each set; None: all.

    Raises:
        ModelUnavailable: The folder is none, or the data do not suffice for any signal.
    """
    engine = OnnxEngine(folder, threads=threads, calibrated=False)
    log.info("calibrating")
    sets = [
        score_set(engine, data, name, limit=limit, reading=as_comments_are_read)
        for name in FITTED_ON
    ]
    card = calibrated(engine.card, sets)
    card.write(folder / CARD)
    seal(folder)
    return card


def calibrated(card: ScorerCard, sets: Sequence[ScoredSet]) -> ScorerCard:
    """Fit every signal that a base rate is known of; sets with it weigh alike.

    Args:
        card: As it was.
        sets: Scored in canonical form, by the model itself.

    Raises:
        ModelUnavailable: The data do not suffice for any signal.
    """
    signals = {
        signal: told
        for signal in card.signals
        if signal in BASE_RATES and (told := _fitted(signal, sets)) is not None
    }
    if not signals:
        raise ModelUnavailable("the data have too few labels to calibrate any signal")
    return replace(
        card,
        calibration={
            "form": FORM,
            "fitted_on": [each.name for each in sets],
            "half": "rows whose id's SHA-256 begins with an even byte; errors are of the others",
            "signals": signals,
        },
        known_biases=tuple(bias for bias in card.known_biases if bias != NOT_CALIBRATED),
    )


def _fitted(signal: str, sets: Sequence[ScoredSet]) -> dict[str, Any] | None:
    """Fit one signal, and tell how well; None where no set has labels enough."""
    rate = BASE_RATES[signal]
    halves = {each.name: _halves(each, signal) for each in sets}
    used = {name: half for name, (half, _) in halves.items() if _suffices(half)}
    if not used:
        return None
    curve = fit_curve(
        np.concatenate([labels for labels, _ in used.values()]),
        np.concatenate([logits_of(scores) for _, scores in used.values()]),
        np.concatenate([weights(labels, rate) / len(used) for labels, _ in used.values()]),
        rate,
    )
    curve = Curve(**{name: round(value, 6) for name, value in asdict(curve).items()})
    others = {name: other for name, (_, other) in halves.items() if _suffices(other)}
    return asdict(curve) | {
        "fitted": {name: _counts(labels) for name, (labels, _) in used.items()},
        "error": _errors(others, curve),
    }


def _halves(scored: ScoredSet, signal: str) -> tuple[Columns, Columns]:
    """Return the half that a curve is fitted on and the other one."""
    given: Reached = ~np.isnan(scored.labels[signal])
    fitted = np.array([is_fitted_on(row) for row in scored.rows], dtype=bool)
    labels = positive(scored.labels[signal]).astype(float)
    scores = scored.scores[signal]
    one, other = given & fitted, given & ~fitted
    return (labels[one], scores[one]), (labels[other], scores[other])


def _suffices(half: Columns) -> bool:
    labels, _ = half
    positives = int(labels.sum())
    return min(positives, len(labels) - positives) >= LEAST


def _counts(labels: Numbers) -> dict[str, int]:
    return {"texts": len(labels), "positives": int(labels.sum())}


def _errors(others: Mapping[str, Columns], curve: Curve) -> dict[str, Any]:
    """Tell the expected calibration error before and after, of each set and of all as one."""
    if len(others) > 1:
        pooled = tuple(np.concatenate(each) for each in zip(*others.values(), strict=True))
        others = {**others, _POOLED: (pooled[0], pooled[1])}
    return {
        name: _counts(labels)
        | {
            "before": _error(labels, scores, curve.base_rate),
            "after": _error(labels, curve.probabilities(logits_of(scores)), curve.base_rate),
        }
        for name, (labels, scores) in others.items()
    }


def _error(labels: Numbers, scores: Numbers, base_rate: float) -> float:
    return round(calibration_error(reliability(labels, scores, base_rate=base_rate)), 4)


def as_markdown(card: ScorerCard) -> str:
    """Lay out what calibration did, for the scorer's page."""
    lines = [
        "| signal | base rate | other half of | texts | positives | error before | after |",
        "|---|---|---|---|---|---|---|",
    ]
    for signal, told in card.calibration["signals"].items():
        lines += [
            f"| `{signal}` | {told['base_rate']:.1%} | {name} | {each['texts']:,} "
            f"| {each['positives']:,} | {each['before']:.4f} | {each['after']:.4f} |"
            for name, each in told["error"].items()
        ]
    return "\n".join(lines) + "\n"
