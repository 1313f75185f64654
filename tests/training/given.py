"""A data folder of a few rows, in the layout that training reads."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

from workers.training import first_mixture, second_mixture
from workers.training.data import LABELS

COLUMNS = ("id", "source", "text", *LABELS)


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as a gzipped CSV file; a label that is not given is blank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    extra = [name for name in rows[0] if name not in COLUMNS]
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, *extra], restval="")
        writer.writeheader()
        writer.writerows(rows)


def small_data(folder: Path) -> Path:
    """Write every source that the courses take, and one dev set."""
    for name in sorted({*first_mixture.TAKE, *second_mixture.TAKE, "civil_news"}):
        rows = [{"text": f"{name} text {i}", "toxicity": i % 2, "spans": "[]"} for i in range(6)]
        write(folder / "train" / f"{name}.csv.gz", rows)
    marked = "You are a fool. The road was closed for most of the day."
    write(
        folder / "train" / "semeval2021_toxic_spans.csv.gz",
        [{"text": marked, "spans": str(list(range(10, 14)))}],
    )
    write(
        folder / "dev" / "jigsaw_wikipedia_dev.csv.gz",
        [{"text": "Jigsaw_Wikipedia: text 3!", "toxicity": 1}],
    )
    return folder
