"""What came of teaching: the new model beside the one that is served, and what speaks against."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.engines.engine import Engine
from workers.evaluation.bootstrap import Interval, Paired, paired
from workers.evaluation.figures import rounded
from workers.evaluation.held import any_reached, as_columns, thresholds_of
from workers.evaluation.metrics import AtThreshold, Numbers, at_threshold, auc, when_held
from workers.evaluation.scoring import TOXICITY
from workers.training.data import Example
from workers.training.decisions import rejected
from workers.training.guard import complaints, look_at

TOLERATED_BESIDE: Final = 0.05
"""By how much the share of approved decisions that the default policy holds may exceed both what
it was and what toxicity alone holds. AUC says whether toxicity is right, and not others."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. ``version``: that which is served now; None if it was not good enough.

    ``complaints``: why not. ``figures``: for the card and for people.
    """

    version: str | None
    complaints: Sequence[str]
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """What the default policy's rules do to held-out decisions.

    ``alone``: the share of approved ones that the rule on toxicity holds.
    """

    together: AtThreshold
    alone: float

    def document(self) -> dict[str, Any]:
        """Return the figures."""
        return {
            "recall": rounded(self.together.recall),
            "false_alarms": rounded(self.together.false_alarms),
            "false_alarms_of_toxicity": rounded(self.alone),
        }


def try_out(served: Engine, candidate: Engine, held_out: Sequence[Example]) -> Trial:
    """Compare the two as they would be served, eight-bit weights and all."""
    labels = np.array([float(rejected(each)) for each in held_out])
    texts = [each.text for each in held_out]
    hold = thresholds_of("hold", DEFAULT_DOCUMENT, served.signals)
    before, after = (as_columns(engine.score(texts), hold) for engine in (served, candidate))
    found = paired(auc, labels, before[TOXICITY], after[TOXICITY])
    then, now = (_policy(labels, scores, hold) for scores in (before, after))
    guarded = look_at(served), look_at(candidate)
    figures = {
        "auc": _pair(found),
        "hold": hold,
        "before": then.document(),
        "after": now.document(),
        "guard": {"before": guarded[0].document(), "after": guarded[1].document()},
    }
    return Trial(None, [*not_better(found), *holds_more(then, now), *complaints(*guarded)], figures)


def not_better(found: Paired) -> list[str]:
    """Ask for more than chance: with nothing to learn one in forty comes so far.

    Trying again gives no second chance, as the same decisions and the same parent give the
    same weights, and the held-out decisions stay held out.
    """
    if found.difference.low > 0:
        return []
    return [
        f"AUC on held-out decisions {found.first.value:.3f} -> {found.second.value:.3f}, "
        f"difference {found.difference.value:+.3f} "
        f"[{found.difference.low:+.3f}, {found.difference.high:+.3f}], which is to be above 0"
    ]


def holds_more(before: Policy, after: Policy) -> list[str]:
    """Ask that no signal beside toxicity makes the policy hold what moderators approved."""
    was, now = before.together.false_alarms, after.together.false_alarms
    if now <= max(was, after.alone) + TOLERATED_BESIDE:
        return []
    return [
        f"approved decisions held {was:.0%} -> {now:.0%}, for toxicity only {after.alone:.0%}: "
        "other signals rose"
    ]


def _policy(labels: Numbers, scores: Mapping[str, Numbers], hold: Mapping[str, float]) -> Policy:
    alone = at_threshold(labels, scores[TOXICITY], hold[TOXICITY])
    return Policy(when_held(labels, any_reached(scores, hold)), alone.false_alarms)


def _pair(found: Paired) -> dict[str, Any]:
    return {
        "before": rounded(found.first.value),
        "after": rounded(found.second.value),
        "difference": _bounds(found.difference),
    }


def _bounds(interval: Interval) -> dict[str, Any]:
    return {name: rounded(value) for name, value in asdict(interval).items()}
