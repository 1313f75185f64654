"""How good an engine is on the dev sets: AUC per label, bias per group, false alarms."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from workers.evaluation.metrics import Reached, auc, share_reaching
from workers.evaluation.terms import alarms_by_term, term_of, widest_gap
from workers.training.data import LABELS
from workers.training.scored import ScoredSet

ALARMS: Final = (0.5, 0.7, 0.8, 0.9)


def report(sets: Iterable[ScoredSet], *, hold: float) -> dict[str, dict[str, Any]]:
    """Measure every set.

    Args:
        sets: Scored dev sets.
        hold: The toxicity at which the default policy holds a comment.

    Returns:
        By set: its size, AUC per label that has both positives and negatives, and
        ``false_alarms``, the share of harmless texts whose toxicity reaches a threshold.
    """
    return {each.name: _measure(each, hold) for each in sets}


def _measure(scored: ScoredSet, hold: float) -> dict[str, Any]:
    found: dict[str, Any] = {"texts": len(scored.rows)}
    measured = {s: auc(*scored.known(s)) for s in LABELS if s in scored.scores}
    aucs = {s: round(value, 4) for s, value in measured.items() if not math.isnan(value)}
    if aucs:
        found["auc"] = aucs
        found["mean_auc"] = round(sum(aucs.values()) / len(aucs), 4)
    labels, toxicity = scored.known("toxicity")
    calm = toxicity[labels == 0]
    found["false_alarms"] = {f"{t:.2f}": round(share_reaching(calm, t), 4) for t in ALARMS}
    if "template" in scored.rows[0]:
        found["false_alarms_by_term"] = by_term(scored, scored.scores["toxicity"] >= hold)
    return found


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
