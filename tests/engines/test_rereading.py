"""Second looks at a text leave every character that they keep where it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.timing import best_seconds
from workers.engines.rereading import said_twice, swapped_back, without_emoji

KNOWN = frozenset({"stupid", "people", "trial", "trail"})
texts = st.lists(
    st.sampled_from(["love", "Love", " ", ", ", "\U0001f921", "stpuid", "é", "no"])
    | st.text(max_size=3),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("love love love love you idiot", "love love you idiot"),
        ("Peace, peace! PEACE; peace now", "Peace, peace! ; now"),
        ("thank you thank you thank you all", "thank you thank you all"),
        ("no no, yes no", "no no, yes no"),
    ],
)
def test_what_is_said_over_and_over_is_read_twice(text: str, read: str) -> None:
    assert said_twice(text).split() == read.split()


def test_emoji_between_words_can_be_left_out_but_not_a_comment_of_nothing_else() -> None:
    assert without_emoji("you \U0001f602 are\U0001f921").split() == ["you", "are"]
    assert without_emoji("\U0001f921\U0001f595!") == "\U0001f921\U0001f595!"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("stpuid Poeple", "stupid People"),
        ("trail trial", "trail trial"),
        ("dniosaur form", "dniosaur form"),
    ],
)
def test_two_letters_are_swapped_back_where_that_makes_a_word(text: str, read: str) -> None:
    assert swapped_back(text, KNOWN) == read


@given(texts)
def test_every_character_that_is_kept_stays_in_its_place(text: str) -> None:
    for looked in (said_twice(text), without_emoji(text)):
        assert len(looked) == len(text)
        assert all(new in (old, " ") for new, old in zip(looked, text, strict=True))
    assert len(swapped_back(text, KNOWN)) == len(text)


@pytest.mark.parametrize("unit", ["a ", "love you ", "stpuid ", "x", "\U0001f921", "a\U0001f921"])
def test_second_looks_at_the_longest_text_are_quick(unit: str) -> None:
    text = (unit * 20_000)[:20_000]

    def look() -> None:
        swapped_back(without_emoji(said_twice(text)), KNOWN)

    assert best_seconds(look, enough=0.05) < 0.05
