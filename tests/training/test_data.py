"""What the model is taught, and what it must not see."""

from collections import Counter
from pathlib import Path

import pytest

from tests.training.given import small_data, write
from workers.training.batches import LONGEST, TOO_LONG_TO_TRUST, encode, plan, tensors
from workers.training.data import Example, examples, fingerprint, held_out
from workers.training.first_mixture import NEWS_PASSES, first_mixture
from workers.training.identities import PEOPLE, counterfactuals
from workers.training.pupil import encoder_folder
from workers.training.sentences import clean_sentences, outside

CALM = (0.0,) * 6
TOXIC = (1.0, None, None, None, None, None)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small data folder."""
    return small_data(tmp_path_factory.mktemp("data"))


def test_a_blank_label_is_not_a_nought(tmp_path: Path) -> None:
    path = tmp_path / "some.csv.gz"
    write(path, [{"text": "hm", "toxicity": 0, "insult": 1}, {"text": "  ", "toxicity": 1}])

    assert examples(path) == [Example("hm", (0.0, None, None, None, 1.0, None))]


def test_copies_of_a_text_meet_in_their_fingerprint() -> None:
    assert fingerprint("You -- IDIOT!") == fingerprint("you idiot")


def test_no_dev_text_is_trained_on(data: Path) -> None:
    drawn = {fingerprint(example.text) for example in first_mixture(data, seed=1)}

    assert not drawn & held_out(data)
    assert fingerprint("jigsaw_wikipedia text 2") in drawn


def test_the_same_seed_draws_the_same_texts_in_the_same_order(data: Path) -> None:
    assert first_mixture(data, seed=1) == first_mixture(data, seed=1)
    assert first_mixture(data, seed=1) != first_mixture(data, seed=2)


def test_news_comments_come_several_times(data: Path) -> None:
    drawn = Counter(example.text for example in first_mixture(data, seed=1))

    assert drawn["civil_news text 1"] == NEWS_PASSES


def test_each_identity_is_named_as_often_in_peace_as_in_hate() -> None:
    for people in PEOPLE[:5]:
        labels = [e.toxic for e in counterfactuals() if people in e.text]
        assert labels.count(0.0) == labels.count(1.0) == 12


def test_only_sentences_that_nobody_marked_are_clean() -> None:
    text = "What a moron he is indeed, sir. The road was closed for the day! Too short."

    assert list(outside(text, [(7, 12)])) == ["The road was closed for the day!"]


def test_a_toxic_comment_without_marks_has_no_clean_sentence(tmp_path: Path) -> None:
    path = tmp_path / "spans.csv.gz"
    write(path, [{"text": "All of this sentence is somehow toxic.", "spans": "[]"}])

    assert clean_sentences([path], unseen=set()) == []


def test_clean_sentences_of_a_dev_comment_are_left_out(data: Path) -> None:
    path = data / "train" / "semeval2021_toxic_spans.csv.gz"
    text = "You are a fool. The road was closed for most of the day."

    assert [e.targets for e in clean_sentences([path], unseen=set())] == [CALM]
    assert clean_sentences([path], unseen={fingerprint(text)}) == []


def test_a_long_harmless_text_is_cut_and_a_long_toxic_one_left_out() -> None:
    long = "word " * (TOO_LONG_TO_TRUST + 1)

    encoded = encode([Example(long, CALM), Example(long, TOXIC)], tokenizer())

    assert [e.example.toxic for e in encoded] == [0.0]
    assert len(encoded[0].ids) == LONGEST


def test_every_text_is_in_one_batch_and_a_resumed_plan_skips_whole_batches() -> None:
    encoded = encode([Example(f"text {'so ' * (i % 9)}{i}", CALM) for i in range(100)], tokenizer())

    planned = plan(encoded, seed=1)

    assert sorted(id(e) for batch in planned for e in batch) == sorted(map(id, encoded))
    assert len(list(tensors(planned))) == len(list(tensors(planned, 1))) + 1


def test_an_unknown_label_has_no_weight() -> None:
    (batch,) = tensors([encode([Example("you", TOXIC)], tokenizer())])

    assert batch.known.tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    assert batch.targets.tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]


def test_the_tokens_of_marked_words_are_marked_and_the_ends_stand_for_none() -> None:
    text = "You are a moron, sir."
    unseen, seen = Example(text, TOXIC), Example(text, TOXIC, marked=((10, 15),))

    (batch,) = tensors([encode([seen, unseen], tokenizer())])

    tokens = encode([seen], tokenizer())[0].ids
    assert [t for t, mark in zip(tokens, batch.marks[0], strict=True) if mark] == tokens[4:6]
    assert batch.looked.tolist() == [[0.0, *[1.0] * (len(tokens) - 2), 0.0], [0.0] * len(tokens)]


def test_marks_are_cut_with_the_text() -> None:
    long = Example("word " * 120, CALM, marked=())

    [encoded] = encode([long], tokenizer())

    assert encoded.marks == [False] * LONGEST


def tokenizer() -> Path:
    """Return the tokenizer of the encoder that is fine-tuned."""
    return encoder_folder() / "tokenizer.json"
