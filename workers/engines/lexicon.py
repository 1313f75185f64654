"""Words that toxic comments have more often than others: what a model without a head marks."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from workers.engines.weighing import WORD, Bar, Place, Weighed, heavy

FILE: Final = Path(__file__).with_name("lexicon.csv")
BAR: Final = Bar(least=0.4, share=0.5)
"""Weights are logarithms of odds; docs/decisions/0020-words-that-carry-the-score.md measures."""


def marked_by_lexicon(text: str) -> list[Place]:
    """Mark the words of an English text that weigh most by the lexicon alone."""
    return heavy(weighed_by(_lexicon(), text), BAR)


def weighed_by(lexicon: Mapping[str, float], text: str) -> list[Weighed]:
    """Weigh the words of a text; one that the lexicon does not list weighs nothing."""
    return [
        Weighed(found.span(), lexicon.get(found[0].lower(), 0.0)) for found in WORD.finditer(text)
    ]


@cache
def _lexicon() -> Mapping[str, float]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["word"]: float(row["weight"]) for row in csv.DictReader(lines)}
