from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.policy import Action, Policy, Rule, Section, WordList, required_for
from moderation.domain.signal import Span
from moderation.domain.verdict import Evidence, Found, decide, failed

HOUSE = Policy(
    version=7,
    rules=(
        Rule("toxicity", 0.6, Action.HOLD),
        Rule("toxicity", 0.95, Action.REJECT),
        Rule("link_density", 0.8, Action.HOLD),
    ),
    required=frozenset({"toxicity"}),
)
CLEAN = {"toxicity": 0.1}
LINK = Span(0, 10, "links")

scores = st.floats(0, 1)
actions = st.sampled_from([Action.HOLD, Action.REJECT])
signals = st.sampled_from(["toxicity", "insult", "spam"])
rules = st.builds(Rule, signals, scores, actions)
measured = st.dictionaries(signals, scores)
sections = st.sampled_from(["opinion", "sports"])
lists = st.sampled_from(["mild", "slurs", "forgotten"])
policies = st.builds(
    Policy,
    version=st.just(1),
    rules=st.lists(rules).map(tuple),
    required=st.none() | st.frozensets(st.sampled_from(["toxicity", "insult"])),
    sections=st.dictionaries(
        sections,
        st.builds(Section, st.lists(rules, max_size=3).map(tuple), st.none() | st.booleans()),
    ),
    premoderate=st.booleans(),
    word_lists=st.lists(
        st.builds(WordList, lists, actions, st.just(("darn",))),
        unique_by=lambda words: words.name,
    ).map(tuple),
    max_links=st.none() | st.integers(0, 3),
    hold_first=st.integers(0, 3),
    trusted_authors=st.frozensets(st.just("ann")),
)
evidence = st.builds(
    Evidence,
    scores=measured,
    words=st.lists(
        st.builds(Found, word_list=lists, word=st.just("darn"), span=st.just(LINK)), max_size=3
    ).map(tuple),
    links=st.lists(st.just(LINK), max_size=4).map(tuple),
    section=st.none() | sections,
    author_id=st.none() | st.sampled_from(["ann", "bob"]),
    approved_before=st.none() | st.integers(0, 3),
    rejected_by_moderator=st.booleans(),
    language=st.none() | st.just("de"),
)


@pytest.mark.parametrize(
    ("scored", "action", "codes"),
    [
        ({"toxicity": 0.10}, Action.APPROVE, ()),
        ({"toxicity": 0.5999}, Action.APPROVE, ()),
        ({"toxicity": 0.60}, Action.HOLD, ("toxicity>=0.60",)),
        ({"toxicity": 0.97}, Action.REJECT, ("toxicity>=0.95",)),
        ({"toxicity": 0.10, "link_density": 1.0}, Action.HOLD, ("link_density>=0.80",)),
        (
            {"toxicity": 0.97, "link_density": 1.0},
            Action.REJECT,
            ("toxicity>=0.95", "link_density>=0.80"),
        ),
        ({"link_density": 0.0}, Action.HOLD, ("missing:toxicity",)),
        ({"unheard_of": 1.0, "toxicity": 0.0}, Action.APPROVE, ()),
    ],
)
def test_a_house_policy_judges_scores(
    scored: dict[str, float], action: Action, codes: tuple[str, ...]
) -> None:
    verdict = decide(HOUSE, Evidence(scores=scored))

    assert (verdict.action, tuple(r.code for r in verdict.reasons)) == (action, codes)
    assert verdict.policy_version == 7


def test_a_reason_names_the_score_beside_its_threshold() -> None:
    [reason] = decide(HOUSE, Evidence(scores={"toxicity": 0.8})).reasons

    assert (reason.signal, reason.score, reason.at_least) == ("toxicity", 0.8, 0.6)
    assert reason.text == "toxicity 0.80 is at or above 0.60"


def test_a_reason_tells_rare_signals_apart_from_their_threshold() -> None:
    policy = Policy(version=1, rules=(Rule("threat", 0.005, Action.HOLD),))
    verdict = decide(policy, Evidence(scores={"threat": 0.0061}))
    assert [(reason.code, reason.text) for reason in verdict.reasons] == [
        ("threat>=0.005", "threat 0.006 is at or above 0.005")
    ]


def test_a_reason_begins_with_what_was_found_and_the_record_says_where() -> None:
    policy = Policy(version=1, rules=(Rule("spam", 0.9, Action.HOLD),))
    links, shouts = Span(4, 9, "spam"), Span(0, 3, "shouting")
    told = {"spam": "a link to a blocked site", "shouting": "all capitals"}
    seen = Evidence(scores={"spam": 0.97, "shouting": 1.0}, told=told, places=(links, shouts))

    verdict = decide(policy, seen)

    assert [reason.text for reason in verdict.reasons] == [
        "a link to a blocked site: spam 0.97 is at or above 0.90"
    ]
    assert verdict.spans == (links,)


def test_risk_is_the_highest_score_that_the_policy_judges() -> None:
    scored = {"toxicity": 0.3, "link_density": 0.4, "ignored": 0.9}

    assert decide(HOUSE, Evidence(scores=scored)).risk == 0.4
    assert decide(Policy(version=1), Evidence(scores=scored)).risk == 0.0


@pytest.mark.parametrize(
    ("section", "scored", "action"),
    [
        ("sports", {"toxicity": 0.7}, Action.APPROVE),
        ("sports", {"toxicity": 0.9}, Action.HOLD),
        ("sports", {"toxicity": 0.1, "link_density": 0.9}, Action.HOLD),
        ("obituaries", {"toxicity": 0.0}, Action.HOLD),
        ("letters", {"toxicity": 0.7}, Action.HOLD),
        (None, {"toxicity": 0.7}, Action.HOLD),
    ],
)
def test_a_section_overrides_only_what_it_names(
    section: str | None, scored: dict[str, float], action: Action
) -> None:
    policy = Policy(
        version=1,
        rules=HOUSE.rules,
        required=frozenset(),
        sections={
            "sports": Section((Rule("toxicity", 0.85, Action.HOLD),)),
            "obituaries": Section(premoderate=True),
        },
    )

    assert decide(policy, Evidence(scores=scored, section=section)).action is action


def test_a_section_can_be_spared_from_premoderation() -> None:
    policy = Policy(version=1, premoderate=True, sections={"sports": Section(premoderate=False)})

    assert decide(policy, Evidence(scores={}, section="sports")).action is Action.APPROVE
    [reason] = decide(policy, Evidence(scores={})).reasons
    assert reason.code == "premoderated"


def test_words_of_a_list_count_at_the_level_of_their_list() -> None:
    policy = Policy(
        version=1,
        word_lists=(
            WordList("mild", Action.HOLD, ("darn",)),
            WordList("slurs", Action.REJECT, ("xyz",)),
            WordList("unused", Action.REJECT, ("never",)),
        ),
    )
    found = (
        Found(word_list="mild", word="darn", span=Span(0, 4, "mild")),
        Found(word_list="mild", word="darn", span=Span(9, 13, "mild")),
        Found(word_list="slurs", word="xyz", span=Span(5, 8, "slurs")),
    )

    verdict = decide(policy, Evidence(scores={}, words=found, links=(LINK,)))

    assert verdict.action is Action.REJECT
    assert [r.code for r in verdict.reasons] == ["word:slurs", "word:mild"]
    assert verdict.reasons[1].text == "on the list mild: darn"
    assert verdict.spans == (Span(0, 4, "mild"), Span(9, 13, "mild"), Span(5, 8, "slurs"), LINK)


@pytest.mark.parametrize(
    ("author", "approved", "links", "codes"),
    [
        ("ann", 0, 5, []),
        ("bob", 0, 0, ["new_author"]),
        ("bob", 2, 0, []),
        ("bob", 2, 3, ["links>2"]),
        ("bob", 2, 2, []),
        (None, None, 0, ["new_author"]),
    ],
)
def test_newcomers_and_links_are_held_unless_the_author_is_trusted(
    author: str | None, approved: int | None, links: int, codes: list[str]
) -> None:
    policy = Policy(version=1, max_links=2, hold_first=2, trusted_authors=frozenset({"ann"}))

    verdict = decide(
        policy,
        Evidence(scores={}, author_id=author, approved_before=approved, links=(LINK,) * links),
    )

    assert [reason.code for reason in verdict.reasons] == codes


def test_trust_does_not_excuse_a_score() -> None:
    policy = replace(HOUSE, trusted_authors=frozenset({"ann"}))

    trusted = Evidence(scores={"toxicity": 0.99}, author_id="ann")

    assert decide(policy, trusted).action is Action.REJECT


def test_a_text_edited_after_a_moderators_rejection_waits_for_a_moderator() -> None:
    verdict = decide(HOUSE, Evidence(scores=CLEAN, rejected_by_moderator=True))

    assert verdict.action is Action.HOLD
    assert [reason.code for reason in verdict.reasons] == ["edited_after_rejection"]


def test_a_comment_that_cannot_be_scored_is_held_first_in_line() -> None:
    verdict = failed(HOUSE)

    assert (verdict.action, verdict.risk) == (Action.HOLD, 1.0)
    assert [reason.code for reason in verdict.reasons] == ["scoring_failed"]


@pytest.mark.parametrize("threshold", [-0.01, 1.01, float("nan")])
def test_a_threshold_outside_its_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="not in"):
        Rule("toxicity", threshold, Action.HOLD)


@given(policies, evidence, signals, scores, scores)
def test_a_worse_score_is_never_treated_more_leniently(
    policy: Policy, seen: Evidence, signal: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    better = replace(seen, scores={**seen.scores, signal: low})
    worse = replace(seen, scores={**seen.scores, signal: high})

    assert decide(policy, better).action <= decide(policy, worse).action
    assert decide(policy, better).risk <= decide(policy, worse).risk


@given(policies, evidence, st.randoms(use_true_random=False))
def test_the_order_of_rules_and_lists_does_not_matter(
    policy: Policy, seen: Evidence, random: Random
) -> None:
    shuffled = replace(
        policy,
        rules=tuple(random.sample(policy.rules, len(policy.rules))),
        sections={
            name: replace(section, rules=tuple(random.sample(section.rules, len(section.rules))))
            for name, section in policy.sections.items()
        },
        word_lists=tuple(random.sample(policy.word_lists, len(policy.word_lists))),
    )

    assert decide(shuffled, seen) == decide(policy, seen)


@given(policies, evidence)
def test_a_missing_required_signal_never_approves(policy: Policy, seen: Evidence) -> None:
    missing = required_for(policy, seen.section) - seen.scores.keys()
    verdict = decide(policy, seen)

    if missing:
        assert verdict.action >= Action.HOLD
    assert {f"missing:{name}" for name in missing} <= {r.code for r in verdict.reasons}


@given(policies, evidence)
def test_a_policy_that_lists_no_requirements_approves_nothing_its_rules_could_not_see(
    policy: Policy, seen: Evidence
) -> None:
    silent = replace(policy, required=None)
    of_section = policy.sections.get(seen.section or "", Section()).rules
    unseen = {rule.signal for rule in policy.rules + of_section} - seen.scores.keys()
    verdict = decide(silent, seen)

    assert {r.code for r in verdict.reasons} >= {f"missing:{name}" for name in unseen}
    assert not unseen or verdict.action is not Action.APPROVE


@pytest.mark.parametrize(
    ("required", "section", "codes"),
    [
        (None, None, ["missing:toxicity"]),
        (None, "sports", ["missing:insult", "missing:toxicity"]),
        (None, "unheard-of", ["missing:toxicity"]),
        (frozenset(), "sports", []),
        (frozenset({"threat"}), "sports", ["missing:threat"]),
    ],
)
def test_what_a_policy_requires_unless_it_says_so_is_what_its_rules_read(
    required: frozenset[str] | None, section: str | None, codes: list[str]
) -> None:
    policy = Policy(
        version=1,
        rules=(Rule("toxicity", 0.5, Action.HOLD),),
        required=required,
        sections={"sports": Section((Rule("insult", 0.5, Action.HOLD),))},
    )

    verdict = decide(policy, Evidence(scores={}, section=section))

    assert [reason.code for reason in verdict.reasons] == codes


@pytest.mark.parametrize(
    ("declared", "recognised", "why"),
    [
        (None, None, ""),
        ("de", None, "; the comment was declared to be in German"),
        ("pt-BR", None, "; the comment was declared to be in Portuguese"),
        ("tlh", None, "; the comment was declared to be in 'tlh'"),
        (None, "pl", "; the comment seems to be in Polish, which the model was not taught"),
    ],
)
def test_a_missing_signal_is_told_with_the_language_of_the_comment(
    declared: str | None, recognised: str | None, why: str
) -> None:
    seen = Evidence(scores={}, language=declared, recognised=recognised)

    [reason] = decide(HOUSE, seen).reasons

    assert reason.code == "missing:toxicity"
    assert reason.text == f"toxicity could not be measured{why}"


@given(policies, evidence)
def test_only_an_approval_comes_without_a_reason(policy: Policy, seen: Evidence) -> None:
    verdict = decide(policy, seen)

    assert (verdict.action is Action.APPROVE) == (verdict.reasons == ())
