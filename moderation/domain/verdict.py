"""Turn evidence into a verdict. No I/O, no clock, no globals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from moderation.domain.language import name_of
from moderation.domain.policy import (
    Action,
    Policy,
    Rule,
    decimals_of,
    premoderates,
    required_for,
    rules_for,
    threshold_text,
)
from moderation.domain.signal import NOTHING_TOLD, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A word of a list, found in a text; the span counts original characters."""

    word_list: str
    word: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a policy may look at: measurements and plain facts, nothing else.

    A signal that could not be measured is absent from ``scores``, never zero.
    ``approved_before`` is how many of the author's comments stand approved (it may stop
    counting at the policy's ``hold_first``); None when the author is unknown. ``language`` is
    the one that the site declared, ``recognised`` one that the model was not taught and the text
    seems to be in; they are told where a signal is missing, and judge nothing. Neither do the
    words ``marked`` as those that carry a score: they go on record with the verdict. ``told``
    says by signal what was found, for the reasons of rules that fire on it; ``places`` where.
    """

    scores: Mapping[str, float]
    words: tuple[Found, ...] = ()
    links: tuple[Span, ...] = ()
    section: str | None = None
    author_id: str | None = None
    approved_before: int | None = None
    rejected_by_moderator: bool = False
    language: str | None = None
    recognised: str | None = None
    marked: tuple[Span, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that fired, in a form that programs compare and people read.

    ``code`` is stable: ``toxicity>=0.80``, ``missing:toxicity``, ``word:slurs``,
    ``links>2``, ``premoderated``, ``new_author``, ``edited_after_rejection``,
    ``scoring_failed``. ``text`` is a sentence for moderators.
    """

    code: str
    action: Action
    text: str
    signal: str | None = None
    score: float | None = None
    at_least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The machine's answer, with every reason a moderator would ask for.

    ``reasons`` is empty only for a plain approval; strictest first. ``risk`` in [0, 1]
    orders the review queue: the highest score among the signals that the policy judges.
    """

    action: Action
    reasons: tuple[Reason, ...]
    policy_version: int
    risk: float
    spans: tuple[Span, ...] = ()


SCORING_FAILED: Final = Reason(
    code="scoring_failed",
    action=Action.HOLD,
    text="scoring failed again and again; a person must look at this comment",
)


def decide(policy: Policy, evidence: Evidence) -> Verdict:
    """Judge one comment: the strictest matching rule wins.

    Rule order does not matter, so two policies with the same rules always agree.
    A required signal that is missing (scorer down, language unsupported) can turn
    an approval into a hold; it never lets a comment through unseen.

    Args:
        policy: The site's policy in force.
        evidence: What was measured. Scores under unknown names are ignored.
    """
    rules = rules_for(policy, evidence.section)
    required = required_for(policy, evidence.section)
    reasons = [
        *_scored(rules, evidence.scores, evidence.told),
        *_missing(required, evidence),
        *_listed(policy, evidence.words),
        *_circumstances(policy, evidence),
    ]
    reasons.sort(key=lambda reason: (-reason.action, reason.code))
    fired = {reason.signal for reason in reasons if reason.score is not None}
    judged = {rule.signal for rule in rules} | required
    return Verdict(
        action=max((reason.action for reason in reasons), default=Action.APPROVE),
        reasons=tuple(reasons),
        policy_version=policy.version,
        risk=max((evidence.scores.get(name, 0.0) for name in judged), default=0.0),
        spans=(
            *(found.span for found in evidence.words),
            *evidence.links,
            *evidence.marked,
            *(place for place in evidence.places if place.source in fired),
        ),
    )


def failed(policy: Policy) -> Verdict:
    """Hold a comment that cannot be scored: its scoring kept failing."""
    return Verdict(
        action=Action.HOLD, reasons=(SCORING_FAILED,), policy_version=policy.version, risk=1.0
    )


def carrying(policy: Policy, section: str | None, scores: Mapping[str, float]) -> list[str]:
    """Name the signals whose scores keep a comment from being approved, strictest rule first."""
    fired = _scored(rules_for(policy, section), scores)
    fired.sort(key=lambda reason: (-reason.action, reason.code))
    return [
        reason.signal
        for reason in fired
        if reason.signal is not None and reason.action > Action.APPROVE
    ]


def _scored(
    rules: tuple[Rule, ...], scores: Mapping[str, float], told: Mapping[str, str] = NOTHING_TOLD
) -> list[Reason]:
    """Only the strictest rule that fired on a signal is a reason; the others add nothing."""
    strictest: dict[str, Rule] = {}
    for rule in rules:
        if scores.get(rule.signal, -1.0) < rule.at_least:
            continue
        best = strictest.get(rule.signal)
        if best is None or (rule.action, rule.at_least) > (best.action, best.at_least):
            strictest[rule.signal] = rule
    return [
        _reason(rule, scores[rule.signal], told.get(rule.signal)) for rule in strictest.values()
    ]


def _reason(rule: Rule, score: float, told: str | None) -> Reason:
    threshold = threshold_text(rule.at_least)
    name = rule.signal.replace("_", " ")
    text = f"{name} {score:.{decimals_of(rule.at_least)}f} is at or above {threshold}"
    return Reason(
        code=f"{rule.signal}>={threshold}",
        action=rule.action,
        text=f"{told}: {text}" if told else text,
        signal=rule.signal,
        score=score,
        at_least=rule.at_least,
    )


def _missing(required: frozenset[str], evidence: Evidence) -> list[Reason]:
    why = _language_of(evidence)
    return [
        Reason(
            code=f"missing:{name}",
            action=Action.HOLD,
            text=f"{name.replace('_', ' ')} could not be measured{why}",
            signal=name,
        )
        for name in sorted(required - evidence.scores.keys())
    ]


def _language_of(evidence: Evidence) -> str:
    if evidence.language is not None:
        return f"; the comment was declared to be in {name_of(evidence.language)}"
    if evidence.recognised is not None:
        seems = name_of(evidence.recognised)
        return f"; the comment seems to be in {seems}, which the model was not taught"
    return ""


def _listed(policy: Policy, words: tuple[Found, ...]) -> list[Reason]:
    found: dict[str, set[str]] = {}
    for match in words:
        found.setdefault(match.word_list, set()).add(match.word)
    return [
        Reason(
            code=f"word:{words_of.name}",
            action=words_of.action,
            text=f"on the list {words_of.name}: {', '.join(sorted(found[words_of.name]))}",
        )
        for words_of in policy.word_lists
        if words_of.name in found
    ]


def _circumstances(policy: Policy, evidence: Evidence) -> list[Reason]:
    """Reasons that lie in who wrote what where; a trusted author is spared most."""
    fired: list[tuple[str, str]] = []
    if evidence.rejected_by_moderator:
        fired.append(("edited_after_rejection", "edited after a moderator rejected it"))
    if evidence.author_id is None or evidence.author_id not in policy.trusted_authors:
        fired += _caution(policy, evidence)
    return [Reason(code=code, action=Action.HOLD, text=text) for code, text in fired]


def _caution(policy: Policy, evidence: Evidence) -> list[tuple[str, str]]:
    fired: list[tuple[str, str]] = []
    if premoderates(policy, evidence.section):
        fired.append(("premoderated", "every comment here waits for a moderator"))
    if (evidence.approved_before or 0) < policy.hold_first:
        fired.append(("new_author", f"fewer than {policy.hold_first} approved comments so far"))
    count = len(evidence.links)
    if policy.max_links is not None and count > policy.max_links:
        fired.append((f"links>{policy.max_links}", f"{count} links, more than {policy.max_links}"))
    return fired
