"""Long texts are read whole, in bounded work."""

import time
from itertools import pairwise
from typing import Final

import pytest
from tokenizers import Tokenizer

from workers.engines.folder import TOKENIZER
from workers.engines.registry import SHIPPED
from workers.engines.windows import Windows

LIMIT: Final = 64
MOST_CHARACTERS: Final = 20_000
MOST_READ: Final = 5
"""Tokens per character: pieces of endless words overlap, and so do windows."""

MOST_TIMES: Final = 12
"""Four times the text may take this much longer; its square would take sixteen times."""


@pytest.fixture(scope="module")
def windows() -> Windows:
    """Return windows of 64 tokens over the shipped vocabulary."""
    return Windows(Tokenizer.from_file(str(SHIPPED / TOKENIZER)), LIMIT)


def test_a_short_text_is_one_window(windows: Windows) -> None:
    assert [window.text for window in windows.of("Good morning.")] == ["Good morning."]


def test_an_empty_text_is_one_window(windows: Windows) -> None:
    assert len(windows.of("")) == 1


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"word{i}" for i in range(900)),
        "supercalifragilistic" * 300,
        "a" * MOST_CHARACTERS,
        "?!" * 2000,
        "汉字" * 1000,
    ],
    ids=["words", "one word", "one letter", "marks", "ideographs"],
)
def test_no_window_is_longer_than_the_model_reads(text: str, windows: Windows) -> None:
    assert all(0 < len(window.ids) <= LIMIT for window in windows.of(text))


def test_every_word_is_whole_in_some_window(windows: Windows) -> None:
    words = [f"item{i}" for i in range(900)]

    parts = [window.text.split() for window in windows.of(" ".join(words))]

    assert {word for part in parts for word in part} >= set(words)


def test_windows_of_a_text_without_marks_share_text(windows: Windows) -> None:
    parts = [set(w.text.split()) for w in windows.of(" ".join(f"n{i}" for i in range(400)))]

    assert len(parts) > 2
    assert all(before & after for before, after in pairwise(parts))


def test_a_sentence_of_a_long_text_is_read_among_others_and_alone(windows: Windows) -> None:
    told = [f"Sentence number {i} is here." for i in range(60)]

    parts = [window.text.strip() for window in windows.of(" ".join(told))]

    assert set(told) <= set(parts)
    assert all(any(a in part and b in part for part in parts) for a, b in pairwise(told[:4]))
    assert all(part.endswith(".") for part in parts)


def test_what_is_said_again_and_again_is_read_once(windows: Windows) -> None:
    told = "The council met on Tuesday, as it does.\n"

    assert len(windows.of(told * 400)) < 5


def test_a_short_text_is_not_taken_apart(windows: Windows) -> None:
    assert len(windows.of("One is here. Another is here. A third is here.")) == 1


@pytest.mark.parametrize(
    "unit",
    ["a", "idiot ", "?!", "x1", "汉", "\U0001f595", "é ", "\u0378", "a. ", "a b c. ", "a b c. d. "],
)
def test_work_is_bounded_by_the_length_of_the_text(unit: str, windows: Windows) -> None:
    text = (unit * MOST_CHARACTERS)[:MOST_CHARACTERS]

    read = sum(len(window.ids) for window in windows.of(text))

    assert read <= MOST_READ * MOST_CHARACTERS


def test_time_grows_with_the_text_and_not_with_its_square(windows: Windows) -> None:
    def spent(characters: int) -> float:
        started = time.process_time()
        windows.of("?!" * (characters // 2))
        return time.process_time() - started

    windows.of("?!")  # warm

    assert spent(MOST_CHARACTERS) < MOST_TIMES * spent(MOST_CHARACTERS // 4)


def test_an_unknown_character_hides_no_word(windows: Windows) -> None:
    (window,) = windows.of("idiot\u0378 indeed")

    assert "idiot" in window.text.split()


def test_a_lone_surrogate_is_read_over(windows: Windows) -> None:
    (window,) = windows.of("idiot \ud800 indeed")

    assert "idiot" in window.text


def test_only_a_text_with_emoji_is_read_once_more_without_them(windows: Windows) -> None:
    read = [window.text.split() for window in windows.of("You \U0001f921 are an \U0001f602 idiot")]

    assert read == [
        *(["You", "clown", "face", "are", "an", "face", "with", "tears", "of", "joy", "idiot"],),
        *(["You", "are", "an", "idiot"],),
    ]


def test_kind_words_over_and_over_do_not_fill_the_window(windows: Windows) -> None:
    (window,) = windows.of("peace " * 30 + "You idiot.")

    assert window.text.split() == ["peace", "peace", "You", "idiot."]


def test_a_misspelt_word_is_read_as_the_one_meant(windows: Windows) -> None:
    (window,) = windows.of("You stpuid mroon")

    assert window.text == "You stupid moron"
