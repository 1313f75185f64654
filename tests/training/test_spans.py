"""The lexicon and the bar for words come from the data, and not from what is kept for trials."""

import json
from pathlib import Path

import pytest

from tests.engines.headed import headed_model
from tests.training.given import write
from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, ModelFolder
from workers.engines.onnx import OnnxEngine
from workers.training.lexicon import make_lexicon
from workers.training.spans import TRAIN, TRIAL, chooses_bar, write_spans


@pytest.fixture
def data(tmp_path: Path) -> Path:
    marked = [f"the turnip wrote letter {i}" for i in range(60)]
    for folder, name, texts in (
        ("train", TRAIN, marked),
        ("dev", TRIAL, ["what a turnip he is, that turnip"]),
    ):
        rows = [{"text": text, "spans": json.dumps(list(range(4, 10)))} for text in texts]
        write(tmp_path / folder / f"{name}.csv.gz", rows)
    return tmp_path


def test_the_bar_is_chosen_on_a_part_of_the_train_set_and_told_with_what_it_does(
    data: Path, tmp_path: Path
) -> None:
    folder = headed_model(tmp_path / "model", "turnip")

    spans = write_spans(folder, data).spans

    assert ScorerCard.read(folder / CARD).spans == spans
    assert ModelFolder.open(folder).card.spans["threshold"] == spans["threshold"]
    chosen = spans["chosen_on"]
    assert chosen["f1"] == 1.0
    assert 0 < chosen["texts"] < 30
    assert spans["f1"][TRIAL] < 0.5
    assert OnnxEngine(folder).mark("the turnip") == [(4, 10)]


def test_the_part_that_chooses_the_bar_does_not_depend_on_how_a_text_is_written() -> None:
    texts = [f"the turnip wrote letter {i}" for i in range(300)]

    assert 15 < sum(map(chooses_bar, texts)) < 50
    assert all(chooses_bar(text) == chooses_bar(text.upper() + "!") for text in texts)


def test_the_lexicon_holds_toxic_words_and_no_group(tmp_path: Path) -> None:
    rows = [
        {
            "text": f"{'Muslim turnip' if i % 2 else 'kind people'} number {i}",
            "toxicity": i % 2,
        }
        for i in range(60)
    ]
    write(tmp_path / "train" / "talk.csv.gz", rows)
    write(tmp_path / "dev" / "kept.csv.gz", [{"text": "kept"}])

    count = make_lexicon(tmp_path, tmp_path / "lexicon.csv", take={"talk": 50})

    lines = (tmp_path / "lexicon.csv").read_text().splitlines()
    assert count == 1
    assert [line.split(",")[0] for line in lines] == ["word", "turnip"]
