from collections.abc import Mapping

import pytest

from moderation.domain.links import find_links
from moderation.domain.policy import Action, Policy, Rule, Section
from moderation.domain.signal import SIGNALS
from moderation.domain.spam.side import OF_TOXICITY, SPAM_SIGNALS, spam_side
from moderation.domain.verdict import SCORING_FAILED, Evidence, decide

APPROVE, HOLD, REJECT = Action.APPROVE, Action.HOLD, Action.REJECT
POLICY = Policy(
    version=1,
    rules=(
        Rule("toxicity", 0.5, REJECT),
        Rule("spam", 0.6, HOLD),
        Rule("spam", 0.98, REJECT),
        Rule("honeypot", 1.0, REJECT),
        Rule("near_duplicates", 0.5, HOLD),
    ),
    required=frozenset({"toxicity"}),
)


def said(policy: Policy, scores: Mapping[str, float], *, section: str | None = None) -> object:
    verdict = decide(policy, Evidence(scores=scores, section=section))
    return spam_side(policy, section, verdict.reasons, scores)


def test_signals_of_toxicity_are_known_and_all_others_are_of_spam() -> None:
    assert SIGNALS.keys() > OF_TOXICITY
    assert {"spam", "honeypot", "near_duplicates", "author_rate", "link_density"} <= SPAM_SIGNALS


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"spam": 0.1}, APPROVE),
        ({"spam": 0.1, "toxicity": 0.99}, APPROVE),
        ({"spam": 0.7}, HOLD),
        ({"spam": 0.99}, REJECT),
        ({"spam": 0.1, "honeypot": 1.0}, REJECT),
        ({"spam": 0.1, "near_duplicates": 0.6}, HOLD),
        ({"near_duplicates": 0.6}, HOLD),
        ({"toxicity": 0.1}, None),
        ({}, None),
    ],
)
def test_only_what_speaks_of_spam_counts_and_spam_unseen_is_not_approved(
    scores: Mapping[str, float], expected: Action | None
) -> None:
    assert said(POLICY, scores) is expected


def test_a_policy_that_does_not_read_spam_does_without_it() -> None:
    policy = Policy(version=1, rules=(Rule("honeypot", 1.0, REJECT),), required=frozenset())

    assert said(policy, {}) is APPROVE


def test_a_required_signal_of_spam_that_is_missing_leaves_it_unsaid() -> None:
    policy = Policy(version=1, rules=(Rule("near_duplicates", 0.5, HOLD),))

    assert said(policy, {}) is None
    assert said(policy, {"near_duplicates": 0.2}) is APPROVE


def test_too_many_links_are_spam_and_premoderation_is_none() -> None:
    policy = Policy(version=1, premoderate=True, max_links=0, required=frozenset())
    links = decide(policy, Evidence(scores={})).reasons

    assert spam_side(policy, None, links, {}) is APPROVE
    one_link = "see https://a.example"
    linked = decide(policy, Evidence(scores={}, links=tuple(find_links(one_link)))).reasons
    assert spam_side(policy, None, linked, {}) is HOLD


def test_a_comment_that_could_not_be_scored_is_not_called_spam() -> None:
    assert spam_side(POLICY, None, [SCORING_FAILED], {"spam": 0.1}) is None


def test_a_section_has_rules_of_its_own() -> None:
    section = Section(rules=(Rule("spam", 0.3, HOLD),))
    policy = Policy(version=1, sections={"deals": section}, required=frozenset())

    assert said(policy, {"spam": 0.4}, section="deals") is HOLD
    assert said(policy, {"spam": 0.4}) is APPROVE
    assert said(policy, {}, section="deals") is None
