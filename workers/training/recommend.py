"""Thresholds for the default policy, by what they did when they were chosen.

A number means something else under every model and calibration. What a newsroom feels is how
many harmless comments are held, so that is what is kept.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.evaluation.metrics import Numbers, at_threshold
from workers.training.evaluate import by_term
from workers.training.rule_sets import of_policy, reached, together
from workers.training.scored import ScoredSet
from workers.training.thresholds import NEWS, POLITE, TALK, TERMS

HARMLESS_HELD: Final = {
    "toxicity": (0.0274, 0.0147),
    "severe_toxicity": (0.0000, 0.0000),
    "obscene": (0.0211, 0.0131),
    "threat": (0.0127, 0.0019),
    "insult": (0.0127, 0.0022),
    "identity_attack": (0.0148, 0.0006),
}
"""Operating points, docs/policies.md says why: the largest share of harmless news and of harmless
talk comments that may reach the signal's threshold."""

MOST_OF_A_GROUP: Final = 0.05
"""Largest share of harmless sentences about any one group that may be held for toxicity."""

MOST_POLITE: Final = 0.003
"""Largest share of polite questions that may be held for toxicity."""

WORST: Final = "severe_toxicity"
"""The signal that rejects: what no harmless text of any set reaches has nobody to look at it."""

MARGIN: Final = 1.5
"""How far above the worst harmless text the rule is put: no set holds comments of one word."""

STEPS: Final = tuple(round(0.01 * i, 2) for i in range(1, 100))
NEVER: Final = 1.0

Scores = Mapping[str, ScoredSet]
Thresholds = dict[Literal["hold", "reject"], dict[str, float]]


def recommend(sets: Scores, signals: Sequence[str]) -> Thresholds:
    """Find the lowest thresholds of two decimals that keep every bound.

    Args:
        sets: `NEWS`, `TALK`, `POLITE` and `TERMS`, scored in canonical form.
        signals: What the model gives.

    Returns:
        By action and signal. Signals without an operating point are left out; `NEVER` where
        no step keeps the bounds.
    """
    hold = {
        signal: next((step for step in STEPS if _keeps(sets, signal, step)), NEVER)
        for signal in signals
        if signal in HARMLESS_HELD
    }
    harmless = np.concatenate([_harmless(each, WORST) for each in sets.values()])
    highest = float(harmless.max())
    reject = next((step for step in STEPS if step > highest * MARGIN), NEVER)
    return {"hold": hold, "reject": {WORST: reject}}


def _keeps(sets: Scores, signal: str, threshold: float) -> bool:
    held = {name: float((_harmless(sets[name], signal) >= threshold).mean()) for name in sets}
    news, talk = HARMLESS_HELD[signal]
    if _more(held[NEWS], news) or _more(held[TALK], talk):
        return False
    if signal != "toxicity":
        return True
    rates = by_term(sets[TERMS], sets[TERMS].scores[signal] >= threshold)
    worst = max(rates.values(), default=0.0)
    return not (_more(worst, MOST_OF_A_GROUP) or _more(held[POLITE], MOST_POLITE))


def _more(share: float, most: float) -> bool:
    """Compare as shares are told, in hundredths of a percent."""
    return not math.isnan(share) and round(share, 4) > most


def _harmless(scored: ScoredSet, signal: str) -> Numbers:
    """Return the scores of a set's harmless texts; all of `POLITE` are taken as such."""
    if scored.name == POLITE:
        return scored.scores[signal]
    return scored.scores[signal][scored.labels["toxicity"] < 0.5]  # noqa: PLR2004 - a majority


def as_text(found: Thresholds, sets: Scores) -> str:
    """Lay out the rules as the default policy writes them, and what they do beside today's."""
    lines = ["rules:"]
    for action, thresholds in found.items():
        for signal, at_least in thresholds.items():
            rule = {"signal": signal, "at_least": at_least, "action": action}
            lines.append(f"  {json.dumps(rule)},{_alone(sets, signal, at_least)}")
    lines.append("together, and the default policy as it stands:")
    for action, thresholds in found.items():
        now = {s: at for s, at in of_policy(action, DEFAULT_DOCUMENT).items() if s in thresholds}
        for told, which in (("found", thresholds), ("now", now)):
            lines.append(f"  {action}, {told}: {_together(sets, which)}")
    return "\n".join(lines) + "\n"


def _alone(sets: Scores, signal: str, threshold: float) -> str:
    told = []
    for name in (NEWS, TALK):
        found = at_threshold(*sets[name].known(signal), threshold)
        alarms = float((_harmless(sets[name], signal) >= threshold).mean())
        told.append(f"{name}: recall {found.recall:.2f}, harmless {alarms:.2%}")
    return f"  # {'; '.join(told)}"


def _together(sets: Scores, thresholds: Mapping[str, float]) -> str:
    told = []
    for name in (NEWS, TALK):
        found = together(sets[name], thresholds)
        told.append(f"{name} recall {found.recall:.2f}, harmless {found.false_alarms:.2%}")
    told.append(f"{POLITE} {reached(sets[POLITE], thresholds).mean():.2%}")
    rates = by_term(sets[TERMS], reached(sets[TERMS], thresholds))
    if rates:
        worst = max(rates, key=lambda term: rates[term])
        told.append(f"worst term {worst} {rates[worst]:.0%}")
    return "; ".join(told)
