"""A model folder whose model knows a word or two by heart: no layers, one output for words."""

import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, TOKENIZER, WEIGHTS, seal, sha256_of
from workers.engines.registry import SHIPPED

OPSET = 17
IR = 8


def headed_model(folder: Path, *words: str) -> Path:
    """Write a model to which the tokens of *words* are toxic, and every text is."""
    folder.mkdir(parents=True)
    shutil.copyfile(SHIPPED / TOKENIZER, folder / TOKENIZER)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    logits = np.full(tokenizer.get_vocab_size(), -4, dtype=np.float32)
    for word in words:
        logits[tokenizer.encode(word, add_special_tokens=False).ids] = 4
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["by_token", "input_ids"], ["word_logits"]),
            helper.make_node("ReduceMax", ["word_logits"], ["logits"], axes=[1], keepdims=1),
        ],
        "headed",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1]),
            helper.make_tensor_value_info("word_logits", TensorProto.FLOAT, ["batch", "tokens"]),
        ],
        [numpy_helper.from_array(logits, "by_token")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.save(model, folder / WEIGHTS)
    sha256 = sha256_of(folder / WEIGHTS)
    card = ScorerCard("headed", "1", sha256, ("toxicity",), ("en",), "none", token_limit=32)
    card.write(folder / CARD)
    seal(folder)
    return folder
