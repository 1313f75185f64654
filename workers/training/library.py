"""Detoxify's own checkpoints: writing, checking and loading them, online or off."""

import json
import pickle
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from detoxify.detoxify import get_model_and_tokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CONFIG
from workers.training.saving import save_whole
from workers.training.words import WordsHead, restored

_OLD_NAMES: Final = {
    "toxic": "toxicity",
    "identity_hate": "identity_attack",
    "severe_toxic": "severe_toxicity",
}

WORDS: Final = "words."
_CLASSIFIERS: Final = ("classifier.weight", "classifier.out_proj.weight")
"""What the last layer is called: in BERT and ALBERT, in RoBERTa and XLM-R."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a file holds: weights, the arguments that detoxify builds with, and the signals.

    ``words``: what is kept of the head that tells toxic words; empty where there is none.
    """

    state: Mapping[str, torch.Tensor]
    arguments: Mapping[str, Any]
    signals: tuple[str, ...]
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model and its tokenizer as detoxify builds them.

    The model may have more outputs than signals: the first ones are the signals. The
    ``unbiased`` and ``multilingual`` models were also taught which identities are named.
    ``words`` tells which tokens are part of a toxic word; detoxify knows nothing of it.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    signals: tuple[str, ...]
    words: WordsHead | None = None

    def state(self) -> dict[str, torch.Tensor]:
        """Return all weights, those of the words' head under names that begin with WORDS."""
        words = self.words.state_dict() if self.words else {}
        return self.model.state_dict() | {f"{WORDS}{name}": t for name, t in words.items()}


def save_checkpoint(
    path: Path,
    state: Mapping[str, torch.Tensor],
    *,
    model_name: str,
    tokenizer_name: str,
    files: Path,
    signals: Sequence[str],
    words: WordsHead | None = None,
) -> None:
    """Write what ``Detoxify(checkpoint=path, huggingface_config_path=files)`` loads offline.

    detoxify opens ``model_type`` even when it is told where the configuration is, so
    that names *files*, the folder with the configuration and the tokenizer.
    """
    architecture = {
        "model_type": str(files),
        "model_name": model_name,
        "tokenizer_name": tokenizer_name,
        "num_classes": _outputs(state),
    }
    config = {"arch": {"args": architecture}, "dataset": {"args": {"classes": list(signals)}}}
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = words.kept() if words else {}
    # Detoxify reads the first two and passes over the third.
    save_whole({"config": config, "state_dict": dict(state), "words": kept}, path)


def read_checkpoint(path: Path, *, trusted: bool = False) -> Checkpoint:
    """Read a checkpoint without building anything.

    Args:
        path: The checkpoint.
        trusted: The file's hash was checked, so that its pickle may run; any other file
            is read as plain data.

    Raises:
        ModelUnavailable: It is not a checkpoint, or it holds code.
    """
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=not trusted)
        classes = loaded["config"]["dataset"]["args"]["classes"]
        return Checkpoint(
            state=loaded["state_dict"],
            arguments=dict(loaded["config"]["arch"]["args"]),
            signals=tuple(_OLD_NAMES.get(name, name) for name in classes),
            words=loaded.get("words", {}),
        )
    except pickle.UnpicklingError as error:
        raise ModelUnavailable(f"{path} holds more than weights, so it is not opened") from error
    except (OSError, EOFError, KeyError, TypeError, RuntimeError) as error:
        raise ModelUnavailable(f"{path} is not a Detoxify checkpoint") from error


def build(checkpoint: Checkpoint, files: Path | None = None) -> Loaded:
    """Let detoxify build the model of a checkpoint.

    Args:
        checkpoint: As read.
        files: A folder with ``config.json`` and the tokenizer; None: the names in the
            checkpoint, which Hugging Face's libraries look up.

    Raises:
        ModelUnavailable: The configuration or the tokenizer is not to be had, or it
            belongs to another model.
    """
    arguments = checkpoint.arguments
    wanted = files or arguments["model_type"]
    with tempfile.TemporaryDirectory() as scratch:
        local = _for_outputs(files, Path(scratch), checkpoint) if files else None
        if local:
            arguments = {**arguments, "model_type": local}
        try:
            model, tokenizer = get_model_and_tokenizer(
                **arguments, state_dict=checkpoint.state, huggingface_config_path=local
            )
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"the configuration and tokenizer of {wanted} are not here"
            ) from error
        except (RuntimeError, TypeError, AttributeError) as error:
            raise ModelUnavailable(
                f"the checkpoint does not fit the configuration of {wanted}"
            ) from error
    model.eval()
    return Loaded(
        model,
        tokenizer,
        checkpoint.signals,
        restored(checkpoint.words) if checkpoint.words else None,
    )


def _outputs(state: Mapping[str, torch.Tensor]) -> int:
    """Count the outputs of the classifier, which may be more than there are signals.

    Raises:
        ModelUnavailable: There is no classifier.
    """
    for name in _CLASSIFIERS:
        if name in state:
            return len(state[name])
    raise ModelUnavailable("the checkpoint holds no classifier")


def _for_outputs(files: Path, scratch: Path, checkpoint: Checkpoint) -> str:
    """Copy *files* with the number of outputs set, which detoxify leaves to the file."""
    if not (files / CONFIG).is_file():
        raise ModelUnavailable(f"{files / CONFIG} is missing")
    shutil.copytree(files, scratch, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.onnx"))
    config: dict[str, Any] = json.loads((files / CONFIG).read_text("utf-8"))
    named = checkpoint.signals
    names = [*named, *(f"unnamed_{i}" for i in range(len(named), _outputs(checkpoint.state)))]
    config["id2label"] = {str(i): name for i, name in enumerate(names)}
    config["label2id"] = {name: i for i, name in enumerate(names)}
    (scratch / CONFIG).write_text(json.dumps(config), "utf-8")
    return str(scratch)
