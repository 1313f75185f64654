"""How good an engine is on the dev sets: AUC per label, bias per group, false alarms."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from workers.evaluation.evaluate import BASE_RATE
from workers.evaluation.figures import set_figures
from workers.evaluation.metrics import Reached
from workers.evaluation.scoring import TOXICITY, ScoredTexts
from workers.evaluation.terms import alarms_by_term, term_of, widest_gap
from workers.training.scored import ScoredSet


def report(sets: Iterable[ScoredSet], *, hold: float) -> dict[str, dict[str, Any]]:
    """Measure every set as ``moderation eval`` does.

    Args:
        sets: Scored dev sets.
        hold: The toxicity at which the default policy holds a comment.

    Returns:
        By set: its size, AUC per label that has both positives and negatives, and
        ``false_alarms``, the share of harmless texts whose toxicity reaches a threshold.
    """
    return {each.name: _for_the_card(_measured(each, hold)) for each in sets}


def _measured(scored: ScoredSet, hold: float) -> dict[str, Any]:
    return set_figures(_columns(scored), hold={TOXICITY: hold}, base_rate=BASE_RATE)


def _columns(scored: ScoredSet) -> ScoredTexts:
    return ScoredTexts(
        name=scored.name,
        scores=scored.scores,
        labels={
            signal: each
            for signal, each in scored.labels.items()
            if signal in scored.scores and not np.isnan(each).all()
        },
        groups={},
        terms=[term_of(row, row["text"]) for row in scored.rows],
        held_toxic=(),
        harmless=(),
    )


def _for_the_card(found: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"texts": found["texts"]}
    labels = found.get("labels", {}).items()
    aucs = {signal: each["auc"] for signal, each in labels if each["auc"] is not None}
    if aucs:
        told |= {"auc": aucs, "mean_auc": found["mean_auc"]}
    alarms = found.get("false_alarms", {}).items()
    told["false_alarms"] = {at: share for at, share in alarms if share is not None}
    if "terms" in found:
        told["false_alarms_by_term"] = found["terms"]
    return told


def by_term(scored: ScoredSet, reached: Reached) -> dict[str, float]:
    """Work out the false-alarm rate of each identity term in harmless sentences.

    Args:
        scored: A set of sentences made from templates.
        reached: Of each, whether it would be held.
    """
    terms = [term_of(row, row["text"]) for row in scored.rows]
    told = zip(terms, scored.labels["toxicity"], reached, strict=True)
    return alarms_by_term(
        (term, bool(held)) for term, label, held in told if term is not None and label == 0
    )


def as_text(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Lay the report out as lines for a terminal."""
    lines = []
    for name, each in found.items():
        aucs = "  ".join(f"{s} {v:.3f}" for s, v in each.get("auc", {}).items())
        mean = f"mean {each['mean_auc']:.4f}  " if "mean_auc" in each else ""
        lines.append(f"{name} ({each['texts']} texts)")
        if aucs:
            lines.append(f"  AUC  {mean}{aucs}")
        alarms = "  ".join(f">={t} {v:.2%}" for t, v in each["false_alarms"].items())
        lines.append(f"  false alarms  {alarms}")
        if "false_alarms_by_term" in each:
            term, gap = widest_gap(each["false_alarms_by_term"])
            lines.append(f"  widest gap of an identity term: {term} {gap:+.3f} from the mean")
    return "\n".join(lines) + "\n"
