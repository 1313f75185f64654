"""Texts to compare two services by, and scores that an old one gave them once."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from moderation.cli.failing import Failed
from moderation.cli.records import Record, read_records
from moderation.compat.perspective.attributes import MEANINGS
from moderation.domain.comment import MAX_TEXT_CHARS
from moderation.domain.text import fault_in_unicode, visible

_NAMES: Final = ("text", "body", "comment", "comment_text")
"""What the member or column with the text may be called, first come first served."""


@dataclass(frozen=True, slots=True)
class OldText:
    """A text and its old scores by attribute, those that are known."""

    text: str
    scores: Mapping[str, float] = field(default_factory=dict)


def read_texts(path: Path, *, limit: int | None) -> list[OldText]:
    """Read texts: one a line of a ``.txt`` file, else records of JSONL or CSV.

    Raises:
        Failed: The file is of another kind, or a record has no text that can be scored.
    """
    if path.suffix.lower() == ".txt":
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        texts = [OldText(line) for line in lines if line.strip()]
    else:
        with path.open("rb") as file:
            texts = [_old_text(record) for record in read_records(path, file)]
    for number, each in enumerate(texts, start=1):
        if fault_in_unicode(each.text) or not visible(each.text):
            raise Failed(f"text {number} of {path} cannot be scored")
        if len(each.text) > MAX_TEXT_CHARS:
            raise Failed(f"text {number} of {path} has more than {MAX_TEXT_CHARS} characters")
    if not texts:
        raise Failed(f"{path} holds no text")
    return texts[:limit]


def write_scores(path: Path, texts: Sequence[OldText], attributes: Sequence[str]) -> None:
    """Write texts and old scores, so that `read_texts` has them without the old service."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", *attributes))
        for each in texts:
            writer.writerow((each.text, *(each.scores.get(name, "") for name in attributes)))


def _old_text(record: Record) -> OldText:
    if record.fault is not None:
        raise Failed(f"line {record.line} {record.fault}")
    named = {name.strip().lower(): value for name, value in record.values.items()}
    text = next((named[name] for name in _NAMES if isinstance(named.get(name), str)), None)
    if text is None:
        raise Failed(f"line {record.line} has no {', '.join(_NAMES[:-1])} or {_NAMES[-1]}")
    scores = {
        name.strip().upper(): _score(record.line, value)
        for name, value in record.values.items()
        if name.strip().upper() in MEANINGS
        and name.strip().lower() not in _NAMES
        and value is not None
    }
    return OldText(text, scores)


def _score(line: int, value: Any) -> float:
    try:
        score = float(value)
    except (TypeError, ValueError):
        score = -1.0
    if not 0.0 <= score <= 1.0:
        raise Failed(f"line {line} has a score that is no number from 0 to 1")
    return score
