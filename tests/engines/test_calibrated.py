"""Scores become probabilities as the card tells; a card that tells nonsense is refused."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from workers.engines.cached import CachedEngine
from workers.engines.calibrated import NOT_CALIBRATED, Calibration, Curve, logits_of, sigmoid
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CARD, TOKENIZER, seal
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED
from workers.engines.windows import Windows
from workers.scorers.toxicity import ToxicityScorer

TEXTS = ["Thank you for the report.", "what an idiot", "You are a stupid, worthless idiot."]
TOXICITY = {"low": 0.75, "high": 1.15, "offset": -1.9, "base_rate": 0.1}
CALIBRATION: dict[str, Any] = {"form": "beta", "signals": {"toxicity": TOXICITY}}

slopes = st.floats(0.05, 10.0)


def card(calibration: Mapping[str, Any]) -> ScorerCard:
    return replace(ScorerCard.read(SHIPPED / CARD), calibration=calibration)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the model that ships, its toxicity calibrated."""
    made = Path(shutil.copytree(SHIPPED, tmp_path_factory.mktemp("model") / "calibrated"))
    card(CALIBRATION).write(made / CARD)
    seal(made)
    return made


@pytest.fixture(scope="module")
def engine(folder: Path) -> OnnxEngine:
    return OnnxEngine(folder)


@pytest.fixture(scope="module")
def plain(folder: Path) -> OnnxEngine:
    return OnnxEngine(folder, calibrated=False)


@given(slopes, slopes, st.floats(-20.0, 20.0))
def test_a_curve_never_turns_two_texts_round(low: float, high: float, offset: float) -> None:
    logits = np.linspace(-12.0, 12.0, 200)

    found = Curve(low, high, offset, 0.1).probabilities(logits)

    assert (np.diff(found) >= 0).all()
    assert found[0] >= 0.0
    assert found[-1] <= 1.0


def test_a_plain_curve_tells_texts_apart_wherever_the_model_does() -> None:
    found = Curve(0.75, 1.15, -1.9, 0.1).probabilities(np.linspace(-15.0, 15.0, 3_000))

    assert (np.diff(found) > 0).all()


def test_a_curve_of_slopes_one_without_an_offset_changes_nothing() -> None:
    logits = np.array([-800.0, -3.0, 0.0, 2.0, 800.0])

    found = Curve(1.0, 1.0, 0.0, 0.1).probabilities(logits)

    assert found == pytest.approx(sigmoid(logits))


def test_logits_of_scores_that_were_rounded_to_certainty_are_finite() -> None:
    assert np.isfinite(logits_of([0.0, 1.0])).all()
    assert sigmoid(logits_of([0.2, 0.9])) == pytest.approx([0.2, 0.9])


def test_the_order_of_texts_stays_and_only_calibrated_signals_change(
    engine: OnnxEngine, plain: OnnxEngine
) -> None:
    after, before = engine.score(TEXTS), plain.score(TEXTS)

    ranked = [np.argsort([s["toxicity"] for s in scores]).tolist() for scores in (after, before)]
    assert ranked[0] == ranked[1]
    assert all(a["toxicity"] < b["toxicity"] for a, b in zip(after, before, strict=True))
    assert [s["insult"] for s in after] == [s["insult"] for s in before]


def test_the_hash_names_weights_and_calibration(engine: OnnxEngine, plain: OnnxEngine) -> None:
    other = {"form": "beta", "signals": {"toxicity": TOXICITY | {"offset": -1.8}}}

    hashes = [Calibration.of(card(told)).model_hash(plain.card.sha256) for told in (
        CALIBRATION, other, CALIBRATION | {"fitted_on": ["news"]}
    )]  # fmt: skip

    assert plain.model_hash == plain.card.sha256
    assert engine.model_hash == hashes[0] == hashes[2]
    assert len({plain.model_hash, *hashes}) == 3


def test_what_is_remembered_is_of_one_calibration(engine: OnnxEngine, plain: OnnxEngine) -> None:
    [remembered] = CachedEngine(engine, kept=10).score(TEXTS[1:2])

    assert remembered == engine.score(TEXTS[1:2])[0]
    assert CachedEngine(engine, kept=1).model_hash != CachedEngine(plain, kept=1).model_hash


def test_a_scorer_tells_the_base_rates_at_which_its_scores_hold(engine: OnnxEngine) -> None:
    assert ToxicityScorer(engine).base_rates == {"toxicity": 0.1}


def test_a_card_without_a_calibration_leaves_the_models_own_scores() -> None:
    assert Calibration.of(card({})) is NOT_CALIBRATED
    assert NOT_CALIBRATED.base_rates == {}
    assert NOT_CALIBRATED.scores(("toxicity",), [0.0]) == {"toxicity": 0.5}


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"form": "isotonic"}, "its form is 'isotonic'"),
        ({"form": None}, "its form is None"),
        ({"signals": {"sarcasm": TOXICITY}}, "the model gives no sarcasm"),
        ({"signals": {"toxicity": {"low": 1.0}}}, "'high'"),
        ({"signals": {"toxicity": TOXICITY | {"low": 0.0}}}, "does not rise"),
        ({"signals": {"toxicity": TOXICITY | {"high": -1.0}}}, "does not rise"),
        ({"signals": {"toxicity": TOXICITY | {"offset": float("nan")}}}, "does not rise"),
        ({"signals": {"toxicity": TOXICITY | {"base_rate": 0.0}}}, "a base rate that is none"),
        ({"signals": {"toxicity": TOXICITY | {"base_rate": "often"}}}, "often"),
        ({"signals": {"toxicity": None}}, "subscriptable"),
        ({"signals": 7}, "cannot be used"),
    ],
)
def test_a_calibration_that_cannot_be_followed_is_refused(
    broken: dict[str, Any], told: str
) -> None:
    with pytest.raises(ModelUnavailable, match=told):
        Calibration.of(card(CALIBRATION | broken))


def test_a_folder_with_a_broken_calibration_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "spoilt"))
    card(CALIBRATION | {"form": "guess"}).write(spoilt / CARD)
    seal(spoilt)

    with pytest.raises(ModelUnavailable, match="calibration that cannot be used"):
        OnnxEngine(spoilt)


def test_the_library_is_calibrated_as_the_served_model_is() -> None:
    from workers.engines.detoxify import DetoxifyEngine  # noqa: PLC0415 - takes a while

    windows = Windows(Tokenizer.from_file(str(SHIPPED / TOKENIZER)), 128)
    told = replace(card(CALIBRATION), signals=("toxicity", "insult"))
    found = {"toxicity": 0.9, "insult": 0.4}

    calibrated = DetoxifyEngine(lambda _: found, windows, told)
    plain = DetoxifyEngine(lambda _: found, windows, replace(told, calibration={}))

    curve = Calibration.of(told).curves["toxicity"]
    [scores] = calibrated.score(["hm"])
    assert scores["toxicity"] == pytest.approx(float(curve.probabilities(logits_of(0.9))))
    assert scores["insult"] == pytest.approx(0.4)
    assert plain.score(["hm"]) == [found]
    assert calibrated.model_hash != plain.model_hash == told.sha256
