"""The detoxify library, run on the shipped weights, agrees with the engine that serves them."""

import json
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from detoxify import Detoxify

import moderation
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED, load_engine
from workers.training.dequantise import dequantise

COMMENTS: Final = Path(moderation.__file__).parent / "samples" / "news_comments.jsonl"
SHORT: Final = 400
"""Characters that fit into one window, so that both read the whole text."""

MEAN_TOLERANCE: Final = 0.01
LARGEST_TOLERANCE: Final = 0.25
"""Weights are the same; the served graph also rounds what flows between them to eight bits."""


@pytest.fixture(scope="module")
def comments() -> list[str]:
    """Return a hundred real news comments."""
    read = (json.loads(line)["body"] for line in COMMENTS.read_text("utf-8").splitlines())
    return list(islice((text for text in read if len(text) < SHORT and text.isascii()), 100))


@pytest.fixture(scope="module")
def served(comments: list[str]) -> np.ndarray:
    """Return their scores by the engine that serves."""
    engine = OnnxEngine(SHIPPED, threads=2)
    return np.array([[*scores.values()] for scores in engine.score(comments)])


def test_a_rebuilt_checkpoint_runs_in_the_library_itself(
    comments: list[str], served: np.ndarray, tmp_path: Path
) -> None:
    checkpoint = dequantise(SHIPPED, tmp_path)

    library = Detoxify(checkpoint=str(checkpoint), huggingface_config_path=str(tmp_path))
    predicted = library.predict(comments)

    signals = json.loads((SHIPPED / "card.json").read_text("utf-8"))["signals"]
    gaps = np.abs(np.array([predicted[signal] for signal in signals]).T - served)
    assert gaps.mean() < MEAN_TOLERANCE
    assert gaps.max() < LARGEST_TOLERANCE


def test_the_library_as_an_engine_agrees_with_the_one_that_serves(
    comments: list[str], served: np.ndarray, tmp_path: Path
) -> None:
    reference = load_engine("compact", cache=tmp_path, engine="detoxify", threads=2)

    scored = np.array([[*scores.values()] for scores in reference.score(comments)])

    assert reference.model_hash == OnnxEngine(SHIPPED).model_hash
    gaps = np.abs(scored - served)
    assert gaps.mean() < MEAN_TOLERANCE
    assert gaps.max() < LARGEST_TOLERANCE


def test_a_rebuilt_checkpoint_is_made_once(tmp_path: Path) -> None:
    first = load_engine("compact", cache=tmp_path, engine="detoxify")
    made = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.ckpt")}

    second = load_engine("compact", cache=tmp_path, engine="detoxify")

    assert len(made) == 1
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.ckpt")} == made
    assert first.score(["so be it"]) == second.score(["so be it"])
