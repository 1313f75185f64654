"""Detoxify's library and our engine with the same weights, nothing downloaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import torch
from detoxify import Detoxify
from transformers import BertConfig, BertForSequenceClassification

from tests.bench.pace import Drain
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import SHIPPED
from workers.training.checkpoint import convert_named
from workers.training.courses import write_checkpoint
from workers.training.data import LABELS
from workers.training.dequantise import CHECKPOINT
from workers.training.reference import checkpoint_for

LIBRARY: Final = "Detoxify"
ENGINE: Final = "engine"

_THREADS: Final = 2
"""Both take two cores for one text, and read one text at a time."""


@contextmanager
def original() -> Iterator[dict[str, Drain]]:
    """Load random weights in the shape of Detoxify's ``original``: bert-base, six labels."""
    with TemporaryDirectory() as scratch:
        files, folder = Path(scratch, "checkpoint"), Path(scratch, "model")
        torch.manual_seed(0)
        six_labels = BertConfig()
        six_labels.num_labels = len(LABELS)
        write_checkpoint(
            BertForSequenceClassification(six_labels),
            files,
        )
        convert_named(str(files / CHECKPOINT), folder, Path(scratch))
        yield loaded(files / CHECKPOINT, folder)


@contextmanager
def compact() -> Iterator[dict[str, Drain]]:
    """Load the shipped weights; the library needs them put back into a checkpoint."""
    with TemporaryDirectory() as scratch:
        yield loaded(checkpoint_for("compact", SHIPPED, Path(scratch)), SHIPPED)


def loaded(checkpoint: Path, folder: Path) -> dict[str, Drain]:
    """Load a checkpoint into the library, and the *folder* made from it into the engine."""
    torch.set_num_threads(_THREADS)
    # Its folder must be told twice, there and in the file, or it asks the network for it.
    library = Detoxify(checkpoint=str(checkpoint), huggingface_config_path=str(checkpoint.parent))
    engine = OnnxEngine(folder, threads=_THREADS)
    return {
        LIBRARY: lambda texts: [library.predict(text) for text in texts],
        ENGINE: engine.score,
    }
