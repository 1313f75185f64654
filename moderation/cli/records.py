"""Comments in files: JSONL, or CSV whose dotted columns (``article.id``) are objects."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from moderation.cli.failing import Failed

_LONGEST_FIELD: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a file; ``fault`` says what is wrong with it, and nothing of what it holds."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None


def read_records(path: Path, file: BinaryIO) -> Iterator[Record]:
    """Yield the records of *file* one by one; *path* tells by its ending what it is.

    A line is read only when it is asked for, so that a file of any length may be read.

    Raises:
        Failed: The name ends neither in ``.jsonl`` (or ``.ndjson``) nor in ``.csv``.
    """
    ending = path.suffix.lower()
    if ending in (".jsonl", ".ndjson"):
        return _jsonl(file)
    if ending == ".csv":
        return _csv(file)
    raise Failed(f"{path} must end in .jsonl or .csv")


def _jsonl(file: BinaryIO) -> Iterator[Record]:
    for number, raw in enumerate(file, start=1):
        if not raw.strip():
            continue
        try:
            values = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except (ValueError, RecursionError):
            yield Record(number, fault="is not JSON in UTF-8")
            continue
        if isinstance(values, dict):
            yield Record(number, values)
        else:
            yield Record(number, fault="is not a JSON object")


def _csv(file: BinaryIO) -> Iterator[Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    decoded = (raw.decode("utf-8-sig", errors="surrogateescape") for raw in file)
    reader = csv.DictReader(decoded, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Record(reader.line_num, fault="is not CSV")
            continue
        if None in row or None in row.values():
            yield Record(reader.line_num, fault="has not as many fields as the first line")
        else:
            yield Record(reader.line_num, _nested(row))


def _nested(row: dict[str, str]) -> dict[str, Any]:
    """Turn dotted columns into objects; an empty field is an absent one."""
    values: dict[str, Any] = {}
    for name, text in row.items():
        if text == "":
            continue
        place = values
        *path, last = name.strip().split(".")
        for part in path:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[last] = text
    return values
