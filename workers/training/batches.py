"""Token ids grouped by length, so that little of a batch is padding."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from workers.training.data import LABELS, Example, Ranges

BATCH = 32
LONGEST = 96
TOO_LONG_TO_TRUST = 192
"""A toxic text longer than this many tokens may hide its toxic part past the cut."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded inputs of one step.

    ``targets`` and ``known`` have a row per text and a column per signal, ``marks`` and
    ``looked`` one per token: 1 where it is part of a marked word. ``known`` and ``looked``
    are 1 where somebody gave the label, else 0.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    targets: torch.Tensor
    known: torch.Tensor
    marks: torch.Tensor
    looked: torch.Tensor


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as token ids, at most LONGEST of them.

    ``marks``: per id, whether it is part of a marked word; None if nobody looked for any.
    """

    ids: list[int]
    example: Example
    marks: list[bool] | None = None


def encode(listed: Sequence[Example], tokenizer_file: Path) -> list[Encoded]:
    """Tokenise, cutting at LONGEST and leaving out toxic texts too long to trust."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encoded = []
    for example, tokens in zip(
        listed, tokenizer.encode_batch([e.text[:4000] for e in listed]), strict=True
    ):
        if len(tokens.ids) > TOO_LONG_TO_TRUST and example.toxic != 0.0:
            continue
        ids = tokens.ids
        marks = _marks(tokens.offsets, example.marked)
        if len(ids) > LONGEST:
            ids = [*ids[: LONGEST - 1], ids[-1]]
            marks = marks and [*marks[: LONGEST - 1], marks[-1]]
        encoded.append(Encoded(ids, example, marks))
    return encoded


def _marks(offsets: Sequence[tuple[int, int]], marked: Ranges | None) -> list[bool] | None:
    if marked is None:
        return None
    return [any(start < stop and begin < end for begin, stop in marked) for start, end in offsets]


def plan(encoded: Sequence[Encoded], seed: int) -> list[list[Encoded]]:
    """Split into batches of near-equal length, in an order that depends on *seed* alone."""
    rng = random.Random(seed)  # noqa: S311 - a reproducible order, not a secret
    shuffled = list(encoded)
    rng.shuffle(shuffled)
    shuffled.sort(key=lambda e: len(e.ids) // 4)  # stable: random within a length
    batches = [shuffled[i : i + BATCH] for i in range(0, len(shuffled), BATCH)]
    rng.shuffle(batches)
    return batches


def tensors(planned: Sequence[Sequence[Encoded]], start: int = 0) -> Iterator[Batch]:
    """Yield the planned batches as tensors, from number *start* on."""
    for batch in planned[start:]:
        width = max(len(e.ids) for e in batch)
        ids = torch.zeros(len(batch), width, dtype=torch.long)
        mask = torch.zeros(len(batch), width, dtype=torch.long)
        targets = torch.zeros(len(batch), len(LABELS))
        known = torch.zeros(len(batch), len(LABELS))
        marks = torch.zeros(len(batch), width)
        looked = torch.zeros(len(batch), width)
        for i, e in enumerate(batch):
            ids[i, : len(e.ids)] = torch.tensor(e.ids)
            mask[i, : len(e.ids)] = 1
            for j, target in enumerate(e.example.targets):
                if target is not None:
                    targets[i, j], known[i, j] = target, 1.0
            if e.marks is not None:
                marks[i, : len(e.marks)] = torch.tensor(e.marks, dtype=torch.float)
                looked[i, 1 : len(e.marks) - 1] = 1.0  # the first and the last stand for no word
        yield Batch(ids, mask, targets, known, marks, looked)
