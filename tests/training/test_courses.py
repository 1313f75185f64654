"""The courses of training give one model, and what was given is kept."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from tests.training.given import small_data
from tests.training.test_train import SMALL
from workers.training import courses
from workers.training.courses import averaged, taught, write_checkpoint
from workers.training.data import LABELS, Example
from workers.training.dequantise import CHECKPOINT
from workers.training.library import Loaded, build, read_checkpoint
from workers.training.pupil import Pupil, encoder_folder
from workers.training.train import Recipe
from workers.training.words import WordsHead


def head(value: float) -> WordsHead:
    """Return a head for words all of whose weights are *value*."""
    made = WordsHead((0, 2), SMALL["hidden_size"], 4)
    for weights in made.parameters():
        torch.nn.init.constant_(weights, value)
    return made


def pupil(value: float) -> Pupil:
    """Return a small pupil all of whose weights are *value*."""
    made = Pupil(
        BertForSequenceClassification(BertConfig.from_pretrained(encoder_folder(), **SMALL))
    )
    for weights in made.parameters():
        torch.nn.init.constant_(weights, value)
    return made


def written(value: float, files: Path, *, words: bool) -> Loaded:
    """Write a small pupil as a checkpoint, and read it again."""
    write_checkpoint(pupil(value).model, files, words=head(value) if words else None)
    return build(read_checkpoint(files / CHECKPOINT), files)


def classifier(loaded: Loaded) -> torch.Tensor:
    """Return the weights of the last layer."""
    weights: torch.Tensor = loaded.model.state_dict()["classifier.weight"]
    return weights


def test_a_checkpoint_keeps_the_head_for_words_if_it_was_taught(tmp_path: Path) -> None:
    taught_words = written(0.25, tmp_path / "words", words=True)
    without = written(0.25, tmp_path / "without", words=False)

    assert taught_words.words is not None
    assert set(taught_words.words.last.weight.flatten().tolist()) == {0.25}
    assert taught_words.words.layers == (0, 2)
    assert without.words is None
    assert taught_words.signals == LABELS


def test_an_average_lies_between_both_and_tells_words_as_the_first_does(tmp_path: Path) -> None:
    high, low = (written(v, tmp_path / str(v), words=v > 1) for v in (3.0, 1.0))

    mixed = averaged(high, low, 0.25)

    assert set(classifier(mixed).flatten().tolist()) == {1.5}
    assert mixed.words is not None
    assert set(mixed.words.last.weight.flatten().tolist()) == {3.0}


def test_the_second_course_goes_on_from_the_first_and_none_is_given_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[float] = []
    learnt: list[int] = []
    small_data(tmp_path)

    def train(_: Sequence[Example], _folder: Path, _recipe: Recipe, given: Pupil) -> Pupil:
        """Add one to every weight, as if something had been learnt."""
        began.append(given.model.classifier.weight[0, 0].item())
        with torch.no_grad():
            for weights in given.parameters():
                weights.add_(1.0)
        return given

    def teach_words(*_: object) -> WordsHead:
        learnt.append(1)
        return head(1.0)

    monkeypatch.setattr(courses, "train", train)
    monkeypatch.setattr(courses, "fresh_model", lambda: pupil(0.0).model)
    monkeypatch.setattr(courses, "teach_words", teach_words)
    for course in ("FIRST", "SECOND"):
        kept = getattr(courses, course)
        monkeypatch.setattr(courses, course, courses.Course(kept.name, lambda *_: [], kept.recipe))

    once = taught(tmp_path, tmp_path / "work", share=1.0, threads=1)
    again = taught(tmp_path, tmp_path / "work", share=1.0, threads=1)

    assert began == [0.0, 1.0]
    assert learnt == [1]
    between = 1.0 + courses.SHARE_OF_SECOND
    assert classifier(once)[0, 0].item() == pytest.approx(between)
    assert torch.equal(classifier(once), classifier(again))
    assert once.words is not None
