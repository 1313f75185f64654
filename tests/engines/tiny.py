"""Models of every shape that Detoxify publishes, small and with random weights."""

import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    AlbertConfig,
    AlbertForSequenceClassification,
    AlbertTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertTokenizer,
    PreTrainedModel,
    RobertaConfig,
    RobertaForSequenceClassification,
    RobertaTokenizer,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
    XLMRobertaTokenizer,
)

from workers.training.library import save_checkpoint

SIX = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
SEVEN = (*SIX, "sexual_explicit")
SIGNALS = {"bert": SIX, "albert": SEVEN, "roberta": SEVEN, "xlm-roberta": SEVEN}
"""By shape, as ``original``, ``unbiased-small``, ``unbiased`` and ``multilingual`` emit them."""

SHAPES = tuple(SIGNALS)
IDENTITIES = 9
"""Outputs without a name that follow the seven signals."""

LETTERS = string.ascii_lowercase + string.digits + ".,!?'"
POSITIONS = 66
POSITION_IDS = torch.arange(POSITIONS)[None]

_SIZES = {
    "hidden_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 96,
    "max_position_embeddings": POSITIONS,
}


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint in Detoxify's format, and the folder with its configuration."""

    path: Path
    files: Path
    model: PreTrainedModel


def make_checkpoint(shape: str, folder: Path, *, file: str = "tiny.ckpt") -> Checkpoint:
    """Build, save and return a checkpoint of a shape, with its tokenizer."""
    torch.manual_seed(len(shape))
    tokenizer = _tokenizer(shape)
    signals = SIGNALS[shape]
    outputs = len(signals) if signals == SIX else len(signals) + IDENTITIES
    model = _model(shape, len(tokenizer), outputs).train(mode=False)
    for name, weights in model.named_parameters():
        if weights.ndim > 1:
            torch.nn.init.normal_(weights, std=0.15)
        elif "LayerNorm" not in name:
            torch.nn.init.normal_(weights, std=0.1)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    save_checkpoint(
        folder / file,
        # Older transformers saved the numbers of the positions too; the published files hold them.
        {**model.state_dict(), f"{model.base_model_prefix}.embeddings.position_ids": POSITION_IDS},
        model_name=type(model).__name__,
        tokenizer_name=type(tokenizer).__name__,
        files=folder,
        signals=signals,
    )
    return Checkpoint(folder / file, folder, model)


def _model(shape: str, words: int, outputs: int) -> PreTrainedModel:
    sizes: dict[str, Any] = {"vocab_size": words, "num_labels": outputs, **_SIZES}
    match shape:
        case "bert":
            return BertForSequenceClassification(BertConfig(**sizes))
        case "albert":
            return AlbertForSequenceClassification(AlbertConfig(embedding_size=24, **sizes))
        case "roberta":
            return RobertaForSequenceClassification(RobertaConfig(pad_token_id=1, **sizes))
        case _:
            return XLMRobertaForSequenceClassification(XLMRobertaConfig(pad_token_id=1, **sizes))


def _tokenizer(shape: str) -> Any:
    longest: dict[str, Any] = {"model_max_length": 64}
    match shape:
        case "bert":
            words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
            words += [*LETTERS, *(f"##{letter}" for letter in LETTERS), "idiot", "you", "are"]
            return BertTokenizer({word: i for i, word in enumerate(words)}, **longest)
        case "albert":
            words = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]", "\u2581", *LETTERS]
            return AlbertTokenizer(
                [(word, -float(i > 4)) for i, word in enumerate(words)], **longest
            )
        case "roberta":
            words = ["<s>", "<pad>", "</s>", "<unk>", *sorted(ByteLevel.alphabet()), "<mask>"]
            return RobertaTokenizer({word: i for i, word in enumerate(words)}, [], **longest)
        case _:
            words = ["<s>", "<pad>", "</s>", "<unk>", "\u2581", *LETTERS, "<mask>"]
            return XLMRobertaTokenizer(
                [(word, -float(i > 3)) for i, word in enumerate(words)], **longest
            )
