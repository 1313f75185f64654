"""Dev sets with an engine's scores beside their labels."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from moderation.domain.text import canonical
from workers.engines.engine import Engine
from workers.evaluation.metrics import Numbers
from workers.training.data import LABELS, rows, targets_of

DEV_SETS: Final = (
    "jigsaw_wikipedia_dev",
    "wikipedia_nonfuzzed_testset",
    "wikipedia_fuzzed_testset",
    "identity_templates_madlibs",
    "civil_news_dev",
    "dynahate",
    "cad_reddit",
    "stanford_politeness",
)

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ScoredSet:
    """Rows of one dev set; ``scores`` and ``labels`` hold one array per signal.

    A label is NaN where nobody gave one.
    """

    name: str
    rows: Sequence[Row]
    scores: Mapping[str, Numbers]
    labels: Mapping[str, Numbers]

    def known(self, signal: str) -> tuple[Numbers, Numbers]:
        """Return labels and scores of the rows that have a label of *signal*."""
        given = ~np.isnan(self.labels[signal])
        return self.labels[signal][given], self.scores[signal][given]


def as_comments_are_read(text: str) -> str:
    """Bring a text into the form in which the service scores it."""
    return canonical(text).text


def sample(path: Path, limit: int | None) -> list[Row]:
    """Read a dev set, or the same *limit* rows of it every time."""
    read: list[Row] = list(rows(path))
    if limit is None or len(read) <= limit:
        return read
    return random.Random(path.name).sample(read, limit)  # noqa: S311 - no secret


def score_set(
    engine: Engine,
    data: Path,
    name: str,
    *,
    limit: int | None = None,
    reading: Callable[[str], str] = str,
) -> ScoredSet:
    """Score one dev set, each text first passed through *reading*."""
    chosen = sample(data / "dev" / f"{name}.csv.gz", limit)
    scored = engine.score([reading(row["text"]) for row in chosen])
    targets = [targets_of(dict(row)) for row in chosen]
    return ScoredSet(
        name=name,
        rows=chosen,
        scores={s: np.array([one[s] for one in scored], dtype=float) for s in engine.signals},
        labels={
            label: np.array([_number(each[i]) for each in targets], dtype=float)
            for i, label in enumerate(LABELS)
        },
    )


def _number(label: float | None) -> float:
    return float("nan") if label is None else label
