"""Turn evidence into a verdict. No I/O, no clock, no globals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from moderation.domain.language import name_of
from moderation.domain.signal import Span


class Action(IntEnum):
    """What to do with a comment, ordered from most lenient to strictest."""

    APPROVE = 0
    HOLD = 1
    REJECT = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a policy: a score of *at_least* on *signal* calls for *action*."""

    signal: str
    at_least: float
    action: Action

    def __post_init__(self) -> None:
        if not 0.0 <= self.at_least <= 1.0:
            raise ValueError(f"rule on {self.signal!r}: threshold {self.at_least} not in [0, 1]")


@dataclass(frozen=True, slots=True)
class WordList:
    """Literal words that call for *action* wherever they stand as whole words."""

    name: str
    action: Action
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What one section of the site does differently.

    ``rules`` replace the site's rules on the signals they name and leave the others.
    ``premoderate`` None means: as the site.
    """

    rules: tuple[Rule, ...] = ()
    premoderate: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A site's versioned rules, plus the signals it refuses to approve without.

    ``required``: those signals; None: whichever the rules in force read, so that a policy
    that says nothing of it does not approve what its own rules could not see.
    ``max_links``: more distinct links than this are held; None sets no limit.
    ``hold_first``: hold comments of an author with fewer approved ones than this; an
    author who cannot be told from others always counts as new.
    ``trusted_authors``: the site's author ids to whom ``premoderate``, ``hold_first`` and
    ``max_links`` do not apply; scores and word lists still do.
    ``languages``: primary tags, or ``*`` for any, of languages whose texts are scored although
    the model was not taught them.
    ``base_rates``: by signal, the share of positives on this site; scores that are probabilities
    are told for that share, others stay.
    """

    version: int
    rules: tuple[Rule, ...] = ()
    required: frozenset[str] | None = None
    sections: Mapping[str, Section] = field(default_factory=dict)
    premoderate: bool = False
    word_lists: tuple[WordList, ...] = ()
    max_links: int | None = None
    hold_first: int = 0
    trusted_authors: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    base_rates: Mapping[str, float] = field(default_factory=dict)


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
    words ``marked`` as those that carry a score: they go on record with the verdict.
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
        *_scored(rules, evidence.scores),
        *_missing(required, evidence),
        *_listed(policy, evidence.words),
        *_circumstances(policy, evidence),
    ]
    reasons.sort(key=lambda reason: (-reason.action, reason.code))
    judged = {rule.signal for rule in rules} | required
    return Verdict(
        action=max((reason.action for reason in reasons), default=Action.APPROVE),
        reasons=tuple(reasons),
        policy_version=policy.version,
        risk=max((evidence.scores.get(name, 0.0) for name in judged), default=0.0),
        spans=tuple(found.span for found in evidence.words) + evidence.links + evidence.marked,
    )


def failed(policy: Policy) -> Verdict:
    """Hold a comment that cannot be scored: its scoring kept failing."""
    return Verdict(
        action=Action.HOLD, reasons=(SCORING_FAILED,), policy_version=policy.version, risk=1.0
    )


def rules_for(policy: Policy, section: str | None) -> tuple[Rule, ...]:
    """Return the rules that judge a comment in *section*: its own, then the site's others."""
    override = policy.sections.get(section) if section is not None else None
    if override is None:
        return policy.rules
    named = {rule.signal for rule in override.rules}
    return override.rules + tuple(rule for rule in policy.rules if rule.signal not in named)


def required_for(policy: Policy, section: str | None) -> frozenset[str]:
    """Return the signals without which no comment in *section* is approved."""
    if policy.required is not None:
        return policy.required
    return frozenset(rule.signal for rule in rules_for(policy, section))


def carrying(policy: Policy, section: str | None, scores: Mapping[str, float]) -> list[str]:
    """Name the signals whose scores keep a comment from being approved, strictest rule first."""
    fired = _scored(rules_for(policy, section), scores)
    fired.sort(key=lambda reason: (-reason.action, reason.code))
    return [
        reason.signal
        for reason in fired
        if reason.signal is not None and reason.action > Action.APPROVE
    ]


def _scored(rules: tuple[Rule, ...], scores: Mapping[str, float]) -> list[Reason]:
    """Only the strictest rule that fired on a signal is a reason; the others add nothing."""
    strictest: dict[str, Rule] = {}
    for rule in rules:
        if scores.get(rule.signal, -1.0) < rule.at_least:
            continue
        best = strictest.get(rule.signal)
        if best is None or (rule.action, rule.at_least) > (best.action, best.at_least):
            strictest[rule.signal] = rule
    return [_reason(rule, scores[rule.signal]) for rule in strictest.values()]


def _reason(rule: Rule, score: float) -> Reason:
    return Reason(
        code=f"{rule.signal}>={rule.at_least:.2f}",
        action=rule.action,
        text=f"{rule.signal.replace('_', ' ')} {score:.2f} is at or above {rule.at_least:.2f}",
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
    if _premoderated(policy, evidence.section):
        fired.append(("premoderated", "every comment here waits for a moderator"))
    if (evidence.approved_before or 0) < policy.hold_first:
        fired.append(("new_author", f"fewer than {policy.hold_first} approved comments so far"))
    count = len(evidence.links)
    if policy.max_links is not None and count > policy.max_links:
        fired.append((f"links>{policy.max_links}", f"{count} links, more than {policy.max_links}"))
    return fired


def _premoderated(policy: Policy, section: str | None) -> bool:
    override = policy.sections.get(section) if section is not None else None
    if override is None or override.premoderate is None:
        return policy.premoderate
    return override.premoderate
