"""The head that tells which words are toxic, taught on the finished encoder's hidden states."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertModel

from workers.training.data import Example

log = logging.getLogger(__name__)

LAYERS: Final = (2, 4, 6)
"""Of the encoder: early ones know the word, late ones what it does in its sentence."""

_LONGEST: Final = 192
_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything that, with the encoder and the texts, decides the head."""

    seed: int = 20261127
    width: int = 128
    passes: int = 4
    batch: int = 1024
    rate: float = 2e-3
    dropout: float = 0.2


class WordsHead(torch.nn.Module):
    """Makes of some layers' hidden states one logit for each token: it is of a toxic word."""

    def __init__(
        self, layers: Sequence[int], hidden: int, width: int, dropout: float = 0.0
    ) -> None:
        """Read *layers*, 0 being the embeddings, each *hidden* wide."""
        super().__init__()
        self.layers = tuple(layers)
        self.first = torch.nn.Linear(hidden * len(self.layers), width)
        self.dropout = torch.nn.Dropout(dropout)
        self.last = torch.nn.Linear(width, 1)

    def forward(self, hidden_states: Sequence[torch.Tensor]) -> torch.Tensor:
        """Take the hidden states of all layers; return logits without their last dimension."""
        return self.judged(torch.cat([hidden_states[layer] for layer in self.layers], dim=-1))

    def judged(self, read: torch.Tensor) -> torch.Tensor:
        """Judge tokens by the chosen layers, side by side in the last dimension."""
        inner = torch.nn.functional.gelu(self.first(read))
        judged: torch.Tensor = self.last(self.dropout(inner)).squeeze(-1)
        return judged

    def kept(self) -> dict[str, Any]:
        """Return what `restored` needs."""
        return {"layers": list(self.layers), "state": self.state_dict()}


def restored(kept: Mapping[str, Any]) -> WordsHead:
    """Make the head again that was kept."""
    first = kept["state"]["first.weight"]
    layers = kept["layers"]
    head = WordsHead(layers, first.shape[1] // len(layers), first.shape[0])
    head.load_state_dict(kept["state"])
    head.train(mode=False)
    return head


def teach_words(
    encoder: BertModel,
    listed: Sequence[Example],
    tokenizer_file: Path,
    lessons: Lessons,
    layers: Sequence[int] = LAYERS,
) -> WordsHead:
    """Teach a head on an encoder that stays as it is.

    Args:
        encoder: Of the model that will be served.
        listed: Comments with their toxic words marked; one without marks teaches that none
            of its words is toxic.
        tokenizer_file: The encoder's.
        lessons: How.
        layers: Which hidden states the head reads.
    """
    log.info("reading %d comments with marked words", len(listed))
    encoder.train(mode=False)
    read, marks = _read(encoder, listed, tokenizer_file, layers)
    mean = read.float().mean(0)
    spread = read.float().std(0) + 1e-6
    torch.manual_seed(lessons.seed)
    hidden = encoder.config.hidden_size
    head = WordsHead(layers, hidden, lessons.width, lessons.dropout)
    optimiser = torch.optim.AdamW(head.parameters(), lr=lessons.rate, weight_decay=0.01)
    steps = max(lessons.passes * (len(read) // lessons.batch), 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, lessons.rate, total_steps=steps + 1)
    for _ in range(lessons.passes):
        order = torch.randperm(len(read))
        for at in range(0, len(read) - lessons.batch + 1, lessons.batch):
            some = order[at : at + lessons.batch]
            logits = head.judged((read[some].float() - mean) / spread)
            loss = binary_cross_entropy_with_logits(logits, marks[some])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch declares no types here
            optimiser.step()
            schedule.step()
    with torch.no_grad():  # what was subtracted and divided becomes part of the first layer
        head.first.weight.div_(spread)
        head.first.bias.sub_(head.first.weight @ mean)
    head.train(mode=False)
    return head


def _read(
    encoder: BertModel, listed: Sequence[Example], tokenizer_file: Path, layers: Sequence[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the chosen hidden states of every token, in half precision, and its mark."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LONGEST)
    encoded = tokenizer.encode_batch([example.text for example in listed])
    order = sorted(range(len(listed)), key=lambda i: len(encoded[i].ids))
    states, marks = [], []
    with torch.no_grad():
        for at in range(0, len(order), _AT_ONCE):
            some = [encoded[i] for i in order[at : at + _AT_ONCE]]
            width = max(len(each.ids) for each in some)
            ids = torch.zeros(len(some), width, dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, each in enumerate(some):
                ids[row, : len(each.ids)] = torch.tensor(each.ids)
                mask[row, : len(each.ids)] = 1
            all_states = encoder(ids, attention_mask=mask, output_hidden_states=True).hidden_states
            read = torch.cat([all_states[layer] for layer in layers], dim=-1).half()
            for row, each in enumerate(some):  # the first and the last token stand for no word
                states.append(read[row, 1 : len(each.ids) - 1].clone())
    for i in order:
        marked = listed[i].marked or ()
        marks += [
            float(any(start < stop and begin < end for begin, stop in marked))
            for start, end in encoded[i].offsets[1:-1]
        ]
    return torch.cat(states), torch.tensor(marks)
