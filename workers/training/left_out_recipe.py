"""The sources of both courses one by one, and the recipe that each left-out run is taught by."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import torch
from transformers import BertForSequenceClassification

from workers.training.batches import BATCH, encode, tensors
from workers.training.data import Example, draw, examples, fingerprint, held_out
from workers.training.first_mixture import TAKE as FIRST
from workers.training.left_out import Pools, Score, Teach
from workers.training.pupil import encoder_folder
from workers.training.second_mixture import TAKE as SECOND
from workers.training.train import Recipe, train

TAKE: Final = {name: max(FIRST.get(name, 0), SECOND.get(name, 0)) for name in {**FIRST, **SECOND}}
"""Texts of each source: what the course takes that takes more."""

_NEWS = "civil_news"


def sources(data: Path, seed: int, share: float) -> Pools:
    """Draw of each source the part that a course takes of it, no dev text among them.

    What is made out of sources, such as clean sentences, is left out: it would teach a part of
    the source that is measured.
    """
    unseen = held_out(data)
    pools = {}
    for name in (*TAKE, _NEWS):
        pool = examples(data / "train" / f"{name}.csv.gz")
        allowed = [e for e in pool if fingerprint(e.text) not in unseen]
        pools[name] = draw(allowed, int(TAKE.get(name, len(pool)) * share), name, seed)
    return pools


def teaching(recipe: Recipe) -> Teach:
    """Teach the encoder by *recipe*, in an order that its seed decides."""

    def teach(listed: Sequence[Example], folder: Path) -> Score:
        # A reproducible order, not a secret.
        ordered = random.Random(recipe.seed).sample(listed, len(listed))  # noqa: S311
        model = train(ordered, folder, recipe).model
        return lambda texts: list(_toxicity(model, texts))

    return teach


def _toxicity(model: BertForSequenceClassification, texts: Sequence[str]) -> Iterator[float]:
    unlabelled = [Example(text, (0.0, *[None] * 5)) for text in texts]
    encoded = encode(unlabelled, encoder_folder() / "tokenizer.json")
    batches = [encoded[i : i + BATCH] for i in range(0, len(encoded), BATCH)]
    with torch.inference_mode():
        for batch in tensors(batches):
            logits = model(input_ids=batch.ids, attention_mask=batch.mask).logits
            yield from torch.sigmoid(logits[:, 0]).tolist()
