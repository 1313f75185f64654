"""The detoxify library, run on the shipped weights, agrees with the engine that serves them."""

import json
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from detoxify import Detoxify

import moderation
from workers.engines.calibrated import Calibration, logits_of
from workers.engines.card import ScorerCard
from workers.engines.engine import Engine
from workers.engines.folder import CARD
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED, load_engine

COMMENTS: Final = Path(moderation.__file__).parent / "samples" / "news_comments.jsonl"
SHORT: Final = 400
"""Characters that fit into one window, so that both read the whole text."""

MEAN_TOLERANCE: Final = 0.01
LARGEST_TOLERANCE: Final = 0.25
"""Weights are the same; the served graph also rounds what flows between them to eight bits."""


@pytest.fixture(scope="module")
def comments() -> list[str]:
    """Return forty real news comments."""
    read = (json.loads(line)["body"] for line in COMMENTS.read_text("utf-8").splitlines())
    return list(islice((text for text in read if len(text) < SHORT and text.isascii()), 40))


@pytest.fixture(scope="module")
def served(comments: list[str]) -> np.ndarray:
    """Return their scores by the engine that serves."""
    engine = OnnxEngine(SHIPPED, threads=2)
    return np.array([[*scores.values()] for scores in engine.score(comments)])


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the checkpoint is rebuilt, once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def reference(cache: Path) -> Engine:
    """Return the engine that runs the library itself."""
    return load_engine("compact", cache=cache, engine="detoxify", threads=2)


def checkpoints(cache: Path) -> dict[Path, int]:
    """Return when each checkpoint was written."""
    return {path: path.stat().st_mtime_ns for path in cache.rglob("*.ckpt")}


@pytest.mark.usefixtures("reference")
def test_a_rebuilt_checkpoint_runs_in_the_library_itself(
    comments: list[str], served: np.ndarray, cache: Path
) -> None:
    (checkpoint,) = checkpoints(cache)

    library = Detoxify(checkpoint=str(checkpoint), huggingface_config_path=str(checkpoint.parent))
    predicted = library.predict(comments)

    card = ScorerCard.read(SHIPPED / CARD)
    signals, calibration = card.signals, Calibration.of(card)
    logits = logits_of(np.array([predicted[signal] for signal in signals]).T)
    calibrated = [[*calibration.scores(signals, each).values()] for each in logits]
    gaps = np.abs(np.array(calibrated) - served)
    assert gaps.mean() < MEAN_TOLERANCE
    assert gaps.max() < LARGEST_TOLERANCE


def test_the_library_as_an_engine_agrees_with_the_one_that_serves(
    comments: list[str], served: np.ndarray, reference: Engine
) -> None:
    scored = np.array([[*scores.values()] for scores in reference.score(comments)])

    assert reference.model_hash == OnnxEngine(SHIPPED, threads=2).model_hash
    gaps = np.abs(scored - served)
    assert gaps.mean() < MEAN_TOLERANCE
    assert gaps.max() < LARGEST_TOLERANCE


def test_a_rebuilt_checkpoint_is_made_once(reference: Engine, cache: Path) -> None:
    made = checkpoints(cache)

    second = load_engine("compact", cache=cache, engine="detoxify", threads=2)

    assert len(made) == 1
    assert checkpoints(cache) == made
    assert second.score(["so be it"]) == reference.score(["so be it"])
