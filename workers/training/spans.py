"""The bar that a word must reach to be marked, chosen on comments whose words people marked."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

from moderation.domain.text import Canonical, canonical
from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, seal
from workers.engines.onnx import OnnxEngine
from workers.engines.weighing import Bar, Weighed, heavy
from workers.evaluation.spans import marked_characters, spans_f1
from workers.training.data import fingerprint, held_out, rows

TRAIN: Final = "semeval2021_toxic_spans"
TRIAL: Final = "semeval2021_toxic_spans_trial"

_PARTS: Final = 10
_LEAST: Final = tuple(round(0.05 * i, 2) for i in range(2, 17))
_SHARES: Final = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def chooses_bar(text: str) -> bool:
    """Say whether a text of the train part is one of the tenth that chooses the bar.

    A head that is trained on these would be trusted too much: leave them out there.
    """
    return zlib.crc32(fingerprint(text).encode()) % _PARTS == 0


def spans_of(engine: OnnxEngine, data: Path) -> dict[str, Any]:
    """Choose the bar on a tenth of the train part; tell what it does there and on the trial."""
    unseen = held_out(data)
    train = [
        row
        for row in rows(data / "train" / f"{TRAIN}.csv.gz")
        if chooses_bar(row["text"]) and fingerprint(row["text"]) not in unseen
    ]
    weighed = [_weighed(engine, row) for row in train]
    bar = max(
        (Bar(*pair) for pair in product(_LEAST, _SHARES)),
        key=lambda each: spans_f1(_pairs(weighed, each)),
    )
    trial = [_weighed(engine, row) for row in rows(data / "dev" / f"{TRIAL}.csv.gz")]
    return {
        "threshold": bar.least,
        "share": bar.share,
        "chosen_on": {"set": TRAIN, "texts": len(weighed), "f1": _f1(weighed, bar)},
        "f1": {TRIAL: _f1(trial, bar)},
    }


def write_spans(folder: Path, data: Path) -> ScorerCard:
    """Choose the bar of a model folder, write it into its card, and seal it again.

    Raises:
        ModelUnavailable: The folder is no model's, or its model has no output for words.
    """
    card = replace(ScorerCard.read(folder / CARD), spans=spans_of(OnnxEngine(folder), data))
    card.write(folder / CARD)
    seal(folder)
    return card


_Read = tuple[Canonical, list[Weighed], frozenset[int]]


def _weighed(engine: OnnxEngine, row: dict[str, str]) -> _Read:
    read = canonical(row["text"])
    return read, engine.weigh(read.text), marked_characters(json.loads(row["spans"]))


def _pairs(read: list[_Read], bar: Bar) -> Iterator[tuple[set[int], frozenset[int]]]:
    for text, words, marked in read:
        places = (text.span(*place) for place in heavy(words, bar))
        yield {i for start, end in places for i in range(start, end)}, marked


def _f1(read: list[_Read], bar: Bar) -> float:
    return round(spans_f1(_pairs(read, bar)), 4)
