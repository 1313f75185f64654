"""Which groups a text names, and how often harmless sentences about each are held."""

import pytest

from workers.evaluation.groups import GROUPS, groups_named
from workers.evaluation.terms import alarms_by_term, term_of, widest_gap


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The MUSLIM and the Jew", {"Muslim", "Jewish"}),
        ("an African American woman", {"Black", "women"}),
        ("an american", {"American or European"}),
        ("a non-binary reader", {"transgender"}),
        ("management, a manly boycott, whiter than white-ish", {"white"}),
        ("humans, a human, a batgirl", set()),
    ],
)
def test_a_group_is_named_by_whole_words(text: str, named: set[str]) -> None:
    assert groups_named(text) == named


def test_no_word_names_two_groups() -> None:
    words = [word for group in GROUPS.values() for word in group]

    assert len(words) == len(set(words))
    assert all(word == word.lower() for word in words)


def test_a_template_sentence_has_its_term_and_others_have_none() -> None:
    assert term_of({"template": "name_adj"}, "Ann is a kind middle aged") == "middle aged"
    assert term_of({"template": "you_are_adj"}, "You are a kind poet") is None
    assert term_of({}, "Ann is a kind poet") is None


def test_false_alarms_are_shares_by_term() -> None:
    rates = alarms_by_term([("deaf", True), ("deaf", False), ("blind", False)])

    assert rates == {"blind": 0.0, "deaf": 0.5}
    assert widest_gap(rates) == ("blind", -0.25)
