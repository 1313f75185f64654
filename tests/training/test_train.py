"""A training that is stopped goes on where it was, as if nobody had stopped it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from workers.training import train as training
from workers.training.batches import Batch, Encoded, tensors
from workers.training.data import LABELS, Example
from workers.training.pupil import encoder_folder, masked_loss, words_loss
from workers.training.train import STATE, Recipe, Run, train

RECIPE = Recipe(warm_up=2, threads=1, save_every_s=0.0, words_weight=0.5)
TEXTS = [
    Example(
        f"reader {i} is {'an idiot ' * (i % 3)}{'indeed ' * (i % 7)}",
        (float(i % 2), *[None] * 5),
        ((0, 6),) if i % 3 else None,
    )
    for i in range(200)
]
STEPS = 7
SMALL: Final[dict[str, Any]] = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "num_labels": len(LABELS),
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}

Tensors = Callable[[Sequence[Sequence[Encoded]], int], Iterator[Batch]]


def small_model() -> BertForSequenceClassification:
    """Build two narrow layers in place of the encoder."""
    return BertForSequenceClassification(BertConfig.from_pretrained(encoder_folder(), **SMALL))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "fresh_model", small_model)


def stopped_after(steps: int) -> Tensors:
    """Give so many batches, then what Ctrl-C gives."""

    def give(planned: Sequence[Sequence[Encoded]], start: int) -> Iterator[Batch]:
        yield from list(tensors(planned, start))[:steps]
        raise KeyboardInterrupt

    return give


def test_a_run_stopped_twice_ends_with_the_weights_of_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train(TEXTS, tmp_path / "whole", RECIPE).state_dict()

    for steps in (2, 3):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(training, "tensors", stopped_after(steps))
            train(TEXTS, tmp_path / "stopped", RECIPE)
    resumed = train(TEXTS, tmp_path / "stopped", RECIPE).state_dict()

    saved = torch.load(tmp_path / "stopped" / STATE, weights_only=True)
    assert saved["step"] == STEPS
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_finished_run_is_not_trained_further(tmp_path: Path) -> None:
    once = train(TEXTS, tmp_path, RECIPE).state_dict()

    again = train(TEXTS, tmp_path, RECIPE).state_dict()

    assert all(torch.equal(once[name], again[name]) for name in once)


def test_learning_lowers_the_loss() -> None:
    run = Run(Recipe(rate=1e-3, head_rate=1e-2, warm_up=1), steps=30)
    ids = torch.arange(1000, 1064).reshape(8, 8)
    ones = torch.ones(8, len(LABELS))
    no_marks = torch.zeros(ids.shape)
    batch = Batch(ids, torch.ones_like(ids), ones, ones, no_marks, no_marks)

    losses = [run.learn(batch) for _ in range(30)]

    assert losses[-1] < losses[0] / 2


def test_a_label_that_nobody_gave_changes_no_loss() -> None:
    logits = torch.tensor([[0.0, 5.0, -5.0, 1.0, 2.0, 3.0]])
    known = torch.tensor([[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
    ids = torch.ones(1, 2, dtype=torch.long)
    targets = torch.tensor([[1.0, 0.0, 1.0, 0.0, 1.0, 0.0]])
    batch = Batch(ids, ids, targets, known, ids.float(), ids.float())

    assert masked_loss(logits, batch).item() == pytest.approx(0.6931, abs=1e-4)


def test_words_are_learnt_from_the_texts_in_which_somebody_marked_them() -> None:
    logits = torch.tensor([[0.0, 9.0], [9.0, 9.0]])
    marks, looked = torch.zeros(2, 2), torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    ids = torch.ones(2, 2, dtype=torch.long)
    labels = torch.zeros(2, len(LABELS))
    batch = Batch(ids, ids, labels, labels, marks, looked)

    assert words_loss(logits, batch).item() == pytest.approx(0.6931, abs=1e-4)


def test_frozen_layers_stay_as_they_were() -> None:
    run = Run(Recipe(rate=1e-2, warm_up=1, frozen=1), steps=2)
    ids = torch.arange(1000, 1016).reshape(2, 8)
    ones = torch.ones(2, len(LABELS))
    no_marks = torch.zeros(ids.shape)
    before = [weights.clone() for weights in dense_weights(run)]

    run.learn(Batch(ids, torch.ones_like(ids), ones, ones, no_marks, no_marks))

    lower, upper = dense_weights(run)
    assert torch.equal(lower, before[0])
    assert not torch.equal(upper, before[1])


def dense_weights(run: Run) -> list[torch.Tensor]:
    """Return some weights of each layer, the lowest first."""
    state = run.pupil.model.state_dict()
    return [state[f"bert.encoder.layer.{i}.output.dense.weight"] for i in range(2)]
