"""What a site's policy makes of a text that is not kept: for sites that only ask."""

from dataclasses import dataclass, replace
from typing import Final

from moderation.domain.language import ANY
from moderation.domain.links import find_links
from moderation.domain.policy import required_for
from moderation.domain.signal import OF_THE_MOMENT
from moderation.domain.verdict import Evidence, Verdict, decide
from moderation.ports.scorer import InstantScoring, Wanted
from moderation.ports.store import OpenStore
from moderation.usecases.evidence import WordMatchers

BEYOND_THE_TEXT: Final = OF_THE_MOMENT | {
    "bad_domain",
    "disposable_email",
    "honeypot",
    "quick_form",
    "robot_agent",
}
"""Signals of circumstances, which a text alone does not have. To require one of them would
hold every text, so here none of them is required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedText:
    """A text, and as whom the asking site knows its author."""

    body: str
    author_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """A verdict, and the hash of the model that took part in it, if one did."""

    verdict: Verdict
    model_hash: str | None


def judge_text(
    asked: AskedText,
    *,
    site_id: str,
    timeout_s: float,
    instant: InstantScoring,
    open_store: OpenStore,
    matchers: WordMatchers,
) -> JudgedText:
    """Apply the site's policy to a text and its words and links.

    Its author's approved comments are not counted, since none is kept: where the policy holds
    the first ones of an author, it holds all of them.

    Raises:
        ScoringUnavailable: No scores within *timeout_s*.
        StoreUnavailable: The policy cannot be read.
    """
    with open_store(reading=True) as store:
        policy = store.policy(site_id)
    scored = instant.score(
        asked.body,
        language=None,
        timeout_s=timeout_s,
        wanted=Wanted(words=False, any_language=ANY in policy.languages),
    )
    evidence = Evidence(
        scores=scored.scores,
        words=matchers.find(site_id, policy, asked.body),
        links=tuple(find_links(asked.body)),
        author_id=asked.author_id,
        recognised=scored.recognised,
    )
    seen = replace(policy, required=required_for(policy, None) - BEYOND_THE_TEXT)
    return JudgedText(verdict=decide(seen, evidence), model_hash=scored.model_hash)
