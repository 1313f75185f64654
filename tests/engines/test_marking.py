"""Words are found where they stand in the text that was given, however it is read."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from tests.builders import a_comment, a_site
from tests.engines.conftest import Convert
from tests.engines.headed import headed_model
from workers.engines.cached import CachedEngine
from workers.engines.folder import TOKENIZER
from workers.engines.lexicon import marked_by_lexicon
from workers.engines.onnx import OnnxEngine
from workers.engines.reading import for_wordpiece, traced_for_wordpiece
from workers.engines.registry import SHIPPED
from workers.engines.weighing import Bar, Weighed, by_word, heavy, words_in
from workers.engines.windows import Windows
from workers.scorers.toxicity import ToxicityScorer

LIMIT = 32
SITE = a_site()


@pytest.fixture(scope="module")
def windows() -> Windows:
    return Windows(Tokenizer.from_file(str(SHIPPED / TOKENIZER)), LIMIT)


@pytest.fixture(scope="module")
def engine(converted: Convert) -> OnnxEngine:
    return OnnxEngine(converted("bert")[1])


@pytest.mark.parametrize(
    "text",
    ["plain", "you\U0001f595\U0001f595 fool", "x" * 70 + " idiot " + "y" * 40, "\U0001f1eb a"],
)
def test_a_traced_text_reads_as_an_untraced_one_does(text: str) -> None:
    assert traced_for_wordpiece(text).text == for_wordpiece(text)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\U0001f921 \U0001f595\U0001f595 ",
        "z" * 90 + " ",
        "One. Two words. " * 40,
        "\ud800 ",
        "a\u16ff ",
    ],
    ids=["nothing", "emoji", "an endless word", "sentences", "a surrogate", "an unknown letter"],
)
def test_a_token_knows_where_it_stood(before: str, windows: Windows) -> None:
    text = before + "turnip"

    places = {p for w in windows.traced(text) for told in w.places for p in told if p}

    assert any(text[start:end] in "turnip" and start >= len(before) for start, end in places)
    assert all(0 <= start < end <= len(text) for start, end in places)


def test_what_is_said_again_is_read_once_and_found_everywhere(windows: Windows) -> None:
    text = "The council met on Tuesday and it will meet again on Friday, as it always does.\n"

    traced = list(windows.traced(text * 50))

    assert len(traced) < 5
    starts = {p[0] for w in traced for told in w.places for p in told if p}
    assert {i * len(text) for i in range(50)} <= starts


def test_no_traced_window_is_longer_than_the_model_reads(windows: Windows) -> None:
    for text in ("a" * 5000, "word " * 900, "?!" * 900):
        assert all(len(each.ids) <= LIMIT for each in windows.traced(text))


def test_a_word_weighs_the_mean_of_its_tokens_and_marks_between_words_weigh_nothing() -> None:
    words = words_in("big idiot!")

    weighed = by_word(words, [((4, 7), 0.9), ((7, 9), 0.5), ((9, 10), 1.0)])

    assert [(each.place, each.weight) for each in weighed] == [((0, 3), 0.0), ((4, 9), 0.7)]


def test_a_word_is_marked_at_the_bar_and_beside_a_heavier_one_only_near_it() -> None:
    bar = Bar(least=0.3, share=0.5)
    light, middling = Weighed((0, 1), 0.3), Weighed((2, 3), 0.6)

    assert heavy([light], bar) == [(0, 1)]
    assert heavy([light, middling], bar) == [(0, 1), (2, 3)]
    assert heavy([light, Weighed((2, 3), 0.61)], bar) == [(2, 3)]
    assert heavy([], bar) == []


def test_a_model_without_a_head_marks_by_the_lexicon(engine: OnnxEngine) -> None:
    text = "What an idiot he is, that mayor."

    assert engine.mark(text) == marked_by_lexicon(text) == [(8, 13)]
    assert CachedEngine(engine, kept=1).mark(text) == [(8, 13)]


def test_harmless_words_and_names_of_groups_are_not_in_the_lexicon() -> None:
    assert marked_by_lexicon("The Muslim woman and her gay friends read the paper.") == []


def test_a_mark_lands_on_what_the_reader_wrote(engine: OnnxEngine) -> None:
    body = "he is an i\u200bd\u200bi\u200bo\u200bt, sadly"

    [(start, end)] = ToxicityScorer(engine).mark(a_comment(SITE, body))

    assert body[start:end].replace("\u200b", "") == "idiot"


def test_a_model_with_an_output_for_words_marks_by_it_wherever_they_stand(tmp_path: Path) -> None:
    engine = OnnxEngine(headed_model(tmp_path / "model", "turnip"))
    text = "\U0001f600 Well said, I think. " * 30 + "You turnip\U0001f921!"

    [(start, end)] = engine.mark(text)

    assert text[start:end] == "turnip"
    assert engine.score([text])[0]["toxicity"] > 0.9
    assert engine.mark("What an idiot") == []
