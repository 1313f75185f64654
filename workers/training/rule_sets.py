"""What rules do together: a comment is held when any signal reaches its own threshold."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.evaluation.held import any_reached, thresholds_of
from workers.evaluation.metrics import AtThreshold, Reached, when_held
from workers.training.data import LABELS
from workers.training.evaluate import by_term
from workers.training.scored import ScoredSet
from workers.training.thresholds import NEWS, POLITE, TALK, TERMS

Thresholds = Mapping[str, float]
"""By signal, the score that a comment must reach."""

CANDIDATES: Final = (
    (0.32, 0.1, 0.07, 0.03, 0.46, 0.11),
    (0.40, 0.1, 0.07, 0.03, 0.46, 0.11),
    (0.40, 0.1, 0.05, 0.02, 0.40, 0.12),
    (0.45, 0.1, 0.05, 0.02, 0.40, 0.12),
    (0.50, 0.1, 0.05, 0.02, 0.40, 0.12),
    (0.60, 0.1, 0.05, 0.02, 0.40, 0.12),
)
"""Holding thresholds that were weighed against each other, in the order of the labels."""


def of_policy(action: Literal["hold", "reject"], document: Mapping[str, Any]) -> dict[str, float]:
    """Collect the thresholds of a policy document for one action, on the model's signals."""
    return thresholds_of(action, document, LABELS)


HOLD: Final = of_policy("hold", DEFAULT_DOCUMENT)["toxicity"]
"""Toxicity at which the default policy holds a comment."""


def reached(scored: ScoredSet, thresholds: Thresholds) -> Reached:
    """Say of each text whether it reaches any of the thresholds."""
    return any_reached(scored.scores, thresholds)


def together(scored: ScoredSet, thresholds: Thresholds) -> AtThreshold:
    """Measure how often toxic and harmless texts reach any of the thresholds."""
    labels = scored.labels["toxicity"]
    given = ~np.isnan(labels)
    return when_held(labels[given], reached(scored, thresholds)[given])


def as_markdown(sets: Mapping[str, ScoredSet]) -> str:
    """Lay out what each candidate does, for the scorer's page."""
    columns = [f"`{label}`" for label in LABELS]
    columns += ["news: recall", "false alarms", "talk: recall", "false alarms"]
    columns += ["polite: false alarms", "terms: false alarms", "worst term"]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [_line(sets, dict(zip(LABELS, each, strict=True))) for each in CANDIDATES]
    return "\n".join(lines) + "\n"


def _line(sets: Mapping[str, ScoredSet], thresholds: Thresholds) -> str:
    cells = [f"{threshold:.2f}" for threshold in thresholds.values()]
    for name in (NEWS, TALK):
        found = together(sets[name], thresholds)
        cells += [f"{found.recall:.2f}", f"{found.false_alarms:.1%}"]
    cells.append(f"{reached(sets[POLITE], thresholds).mean():.2%}")
    cells.append(f"{together(sets[TERMS], thresholds).false_alarms:.1%}")
    rates = by_term(sets[TERMS], reached(sets[TERMS], thresholds))
    worst = max(rates, key=lambda term: rates[term])
    cells.append(f"{worst} {rates[worst]:.0%}")
    return f"| {' | '.join(cells)} |"


def card_thresholds(sets: Mapping[str, ScoredSet]) -> dict[str, Any]:
    """Tell the default policy's thresholds and what they do, for the card.

    Args:
        sets: Dev sets by name, scored in canonical form, as comments are.

    Returns:
        ``hold`` and ``reject`` by signal, and ``measured``: by action and set the share of
        toxic texts that reach any of the thresholds, and that of harmless ones. A share
        of no texts is left out.
    """
    held, rejected = (of_policy(action, DEFAULT_DOCUMENT) for action in ("hold", "reject"))
    measured = {
        action: {name: _shares(together(each, thresholds)) for name, each in sets.items()}
        for action, thresholds in (("hold", held), ("reject", rejected))
    }
    return {"hold": held, "reject": rejected, "measured": measured}


def _shares(found: AtThreshold) -> dict[str, float]:
    shares = {"recall": found.recall, "false_alarms": found.false_alarms}
    return {name: round(share, 4) for name, share in shares.items() if not np.isnan(share)}
