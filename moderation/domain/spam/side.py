"""The spam side of a verdict: what a policy makes of a comment, toxicity left out of account."""

from collections.abc import Iterable, Mapping
from typing import Final

from moderation.domain.policy import Action, Policy, rules_for
from moderation.domain.signal import SIGNALS
from moderation.domain.verdict import SCORING_FAILED, Reason

OF_TOXICITY: Final = frozenset(
    ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
)
SPAM_SIGNALS: Final = frozenset(SIGNALS) - OF_TOXICITY
"""Signals of content, conduct and company: what somebody who asks for spam wants to hear of."""

_WEIGHED: Final = "spam"
_LINKS: Final = "links>"
_MISSING: Final = "missing:"


def spam_side(
    policy: Policy,
    section: str | None,
    reasons: Iterable[Reason],
    scores: Mapping[str, float],
) -> Action | None:
    """Return what the reasons that speak of spam call for; None: that cannot be said.

    It cannot where nothing speaks for spam and something that was to be looked at was not seen:
    a required signal of spam, the signal ``spam`` itself if a rule reads it, or everything. What
    was not seen is no spam, and not approved either.

    Args:
        policy: The policy that gave the reasons.
        section: Where the comment stands.
        reasons: Of its verdict.
        scores: What was measured.
    """
    unseen = _WEIGHED not in scores and any(
        rule.signal == _WEIGHED for rule in rules_for(policy, section)
    )
    worst = Action.APPROVE
    for reason in reasons:
        if reason.code == SCORING_FAILED.code or _is_missing(reason):
            unseen = True
        elif reason.signal in SPAM_SIGNALS or reason.code.startswith(_LINKS):
            worst = max(worst, reason.action)
    return None if unseen and worst is Action.APPROVE else worst


def _is_missing(reason: Reason) -> bool:
    return reason.code.startswith(_MISSING) and reason.signal in SPAM_SIGNALS
