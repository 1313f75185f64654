"""Words that a WordPiece vocabulary would lose are rewritten so that it reads them."""

import pytest

from workers.engines.reading import LONGEST_WORD, for_wordpiece


def test_plain_text_is_left_alone() -> None:
    assert for_wordpiece("Good morning, all!") == "Good morning, all!"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\U0001f595", ["middle", "finger"]),
        ("you\U0001f595\U0001f595\U0001f595", ["you", "middle", "finger"]),
        ("\U0001f921", ["clown", "face"]),
        ("\U0001f1eb\U0001f1f7", ["fr"]),
        ("\u2728", ["sparkles"]),
    ],
)
def test_an_emoji_is_named_once_however_often_it_stands(text: str, words: list[str]) -> None:
    assert for_wordpiece(text).split() == words


def test_an_endless_word_becomes_pieces_that_overlap() -> None:
    word = "x" * 40 + "idiot" + "y" * 40

    pieces = for_wordpiece(word).split()

    assert all(len(piece) <= LONGEST_WORD for piece in pieces)
    assert any("idiot" in piece for piece in pieces)
