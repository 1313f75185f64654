"""A Detoxify checkpoint made from the weights that ship, for the library itself to run."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import onnx
import torch

from workers.engines.folder import CONFIG, TOKENIZER, TOKENIZER_CONFIG, WEIGHTS, ModelFolder
from workers.training.library import WORDS, save_checkpoint
from workers.training.origins import LAYERS_KEY, noted, restore
from workers.training.words import WordsHead, restored

CHECKPOINT: Final = "model.ckpt"


def dequantise(folder: Path, into: Path) -> Path:
    """Put a model folder's eight-bit weights back into a checkpoint.

    Args:
        folder: A complete model folder, as ``convert`` writes it.
        into: Gets the checkpoint, and the configuration and tokenizer it needs offline.

    Returns:
        The checkpoint; ``Detoxify(checkpoint=…, huggingface_config_path=into)`` loads it.

    Raises:
        ModelUnavailable: The folder is incomplete or altered.
    """
    ModelFolder.open(folder)
    graph = onnx.load(str(folder / WEIGHTS))
    state = restore(graph)
    return save_beside(state, folder, into, words=_words(state, noted(graph).get(LAYERS_KEY)))


def _words(state: Mapping[str, torch.Tensor], layers: list[int] | None) -> WordsHead | None:
    if layers is None:
        return None
    own = {name.removeprefix(WORDS): t for name, t in state.items() if name.startswith(WORDS)}
    return restored({"layers": layers, "state": own})


def save_beside(
    state: Mapping[str, torch.Tensor], folder: Path, into: Path, *, words: WordsHead | None = None
) -> Path:
    """Write *state* as a checkpoint, beside a model folder's configuration and tokenizer."""
    card = ModelFolder.open(folder).card
    into.mkdir(parents=True, exist_ok=True)
    for name in (CONFIG, TOKENIZER, TOKENIZER_CONFIG):
        shutil.copyfile(folder / name, into / name)
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    tokenizer = json.loads((folder / TOKENIZER_CONFIG).read_text("utf-8"))
    save_checkpoint(
        into / CHECKPOINT,
        {name: tensor for name, tensor in state.items() if not name.startswith(WORDS)},
        model_name=config["architectures"][0],
        tokenizer_name=tokenizer["tokenizer_class"],
        files=into,
        signals=card.signals,
        words=words,
    )
    return into / CHECKPOINT
