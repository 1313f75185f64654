"""A site's rules: what a document of a policy says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


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


def threshold_text(at_least: float) -> str:
    """Write a threshold with two decimals, or more if it has them: 0.50, 0.005."""
    return f"{at_least:.{decimals_of(at_least)}f}"


def decimals_of(at_least: float) -> int:
    """Return how many decimals tell a threshold from its neighbours, two to six."""
    return max(2, len(f"{at_least:.6f}".rstrip("0").partition(".")[2]))


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
class Checking:
    """How the site's checks are answered that come in Akismet's words.

    ``keep``: store what is checked, as a submitted comment, so that it can be learnt from.
    ``pass_late``: what cannot be said in time is no spam for now, and to be checked again;
    otherwise it is neither spam nor not.
    """

    keep: bool = False
    pass_late: bool = False


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
    ``akismet``: how checks in Akismet's words are answered.
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
    akismet: Checking = Checking()


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


def premoderates(policy: Policy, section: str | None) -> bool:
    """Say whether every comment in *section* waits for a person."""
    override = policy.sections.get(section) if section is not None else None
    if override is None or override.premoderate is None:
        return policy.premoderate
    return override.premoderate
