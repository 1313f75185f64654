"""All figures of one scored set, as a document that JSON can hold.

Shares and AUCs have four places. What cannot be measured is None.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from workers.evaluation.bias import bias
from workers.evaluation.calibration import calibration_error, reliability
from workers.evaluation.held import any_reached
from workers.evaluation.metrics import (
    Numbers,
    Reached,
    auc,
    positive,
    share_reaching,
    threshold_table,
    when_held,
)
from workers.evaluation.scoring import TOXICITY, ScoredTexts
from workers.evaluation.terms import alarms_by_term, widest_gap

THRESHOLDS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
CURVE: Final = tuple(round(0.02 * i, 2) for i in range(51))
ALARMS: Final = (0.5, 0.7, 0.8, 0.9)
BARS: Final = 20
LEAST_OF_A_GROUP: Final = 10
"""Toxic and harmless texts each that must name a group before its AUCs are told."""


def set_figures(
    scored: ScoredTexts, *, hold: Mapping[str, float], base_rate: float
) -> dict[str, Any]:
    """Measure one set.

    Args:
        scored: Texts, scores, labels.
        hold: By signal, the score from which the policy holds.
        base_rate: Share of positives to reckon with where a figure depends on it.
    """
    held = any_reached(scored.scores, hold)
    found: dict[str, Any] = {"texts": len(scored), "held": rounded(held.mean())}
    if scored.span_f1:
        found["spans"] = {
            "texts": len(scored.span_f1),
            "f1": rounded(float(np.mean(scored.span_f1))),
        }
    if not scored.labels:
        return found
    found["labels"] = {signal: _label(*scored.known(signal), base_rate) for signal in scored.labels}
    aucs = [each["auc"] for each in found["labels"].values() if each["auc"] is not None]
    found["mean_auc"] = rounded(np.mean(aucs)) if aucs else None
    if TOXICITY in scored.labels:
        found |= _of_toxicity(scored, hold, base_rate)
    return found


def _label(labels: Numbers, scores: Numbers, base_rate: float) -> dict[str, Any]:
    positives = positive(labels)
    found: dict[str, Any] = {
        "texts": len(labels),
        "positives": int(positives.sum()),
        "auc": rounded(auc(labels, scores)),
        "thresholds": _table(labels, scores, THRESHOLDS, base_rate),
        "curve": _table(labels, scores, CURVE, base_rate),
        "histogram": {
            "positives": _bars(scores[positives]),
            "negatives": _bars(scores[~positives]),
        },
        "calibration": None,
    }
    if 0 < found["positives"] < len(labels):
        curve = reliability(labels, scores, base_rate=base_rate)
        found["calibration"] = {
            "error": rounded(calibration_error(curve)),
            "bins": [
                {
                    "from": rounded(each.start),
                    "to": rounded(each.end),
                    "texts": each.texts,
                    "weight": rounded(each.weight),
                    "score": rounded(each.score),
                    "positives": rounded(each.positives),
                }
                for each in curve
            ],
        }
    return found


def _table(
    labels: Numbers, scores: Numbers, thresholds: tuple[float, ...], base_rate: float
) -> list[dict[str, float | None]]:
    return [
        {
            "at": at,
            "recall": rounded(each.recall),
            "false_alarms": rounded(each.false_alarms),
            "precision": rounded(each.precision(base_rate)),
            "held": rounded(each.share_held(base_rate)),
        }
        for at, each in threshold_table(labels, scores, thresholds)
    ]


def _bars(scores: Numbers) -> list[int]:
    return [int(count) for count in np.histogram(scores, bins=BARS, range=(0, 1))[0]]


def _of_toxicity(
    scored: ScoredTexts, hold: Mapping[str, float], base_rate: float
) -> dict[str, Any]:
    """Measure what is about harmless and toxic texts: policy, false alarms, groups, terms."""
    labels, scores = scored.known(TOXICITY)
    given = ~np.isnan(scored.labels[TOXICITY])
    reached = any_reached(scored.scores, hold)[given]
    policy = when_held(labels, reached)
    calm = ~positive(labels)
    found: dict[str, Any] = {
        "false_alarms": {f"{t:.2f}": rounded(share_reaching(scores[calm], t)) for t in ALARMS},
        "policy": {
            "recall": rounded(policy.recall),
            "false_alarms": rounded(policy.false_alarms),
            "precision": rounded(policy.precision(base_rate)),
            "held": rounded(policy.share_held(base_rate)),
        },
        "groups": {},
    }
    for group, named in scored.groups.items():
        member = named[given]
        toxic = int((member & ~calm).sum())
        harmless = int((member & calm).sum())
        if min(toxic, harmless) >= LEAST_OF_A_GROUP:
            each = bias(labels, scores, member)
            found["groups"][group] = {
                "toxic": toxic,
                "harmless": harmless,
                "subgroup_auc": rounded(each.subgroup),
                "bpsn_auc": rounded(each.bpsn),
                "bnsp_auc": rounded(each.bnsp),
                "false_alarms": rounded(reached[member & calm].mean()),
            }
    return found | _of_terms(scored, scored.scores[TOXICITY] >= hold[TOXICITY])


def _of_terms(scored: ScoredTexts, reached: Reached) -> dict[str, Any]:
    told = zip(scored.terms, scored.labels[TOXICITY], reached, strict=True)
    rates = alarms_by_term(
        (term, bool(held)) for term, label, held in told if term is not None and label == 0
    )
    if not rates:
        return {}
    term, gap = widest_gap(rates)
    return {"terms": rates, "widest_gap": {"term": term, "gap": gap}}


def rounded(value: float) -> float | None:
    """Shorten a figure to four places; None for NaN."""
    return None if math.isnan(value) else round(float(value), 4)
