"""An evaluation of spam counts right, and its page and tables hold what it found."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moderation.cli.spam_tables import show_spam
from tests.evaluation.given import TODAY, Bars, jsonl
from tests.spam.given import model
from workers.evaluation.html import spam_page
from workers.evaluation.reading import UnreadableData, spam_sets
from workers.evaluation.spam import evaluate_spam
from workers.evaluation.spam_figures import false_alarms, spam_figures
from workers.spam.model import SpamModel

TOY = model({"follow": 6.0, "own_work": 3.0})


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return {
        "videos": jsonl(
            tmp_path / "videos.jsonl",
            {"text": "please subscribe to my channel", "spam": 1},
            {"text": "look over there", "spam": 1},
            {"text": "a fine song", "spam": 0},
            {"text": "abonniere bitte, subscribe", "spam": 0, "lang": "de"},
        ),
        "news": jsonl(
            tmp_path / "news.jsonl",
            {"text": "subscribe to the truth", "toxicity": 0},
            {"text": "a fine article", "toxicity": 0.2},
            {"text": "subscribe, idiot", "toxicity": 1},
        ),
        "unlabelled": jsonl(tmp_path / "unlabelled.jsonl", {"text": "subscribe"}),
    }


def evaluated(files: dict[str, Path], by: SpamModel = TOY) -> dict[str, Any]:
    return evaluate_spam(by, files, limit=None, begin=Bars().begin, today=TODAY)


def test_recall_precision_and_f1_are_counted_at_each_threshold() -> None:
    spam = np.array([True, True, True, False])

    found = spam_figures(spam, np.array([0.9, 0.6, 0.1, 0.7]), at={"hold": 0.6, "reject": 0.95})

    assert found["auc"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["at"]["hold"] == {"recall": 0.6667, "precision": 0.6667, "f1": 0.6667}
    assert found["at"]["reject"] == {"recall": 0.0, "precision": None, "f1": 0.0}


def test_without_both_kinds_there_is_no_auc() -> None:
    assert spam_figures(np.array([True]), np.array([0.9]), at={})["auc"] is None


def test_false_alarms_are_the_share_that_reaches_a_probability() -> None:
    found = false_alarms(np.array([0.05, 0.1, 0.6, 0.99]), at={"hold": 0.6})

    assert found["at"] == {"hold": 0.5}
    assert found["reaching"]["0.10"] == 0.75
    assert found["reaching"]["0.95"] == 0.25


def test_labelled_sets_and_harmless_ones_are_told_apart(files: dict[str, Path]) -> None:
    found = evaluated(files)

    assert list(found["labelled"]) == ["videos"]
    assert found["labelled"]["videos"]["texts"] == 3  # without the German one
    assert found["labelled"]["videos"]["at"]["hold"]["recall"] == 0.5
    assert not found["labelled"]["videos"]["taught"]
    assert list(found["clean"]) == ["news"]
    assert found["clean"]["news"]["texts"] == 2
    assert found["clean"]["news"]["at"]["hold"] == 0.5


def test_nothing_to_measure_is_told(files: dict[str, Path]) -> None:
    with pytest.raises(UnreadableData, match="no text to measure"):
        evaluated({"unlabelled": files["unlabelled"]})


def test_labelled_spam_is_looked_for_in_the_training_folder_too(tmp_path: Path) -> None:
    for folder, names in (("train", ("a_spam", "other")), ("dev", ("news",))):
        (tmp_path / folder).mkdir()
        for name in names:
            jsonl(tmp_path / folder / f"{name}.jsonl", {"text": "x"})

    assert list(spam_sets(tmp_path)) == ["a_spam", "news"]


def test_the_page_and_the_tables_tell_what_was_not_taught_beside_what_was(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    found = evaluated(files, SpamModel.read())

    page = spam_page(found)
    show_spam(found)

    tables = capsys.readouterr().out
    for told in (page, tables):
        assert all(name in told for name in ("videos", "news", "KatyPerry", "all of sms"))
    assert "subscribe" not in page
    assert "NOT TAUGHT, FROM THE CARD" in tables


def test_a_model_whose_card_tells_nothing_of_it_has_a_page_too(files: dict[str, Path]) -> None:
    found = evaluated(files)

    assert "What it was not taught" not in spam_page(found)
    show_spam(found)
