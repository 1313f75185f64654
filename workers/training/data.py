"""Labelled comments read from the data folder, and the dev texts that training must not see."""

import csv
import gzip
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from workers.engines.reading import for_wordpiece

LABELS = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
"""The six signals, named and ordered as Detoxify's ``original`` emits them."""

Drawn = TypeVar("Drawn")
Targets = tuple[float | None, ...]
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One text and its label per signal, None where nobody labelled it.

    ``marked``: where its toxic words stand, as ``(start, end)``; None if nobody looked for any.
    """

    text: str
    targets: Targets
    marked: Ranges | None = None

    @property
    def toxic(self) -> float | None:
        """The first label, the one every other implies."""
        return self.targets[0]


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Read a gzipped CSV file row by row."""
    csv.field_size_limit(sys.maxsize)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def targets_of(row: dict[str, str]) -> Targets:
    """Read the labels of a row: a blank or missing column is None."""
    return tuple(float(row[label]) if row.get(label) else None for label in LABELS)


def examples(path: Path) -> list[Example]:
    """Read every labelled text of a file, in file order, as the engine will read it."""
    return [
        Example(for_wordpiece(row["text"]), targets_of(row))
        for row in rows(path)
        if row["text"].strip()
    ]


def fingerprint(text: str) -> str:
    """Reduce a text to its letters and digits, so that near-identical copies meet."""
    return "".join(filter(str.isalnum, text.lower()))


def held_out(data: Path) -> set[str]:
    """Collect the fingerprints of every dev text."""
    return {
        fingerprint(row["text"])
        for path in sorted((data / "dev").glob("*.csv.gz"))
        for row in rows(path)
    }


def draw(pool: Sequence[Drawn], n: int, name: str, seed: int) -> list[Drawn]:
    """Draw *n* of a pool, the same ones whatever other sources are drawn from."""
    # A reproducible draw, not a secret.
    return random.Random(f"{seed}:{name}").sample(pool, min(n, len(pool)))  # noqa: S311
