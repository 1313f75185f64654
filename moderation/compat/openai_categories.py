"""OpenAI's categories of harm, and the signals that stand for them. The one table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

UNMEASURED: Final[tuple[str, ...]] = ()

SIGNALS: Final[Mapping[str, tuple[str, ...]]] = {
    "harassment": ("toxicity",),
    "harassment/threatening": ("threat",),
    "hate": ("identity_attack",),
    "hate/threatening": ("identity_attack", "threat"),
    "illicit": UNMEASURED,
    "illicit/violent": UNMEASURED,
    "self-harm": UNMEASURED,
    "self-harm/intent": UNMEASURED,
    "self-harm/instructions": UNMEASURED,
    "sexual": ("sexual_explicit",),
    "sexual/minors": UNMEASURED,
    "violence": ("threat",),
    "violence/graphic": UNMEASURED,
}
"""By category, the signals that stand for it together; none: no model here measures it."""

_USED: Final = frozenset(signal for signals in SIGNALS.values() for signal in signals)
_TEXT: Final = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A text's scores, and what the site's policy makes of them.

    ``fired`` are the signals whose scores the policy holds or rejects for; ``required`` those
    without which it approves nothing.
    """

    scores: Mapping[str, float]
    fired: Collection[str]
    required: Collection[str]


def result_of(judged: Judged) -> dict[str, Any]:
    """Return what OpenAI tells of one input.

    A category that was not measured has score 0 and applies to no input, which is how the
    protocol itself says so. Of several signals that stand for a category together the lowest
    score is told, and each must have fired. A text that lacks a signal which the policy requires
    is flagged, in no category: nobody measured it.
    """
    measured = {
        name: signals and all(each in judged.scores for each in signals)
        for name, signals in SIGNALS.items()
    }
    categories = {
        name: bool(measured[name]) and all(each in judged.fired for each in signals)
        for name, signals in SIGNALS.items()
    }
    unseen = _USED & set(judged.required) - set(judged.scores)
    return {
        "flagged": bool(unseen) or any(categories.values()),
        "categories": categories,
        "category_scores": {
            name: min(judged.scores[each] for each in signals) if measured[name] else 0.0
            for name, signals in SIGNALS.items()
        },
        "category_applied_input_types": {
            name: [_TEXT] if measured[name] else [] for name in SIGNALS
        },
    }
