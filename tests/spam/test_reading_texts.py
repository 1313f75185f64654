"""What the spam model reads of a text, and that its features are scikit-learn's."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import HashingVectorizer

from workers.engines.errors import ModelUnavailable
from workers.spam.hashing import char_columns, word_columns
from workers.spam.reading import as_read
from workers.spam.text_model import WEIGHTS, TextModel

WIDTH = 1 << 12
CHARS = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 5), n_features=WIDTH, alternate_sign=False
)
WORDS = HashingVectorizer(ngram_range=(1, 2), n_features=WIDTH, alternate_sign=False)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_the_features_that_scikit_learn_gives_it(text: str) -> None:
    text = "".join(ch for ch in text.lower() if not "\ud800" <= ch <= "\udfff")

    chars = char_columns(text, lengths=range(2, 6), width=WIDTH)
    words = word_columns(text, longest=2, width=WIDTH)

    assert chars.tolist() == sorted(CHARS.transform([text]).indices.tolist())
    assert words.tolist() == sorted(WORDS.transform([text]).indices.tolist())


@pytest.mark.parametrize(
    "text",
    [
        "subscribe to my channel, a b c, it's 00 000 and supercalifragilisticexpialidocious",
        "x" * 3_000,
        "čau \u4f60\u597d \U0001f42f\U0001f42f naïve words",
    ],
)
def test_long_words_and_other_scripts_have_scikit_learns_features_too(text: str) -> None:
    chars = char_columns(text, lengths=range(2, 6), width=WIDTH)
    words = word_columns(text, longest=2, width=WIDTH)

    assert chars.tolist() == sorted(CHARS.transform([text]).indices.tolist())
    assert words.tolist() == sorted(WORDS.transform([text]).indices.tolist())


def test_a_link_is_read_as_its_host_and_a_number_as_its_length() -> None:
    assert as_read("Go to https://Shop.example/a?b=1 or ring 0170-123").split() == [
        *("go", "to", "http://", "shop.example", "or", "ring", "0000-000")
    ]


def test_markup_is_not_read_but_where_its_links_lead_is() -> None:
    marked = 'Good<br />one <a href="http://shop.example/x">here</a> &#39;yes&#39;'

    assert as_read(marked).split() == ["good", "one", "http://", "shop.example", "here", "'yes'"]


def test_a_moment_of_a_video_is_no_link() -> None:
    moment = '<a href="http://www.youtube.com/watch?v=x&amp;t=2m19s">2:19</a> is the best'

    assert as_read(moment).split() == ["0:00", "is", "the", "best"]


def test_a_disguised_word_is_read_as_what_it_looks_like() -> None:
    assert as_read("\uff33ubs\u0441ribe") == "subscribe"


def test_a_word_without_end_is_cut_short() -> None:
    assert len(as_read("ab" * 5_000)) == 40


def test_rows_have_unit_length_and_a_text_without_letters_an_empty_one() -> None:
    rows = TextModel.untaught().features(["Subscribe to my channel", "", "\U0001f42f"])

    assert rows.shape == (3, TextModel.width)
    assert np.sqrt(rows.multiply(rows).sum(axis=1)).ravel().tolist() == [
        pytest.approx([1.0, 0.0, 1.0])
    ]


def test_a_text_has_the_same_features_alone_and_among_others() -> None:
    model, texts = TextModel.untaught(), ["Buy it", "", "What a thoughtful article, thank you."]

    together = model.features(texts).toarray()

    assert [row.tolist() for row in together] == [
        model.features([text]).toarray()[0].tolist() for text in texts
    ]


def test_no_texts_have_no_features() -> None:
    assert TextModel.untaught().features([]).shape == (0, TextModel.width)


def test_weights_that_are_written_are_read_again(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    model = TextModel(chance.normal(size=TextModel.width).astype(np.float32), 0.5)
    texts = model.features(["one text", "and another"])

    model.write(tmp_path)

    assert TextModel.read(tmp_path).logits(texts) == pytest.approx(model.logits(texts), abs=0.002)


def test_the_same_weights_are_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for _ in range(2):
        TextModel.untaught().write(tmp_path)
        written.append((tmp_path / WEIGHTS).read_bytes())

    assert written[0] == written[1]


def test_weights_that_are_none_are_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).bytes(200)
    (tmp_path / WEIGHTS).write_bytes(noise)
    np.savez(tmp_path / "short.npz", weights=np.zeros(3), offset=0.0)

    with pytest.raises(ModelUnavailable, match="are no weights"):
        TextModel.read(tmp_path)
    (tmp_path / "short.npz").replace(tmp_path / WEIGHTS)
    with pytest.raises(ModelUnavailable, match="are no weights"):
        TextModel.read(tmp_path)
    with pytest.raises(ModelUnavailable, match="are no weights"):
        TextModel.read(tmp_path / "nowhere")
