"""What the second course teaches: hard cases, each balanced by what looks like it."""

import random
import re
from pathlib import Path

import pytest

from moderation.domain.text import canonical
from tests.training.given import small_data
from workers.training.data import Example, fingerprint, held_out
from workers.training.phrases import KINDS, TERMS, phrases
from workers.training.second_mixture import as_read, second_mixture
from workers.training.variants import exchanged, in_company, misspelt, sentences, with_emoji

CALM = (0.0,) * 6
TOXIC = (1.0, None, None, None, None, None)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small data folder."""
    return small_data(tmp_path_factory.mktemp("data"))


def rng() -> random.Random:
    """Return the same dice every time."""
    return random.Random(1)  # noqa: S311 - a reproducible draw, not a secret


def test_no_dev_text_is_trained_on(data: Path) -> None:
    drawn = {fingerprint(example.text) for example in second_mixture(data, seed=1)}

    assert not drawn & held_out(data)
    assert fingerprint("jigsaw_wikipedia text 2") in drawn


def test_the_same_seed_makes_the_same_texts_in_the_same_order(data: Path) -> None:
    assert second_mixture(data, seed=1) == second_mixture(data, seed=1)
    assert second_mixture(data, seed=1) != second_mixture(data, seed=2)


def test_the_texts_are_in_the_form_in_which_comments_are_scored(data: Path) -> None:
    drawn = second_mixture(data, seed=1, share=0.1)

    assert [e.text for e in drawn] == [canonical(e.text).text for e in drawn]


def test_a_small_share_keeps_every_kind_of_phrase(data: Path) -> None:
    drawn = {e.text.lower().rstrip(".") for e in second_mixture(data, seed=1, share=0.1)}

    assert any("spoke at the meeting" in text for text in drawn)
    assert any("budget" in text for text in drawn)
    assert any(text.startswith("you are") for text in drawn)


def test_every_gap_of_a_phrase_is_filled() -> None:
    assert not [e.text for e in phrases(rng()) if "{" in e.text]


@pytest.mark.parametrize("term", ["gay", "Muslim", "transgender", "deaf", "Black"])
def test_a_term_is_named_about_as_often_in_peace_as_in_hate(term: str) -> None:
    made = [e for e in phrases(rng()) if re.search(rf"\b{term}\b", e.text, re.IGNORECASE)]

    assert 0.4 < sum(e.toxic == 0.0 for e in made) / len(made) < 0.65


def test_no_phrase_has_the_shape_of_the_identity_templates_of_the_dev_data() -> None:
    shapes = [shape for kind, _, _ in KINDS for shape in kind]

    assert not [shape for shape in shapes if shape.startswith("{name} is ")]


def test_another_term_is_put_in_and_nothing_else_changes() -> None:
    [made] = exchanged([Example("The Catholic school closed.", CALM)], 5, rng())

    before, after = made.text.split("The ")[1].split(" school closed.")
    assert before in TERMS
    assert (after, made.targets) == ("", CALM)


def test_comments_that_name_no_group_are_not_exchanged() -> None:
    assert exchanged([Example("The old white house is straight ahead.", CALM)], 5, rng()) == []


def test_misspelling_spoils_long_words_and_keeps_labels() -> None:
    text = "you are an absolute moron, everybody here thinks so"

    [made] = misspelt([Example(text, TOXIC)], 5, rng())

    assert made.targets == TOXIC
    assert made.text != text
    assert made.text.startswith("you are an ")


def test_emoji_stand_between_words_and_hide_none_of_them() -> None:
    [made] = with_emoji([Example("you absolute moron", TOXIC)], 5, rng())

    assert made.targets == TOXIC
    assert re.sub(r"[^\x00-\x7f]", "", made.text).split() == ["you", "absolute", "moron"]


def test_marked_words_stay_marked_in_the_form_that_is_scored() -> None:
    example = Example("what a m\u200boron", TOXIC, marked=((7, 13),))

    read = as_read(example)

    assert "".join(read.text[start:end] for start, end in read.marked or ()) == "moron"


def test_marks_are_given_up_where_the_text_is_rewritten() -> None:
    assert as_read(Example("moron \N{PILE OF POO}", TOXIC, marked=((0, 5),))).marked is None


def test_only_long_harmless_talk_is_taken_apart() -> None:
    long = "The road was closed for most of the day. " * 20
    pool = [Example(long, CALM), Example(long, TOXIC), Example(long[:400], CALM)]

    assert sentences(pool) == [Example("The road was closed for most of the day.", CALM)] * 20


def test_a_toxic_comment_stays_toxic_in_harmless_company() -> None:
    calm = [Example(f"Sentence number {i}.", CALM) for i in range(9)]

    made = in_company([Example("You moron.", TOXIC), calm[0]], calm, 3, rng())

    assert [e for e in made if "You moron." in e.text] == [e for e in made if e.toxic == 1.0]
    assert sorted(e.toxic or 0.0 for e in made) == [0.0, 0.0, 0.0, 1.0]
    assert all(len(e.text) > len("Sentence number 1.") for e in made)
