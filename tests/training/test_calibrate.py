"""Calibration is fitted on one half, judged by the other, and kept on the card."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.training.given import write
from workers.engines.calibrated import Calibration, Curve, logits_of, sigmoid
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CARD, ModelFolder
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED
from workers.evaluation.calibration import weights
from workers.evaluation.halves import is_fitted_on
from workers.evaluation.metrics import Numbers
from workers.training.__main__ import main
from workers.training.calibrate import (
    FITTED_ON,
    NOT_CALIBRATED,
    as_markdown,
    calibrate,
    calibrated,
)
from workers.training.curves import FLATTEST, fit_curve
from workers.training.data import LABELS
from workers.training.scored import ScoredSet

LARGEST_ERROR: Final = 0.03
FEWEST_TO_JUDGE_BY: Final = 200
"""Texts; with the 83 news comments that have the rarer labels even true probabilities err more."""

TRUE: Final = Curve(0.8, 1.2, -1.5, 0.1)


def drawn(texts: int, *, seed: int = 1) -> tuple[Numbers, Numbers]:
    """Draw scores of a model that promises too much, and labels as `TRUE` tells them."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(-1.0, 2.5, texts)
    return (chance.random(texts) < TRUE.probabilities(logits)).astype(float), sigmoid(logits)


def made(name: str, texts: int, *, seed: int = 1) -> ScoredSet:
    labels, scores = drawn(texts, seed=seed)
    return ScoredSet(
        name,
        [{"id": f"{name}-{i}"} for i in range(texts)],
        dict.fromkeys(LABELS, scores),
        dict.fromkeys(LABELS, np.full(texts, np.nan)) | {"toxicity": labels},
    )


@pytest.fixture
def card() -> ScorerCard:
    """Return the card of the model that ships, before it was calibrated."""
    shipped = ScorerCard.read(SHIPPED / CARD)
    return replace(shipped, calibration={}, known_biases=("English only.", NOT_CALIBRATED))


def test_a_curve_finds_the_truth_that_labels_were_drawn_from() -> None:
    labels, scores = drawn(40_000)

    found = fit_curve(labels, logits_of(scores), weights(labels, None), 0.1)

    asked = np.linspace(-5.0, 5.0, 11)
    assert found.probabilities(asked) == pytest.approx(TRUE.probabilities(asked), abs=0.03)


def test_a_curve_rises_even_where_the_labels_say_the_opposite() -> None:
    labels, scores = drawn(2_000)

    found = fit_curve(1.0 - labels, logits_of(scores), weights(1.0 - labels, None), 0.1)

    assert (found.low, found.high) == (FLATTEST, FLATTEST)


def test_labels_that_the_scores_tell_apart_without_a_mistake_give_a_finite_curve() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9])
    labels = (scores > 0.5).astype(float)

    found = fit_curve(labels, logits_of(scores), weights(labels, 0.1), 0.1)

    assert found.high < 1_000


def test_the_error_on_the_other_half_falls_to_what_is_promised(card: ScorerCard) -> None:
    found = calibrated(card, [made("talk", 8_000), made("news", 8_000, seed=2)])

    told = found.calibration["signals"]["toxicity"]
    assert told["error"].keys() == {"talk", "news", "pooled"}
    for each in told["error"].values():
        assert each["after"] <= LARGEST_ERROR < each["before"]
    assert Calibration.of(found).base_rates == {"toxicity": 0.1}
    assert found.known_biases == ("English only.",)
    assert "| `toxicity` | 10.0% | pooled |" in as_markdown(found)


def test_no_row_is_in_both_halves_and_every_row_is_in_one(card: ScorerCard) -> None:
    scored = made("talk", 1_000)

    told = calibrated(card, [scored]).calibration["signals"]["toxicity"]

    fitted = sum(is_fitted_on(row) for row in scored.rows)
    assert told["fitted"]["talk"]["texts"] == fitted
    assert told["error"]["talk"]["texts"] == 1_000 - fitted
    assert 400 < fitted < 600


def test_too_few_labels_calibrate_nothing(card: ScorerCard) -> None:
    with pytest.raises(ModelUnavailable, match="too few labels"):
        calibrated(card, [made("talk", 8)])


def test_the_shipped_cards_errors_are_as_small_as_is_promised() -> None:
    card = ScorerCard.read(SHIPPED / CARD)

    assert (NOT_CALIBRATED in card.known_biases) == (not card.calibration)
    for told in card.calibration.get("signals", {}).values():
        judged = [e for e in told["error"].values() if e["texts"] >= FEWEST_TO_JUDGE_BY]
        assert judged
        assert all(each["after"] <= LARGEST_ERROR for each in judged)


def test_one_command_calibrates_a_model_and_seals_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "model"))
    rows = [
        {"id": i, "text": f"{'You idiot' if i % 3 else 'Thanks'} {i}", "toxicity": i % 2}
        for i in range(60)
    ]
    for name in FITTED_ON:
        write(tmp_path / "data" / "dev" / f"{name}.csv.gz", rows)
    data = tmp_path / "data"

    assert main(["calibrate", "--data", str(data), "--model", str(folder)]) == 0
    first = ModelFolder.open(folder).card
    calibrate(folder, data)

    assert ModelFolder.open(folder).card == first  # fitted on the model's own scores each time
    assert first.calibration["fitted_on"] == list(FITTED_ON)
    assert list(first.calibration["signals"]) == ["toxicity"]
    assert OnnxEngine(folder).model_hash != first.sha256
    assert capsys.readouterr().out == as_markdown(first)
