"""A text falls into sentences without a gap, in time that grows with it."""

import time
from typing import Final

import pytest

from moderation.domain.sentences import sentences
from workers.engines.sentences import SHORT_TOGETHER, Passage, alone, joined

MOST_TIMES: Final = 12
"""Four times the text may take this much longer; its square would take sixteen times."""


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("He said: 'Stop!' Then he left.", ["He said: 'Stop!' ", "Then he left."]),
        ("(So it is.) And now...  what", ["(So it is.) ", "And now...  ", "what"]),
        ("a line\nand another\n\n  third", ["a line\n", "and another\n\n  ", "third"]),
        ("see example.org for 3.5 more", ["see example.org for 3.5 more"]),
        ("Well\u2026 no", ["Well\u2026 ", "no"]),
        ("no mark at all", ["no mark at all"]),
        ("", []),
    ],
)
def test_a_sentence_ends_with_its_mark_or_its_line(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize("text", ["  One. Two.  ", "\n\n...\n!", "?! " * 50, " ", "a.\u00a0b"])
def test_nothing_lies_between_sentences(text: str) -> None:
    assert "".join(parts(text)) == text


@pytest.mark.parametrize("unit", ["?!", " ", "\n", "a", "a. ", ".\"'"])
def test_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    def spent(characters: int) -> float:
        started = time.process_time()
        parts(unit * (characters // len(unit)))
        return time.process_time() - started

    parts(unit)  # warm

    assert spent(400_000) < MOST_TIMES * max(spent(100_000), 0.01)


def given(*tokens: int) -> list[Passage]:
    return [Passage(10 * i, 10 * (i + 1), n) for i, n in enumerate(tokens)]


def test_neighbours_are_joined_as_long_as_they_fit() -> None:
    found = list(joined(given(5, 5, 5, 20, 1), most=10))

    assert found == [
        Passage(0, 20, 10),
        Passage(20, 30, 5),
        Passage(30, 40, 20),
        Passage(40, 50, 1),
    ]


def test_a_sentence_is_alone_but_short_ones_that_meet_are_together() -> None:
    found = list(alone(given(9, 2, 9, 3, 3, 3, 3, 3, 9)))

    assert [each.tokens for each in found] == [9, 2, 9, SHORT_TOGETHER, 3, 9]
