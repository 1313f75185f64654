"""Turn a checkpoint into the folder that is served: fused, eight-bit, one text per run."""

import json
import logging
import shutil
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from workers.engines.card import ScorerCard
from workers.engines.folder import (
    CARD,
    LOGITS,
    TOKENIZER,
    WEIGHTS,
    WORD_LOGITS,
    seal,
    sha256_of,
)
from workers.training.library import Loaded
from workers.training.origins import LAYERS_KEY, MAP_KEY, origins

_OPSET: Final = 17


class _Served(torch.nn.Module):
    """The model as it is served: token ids in, logits of the signals out, and of each word.

    One text needs no mask. Outputs that have no name are left out, as detoxify does.
    """

    def __init__(self, loaded: Loaded) -> None:
        super().__init__()
        self.model: PreTrainedModel = loaded.model
        self.words = loaded.words
        self.signals = len(loaded.signals)

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        read = self.model(
            input_ids,
            attention_mask=torch.ones_like(input_ids),
            output_hidden_states=self.words is not None,
        )
        logits = read.logits
        if logits.shape[1] > self.signals:
            logits = logits[:, : self.signals]
        if self.words is None:
            return (logits,)
        return logits, self.words(read.hidden_states)


def export(loaded: Loaded, path: Path) -> None:
    """Export in fp32 with the legacy exporter, whose graph can be fused further."""
    model = loaded.model
    model.set_attn_implementation("eager")  # the shape of attention that fusion recognises
    example = torch.arange(2, 13)[None]
    shapes = {LOGITS: {0: "batch"}, WORD_LOGITS: {0: "batch", 1: "tokens"}}
    outputs = [LOGITS, WORD_LOGITS] if loaded.words else [LOGITS]
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # of tracing, about shapes that never change here
        torch.onnx.export(
            _Served(loaded).eval(),
            (example,),
            str(path),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["input_ids"],
            output_names=outputs,
            dynamic_axes={
                "input_ids": {0: "batch", 1: "tokens"},
                **{name: shapes[name] for name in outputs},
            },
        )


def fuse(loaded: Loaded, path: Path, fused: Path) -> None:
    """Fuse attention, normalisation and activation, and note where each weight went."""
    model = loaded.model
    options = FusionOptions("bert")
    # Fused, the embeddings' normalisation would be quantised as well, which costs accuracy.
    options.enable_embed_layer_norm = False
    optimised = optimize_model(
        str(path),
        model_type="bert",
        num_heads=model.config.num_attention_heads,
        hidden_size=model.config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    notes: dict[str, Any] = {MAP_KEY: origins(loaded.state(), optimised.model)}
    if loaded.words:
        notes[LAYERS_KEY] = loaded.words.layers
    for key, value in notes.items():
        entry = optimised.model.metadata_props.add()
        entry.key, entry.value = key, json.dumps(value)
    optimised.save_model_to_file(str(fused))


def quantise(fused: Path, path: Path) -> None:
    """Quantise the weights to eight bits, each output channel with its own scale.

    The small head for words stays exact: it reads hidden states as they are, of which a few
    are so much larger than the rest that eight bits would leave nothing of these.
    """
    nodes = [node.name for node in onnx.load(str(fused)).graph.node]
    logging.getLogger().disabled, was = True, logging.getLogger().disabled
    try:
        quantize_dynamic(
            str(fused),
            str(path),
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=[name for name in nodes if name.startswith("/words/")],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    finally:
        logging.getLogger().disabled = was


def convert(
    loaded: Loaded, card: ScorerCard, folder: Path, *, eight_bit: bool = True
) -> ScorerCard:
    """Write a complete model folder.

    Args:
        loaded: The model and tokenizer as detoxify loads them.
        card: Everything but the hash of the weights.
        folder: Where to write; other files in it are kept.
        eight_bit: Quantise; otherwise the weights stay as they are, for comparison.

    Returns:
        The card as written.
    """
    model = loaded.model
    folder.mkdir(parents=True, exist_ok=True)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    loaded.tokenizer.save_pretrained(folder)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    with tempfile.TemporaryDirectory() as scratch:
        exported, fused = Path(scratch, "exported.onnx"), Path(scratch, "fused.onnx")
        export(loaded, exported)
        fuse(loaded, exported, fused)
        if eight_bit:
            quantise(fused, folder / WEIGHTS)
        else:
            shutil.copyfile(fused, folder / WEIGHTS)
    written = replace(card, sha256=sha256_of(folder / WEIGHTS))
    written.write(folder / CARD)
    seal(folder)
    return written
