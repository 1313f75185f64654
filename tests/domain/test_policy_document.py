from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.policy import Action, Rule, Section, WordList
from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy, write_policy
from moderation.domain.signal import SIGNALS
from moderation.errors import Invalid

RULE: dict[str, Any] = {"signal": "toxicity", "at_least": 0.8, "action": "reject"}
FULL: dict[str, Any] = {
    "rules": [RULE],
    "required": ["toxicity"],
    "sections": {
        "sports": {
            "rules": [{"signal": "insult", "at_least": 1.0, "action": "hold"}],
            "premoderate": None,
        }
    },
    "premoderate": True,
    "word_lists": [{"name": "slurs", "action": "hold", "words": ["xyz"]}],
    "max_links": 3,
    "hold_first": 2,
    "trusted_authors": ["ann"],
    "languages": ["de", "nl"],
    "base_rates": {"toxicity": 0.03},
    "akismet": {"keep": True, "pass_late": False},
}


def test_a_document_becomes_a_policy() -> None:
    policy = read_policy(FULL, version=4)

    assert policy.version == 4
    assert policy.rules == (Rule("toxicity", 0.8, Action.REJECT),)
    assert policy.required == frozenset({"toxicity"})
    assert policy.sections == {"sports": Section((Rule("insult", 1.0, Action.HOLD),))}
    assert policy.word_lists == (WordList("slurs", Action.HOLD, ("xyz",)),)
    assert (policy.premoderate, policy.max_links, policy.hold_first) == (True, 3, 2)
    assert policy.trusted_authors == {"ann"}
    assert policy.languages == {"de", "nl"}
    assert policy.base_rates == {"toxicity": 0.03}
    assert (policy.akismet.keep, policy.akismet.pass_late) == (True, False)


def test_a_policy_written_and_read_is_the_same_policy() -> None:
    assert write_policy(read_policy(FULL, version=1)) == FULL


@pytest.mark.parametrize(("said", "meant"), [(None, None), ([], frozenset())])
def test_to_require_nothing_is_not_the_same_as_to_say_nothing_of_it(
    said: list[str] | None, meant: frozenset[str] | None
) -> None:
    policy = read_policy(FULL | {"required": said}, version=1)

    assert policy.required == meant
    assert write_policy(policy)["required"] == said
    assert read_policy({}, version=1).required is None


def test_an_empty_document_has_no_rules() -> None:
    assert read_policy({}, version=1).rules == ()


def test_the_default_policy_needs_both_models_and_names_only_known_signals() -> None:
    policy = read_policy(DEFAULT_DOCUMENT, version=1)

    assert policy.required == frozenset({"toxicity", "spam"})
    assert {rule.signal for rule in policy.rules} <= SIGNALS.keys()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rulez": []}, "rulez"),
        ({"rules": [RULE | {"at_least": 1.5}]}, "rules.0.at_least"),
        ({"rules": [RULE | {"at_least": "1"}]}, "rules.0.at_least"),
        ({"rules": [RULE | {"at_least": float("nan")}]}, "rules.0.at_least"),
        ({"rules": [RULE | {"action": "approve"}]}, "rules.0.action"),
        ({"word_lists": [{"name": "a", "action": "hold", "words": [""]}]}, "word_lists.0.words.0"),
        ({"max_links": -1}, "max_links"),
        ({"premoderate": 1}, "premoderate"),
        ({"languages": "any"}, "languages"),
        ({"languages": ["de", "en-GB"]}, "languages.1"),
        ({"base_rates": {"toxicity": 0}}, "base_rates.toxicity"),
        ({"base_rates": {"toxicity": 1e-5}}, "base_rates.toxicity"),
        ({"base_rates": {"toxicity": 1.0}}, "base_rates.toxicity"),
        ({"base_rates": {"toxicity": float("nan")}}, "base_rates.toxicity"),
        ({"base_rates": [0.1]}, "base_rates"),
    ],
)
def test_a_faulty_document_is_refused_by_the_name_of_its_field(
    change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_policy(FULL | change, version=1)

    assert refused.value.field == field


def test_two_word_lists_of_one_name_are_refused() -> None:
    twice = FULL["word_lists"] * 2

    with pytest.raises(Invalid, match="same name"):
        read_policy(FULL | {"word_lists": twice}, version=1)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.none()))
def test_anything_else_is_refused_and_never_crashes(document: dict[str, Any]) -> None:
    if document:
        with pytest.raises(Invalid):
            read_policy(document | {"no such field": 1}, version=1)
