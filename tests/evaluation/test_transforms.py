"""Disguises are the same for the same seed, change a text, and leave it readable."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.text import canonical
from workers.evaluation.transforms import TRANSFORMS, disguised

TEXT = "You are a stupid idiot, nobody wants you here.\nGo away!"


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_disguise_changes_a_text_and_is_the_same_for_the_same_seed(name: str) -> None:
    one, other = disguised(TEXT, name, seed=1), disguised(TEXT, name, seed=1)

    assert one == other
    assert one != TEXT


@pytest.mark.parametrize(
    "name", sorted(TRANSFORMS.keys() - {"fullwidth", "right_to_left_override"})
)
def test_another_seed_is_another_disguise(name: str) -> None:
    assert len({disguised(TEXT, name, seed=i) for i in range(20)}) > 1


@given(st.text(max_size=60), st.sampled_from(sorted(TRANSFORMS)), st.integers())
def test_any_text_can_be_disguised(text: str, name: str, seed: int) -> None:
    assert len(disguised(text, name, seed=seed)) >= len(text)


@pytest.mark.parametrize(
    "name",
    ["maths_alphabets", "fullwidth", "invisible_characters", "blank_letters", "combining_marks",
     "right_to_left_override"],
)  # fmt: skip
@pytest.mark.parametrize("seed", range(5))
def test_what_only_unicode_can_do_comes_off_altogether(name: str, seed: int) -> None:
    assert canonical(disguised(TEXT, name, seed=seed)).text == TEXT


@pytest.mark.parametrize("name", ["invisible_characters", "blank_letters", "combining_marks"])
def test_the_letters_are_still_there_in_order(name: str) -> None:
    found = disguised(TEXT, name, seed=3)

    assert "".join(re.findall(r"[ -~\n]", found)) == TEXT


def test_maths_and_wide_letters_are_the_letters_of_the_text() -> None:
    for name in ("maths_alphabets", "fullwidth"):
        assert unicodedata.normalize("NFKC", disguised(TEXT, name, seed=2)) == TEXT


def test_an_override_turns_each_line_round() -> None:
    turned = disguised("ab\n\nc", "right_to_left_override", seed=1)

    assert turned == "\u202eba\u202c\n\n\u202ec\u202c"


def test_casing_and_stretching_change_no_letter() -> None:
    assert disguised(TEXT, "casing", seed=1).lower() == TEXT.lower()
    stretched = disguised(TEXT, "stretched_letters", seed=1)
    assert re.sub(r"(.)\1+", r"\1", stretched) == re.sub(r"(.)\1+", r"\1", TEXT)


def test_padding_and_emoji_leave_the_words_as_they_are() -> None:
    assert TEXT in disguised(TEXT, "padding", seed=1)
    words = re.findall(r"\w+", disguised(TEXT, "emoji_inserted", seed=1))
    assert words == re.findall(r"\w+", TEXT)


def test_spaced_words_can_still_be_told_apart() -> None:
    for seed in range(10):
        spaced = disguised("stupid idiot", "spaced_letters", seed=seed)
        words = spaced.split("   " if "   " in spaced else " ")
        joined = [re.sub(r"[ .\-_*]", "", word) for word in words]
        assert joined == ["stupid", "idiot"]


def test_a_typo_leaves_the_ends_of_a_word_and_short_words() -> None:
    found = disguised("your council", "typos", seed=1)

    assert found.startswith("your c")
    assert found.endswith("l")
    assert sorted(found) == sorted("your council")
    assert found != "your council"
