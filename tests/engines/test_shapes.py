"""Every shape of model that Detoxify publishes is served as the library itself would."""

from pathlib import Path

import numpy as np
import pytest
from detoxify import Detoxify

from tests.engines.conftest import Convert
from tests.engines.tiny import SHAPES, SIGNALS
from workers.engines.detoxify import load as load_library
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import resolve
from workers.training.convert import convert
from workers.training.library import build, read_checkpoint

TEXTS = ["you are an idiot", "good morning, all!", "b", "", "what a day it was, 1 of 7"]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_signals_are_those_that_the_checkpoint_names(shape: str, converted: Convert) -> None:
    _, folder = converted(shape)

    assert OnnxEngine(folder).signals == SIGNALS[shape]


@pytest.mark.parametrize("shape", SHAPES)
def test_unquantised_weights_score_exactly_as_the_library(
    shape: str, converted: Convert, tmp_path: Path
) -> None:
    checkpoint, folder = converted(shape)
    loaded = build(read_checkpoint(checkpoint.path), checkpoint.files)
    convert(loaded, OnnxEngine(folder).card, tmp_path, eight_bit=False)

    scored = OnnxEngine(tmp_path).score(TEXTS)

    library = Detoxify(
        checkpoint=str(checkpoint.path), huggingface_config_path=str(checkpoint.files)
    )
    for text, scores in zip(TEXTS, scored, strict=True):
        assert scores == pytest.approx(library.predict(text), abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_served_weights_stay_close_to_the_library(
    shape: str, converted: Convert, tmp_path: Path
) -> None:
    checkpoint, folder = converted(shape)
    served = OnnxEngine(folder).score(TEXTS)

    reference = load_library(str(checkpoint.path), folder, tmp_path).score(TEXTS)

    gaps = [
        abs(a[s] - b[s]) for a, b in zip(served, reference, strict=True) for s in SIGNALS[shape]
    ]
    assert np.mean(gaps) < 0.05


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_text_is_read_to_its_end(shape: str, converted: Convert) -> None:
    _, folder = converted(shape)
    engine = OnnxEngine(folder)
    padding = "all is well, " * 40

    alone, buried, calm = engine.score(["you idiot!", f"{padding}you idiot!", padding])

    assert buried != calm
    assert set(alone) == set(buried) == set(SIGNALS[shape])


def test_a_checkpoint_given_by_path_is_converted_once(converted: Convert, tmp_path: Path) -> None:
    checkpoint, _ = converted("bert")
    folder = resolve(str(checkpoint.path), tmp_path)

    def unexpected(arguments: object) -> None:
        pytest.fail(f"converted a second time: {arguments}")

    assert resolve(str(checkpoint.path), tmp_path, unexpected) == folder
    assert OnnxEngine(folder).signals == SIGNALS["bert"]
