"""A head learns which words are toxic, and what is served tells it as it was learnt."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from tests.training.test_train import SMALL
from workers.engines.folder import WEIGHTS, WORD_LOGITS
from workers.engines.onnx import OnnxEngine
from workers.training.convert import convert
from workers.training.courses import write_checkpoint
from workers.training.data import Example
from workers.training.dequantise import CHECKPOINT, dequantise
from workers.training.library import Loaded, build, read_checkpoint
from workers.training.pupil import encoder_folder
from workers.training.reproduce import blank_card
from workers.training.words import Lessons, teach_words

CALM = (0.0,) * 6
LAYERS = (0, 2)
TEXTS = [
    Example(
        f"reader {i} is {word} today",
        CALM,
        marked=((at := len(f"reader {i} is "), at + len(word)),) if word == "moron" else (),
    )
    for i in range(60)
    for word in ("moron", "happy", "late")
]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Return a small random model whose head has learnt one word."""
    torch.manual_seed(1)
    config = BertConfig.from_pretrained(encoder_folder(), **SMALL)
    model = BertForSequenceClassification(config)
    lessons = Lessons(width=8, batch=64, rate=3e-2, passes=12, dropout=0.0)
    head = teach_words(model.bert, TEXTS, encoder_folder() / "tokenizer.json", lessons, LAYERS)
    files = tmp_path_factory.mktemp("taught")
    write_checkpoint(model, files, words=head)
    return build(read_checkpoint(files / CHECKPOINT), files)


@pytest.fixture(scope="module")
def folder(taught: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which it is served."""
    made = tmp_path_factory.mktemp("served")
    convert(taught, blank_card(taught.signals), made)
    return made


def test_the_word_that_was_marked_weighs_most(folder: Path) -> None:
    text = "nobody is happy with a moron"

    weighed = OnnxEngine(folder).weigh(text)

    heaviest = max(weighed, key=lambda each: each.weight)
    assert text[slice(*heaviest.place)] == "moron"
    assert heaviest.weight > 0.5


def test_the_head_is_served_exactly(taught: Loaded, folder: Path, tmp_path: Path) -> None:
    again = dequantise(folder, tmp_path)

    words = build(read_checkpoint(again), tmp_path).words

    assert taught.words is not None
    assert words is not None
    assert words.layers == LAYERS
    kept, restored = taught.words.state_dict(), words.state_dict()
    assert all(np.allclose(kept[name], restored[name]) for name in kept)


def test_a_model_without_a_head_is_served_without_that_output(
    taught: Loaded, tmp_path: Path
) -> None:
    convert(
        Loaded(taught.model, taught.tokenizer, taught.signals), blank_card(taught.signals), tmp_path
    )

    assert WORD_LOGITS.encode() not in (tmp_path / WEIGHTS).read_bytes()
