"""Labelled texts from files: a folder with ``dev``, or one CSV or JSONL file.

A row has ``text`` (or ``body``), and a label for each signal that somebody gave one for: 0, 1,
or a share of annotators between. ``label`` may say ``toxic`` or ``clean`` instead. A blank is
no label, which is not the same as 0. ``spans`` lists what people marked as toxic: character
offsets, or ``[start, end]`` or ``[kind, start, end]`` of each mark.
"""

import csv
import gzip
import json
import random
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from workers.evaluation.halves import is_fitted_on
from workers.evaluation.spans import marked_characters
from workers.evaluation.terms import term_of

_ENDINGS: Final = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
_TOXIC: Final = "toxicity"
_WORDS: Final = {"toxic": 1.0, "clean": 0.0, "true": 1.0, "false": 0.0}


class UnreadableData(Exception):
    """The data cannot be measured; the message names file and row and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One text and what people said of it.

    ``labels``: by signal, those that were given. ``term``: the identity term it was made with,
    if it was made from a template. ``marked``: the characters that people marked as toxic, of
    which there may be none; None where nobody was asked. ``language``: as the row names it.
    """

    text: str
    labels: Mapping[str, float]
    term: str | None = None
    marked: frozenset[int] | None = None
    language: str | None = None


def spam_sets(data: Path) -> dict[str, Path]:
    """Find the files to measure spam on: labelled ones in ``train`` too, where *data* has it.

    Raises:
        UnreadableData: There is none, or the name of a file does not tell what it is.
    """
    spam = sorted((data / "train").glob("*spam*"))
    return {_name(path): path for path in spam if _ending(path)} | data_sets(data)


def data_sets(data: Path) -> dict[str, Path]:
    """Find the files to measure, by the name of the set.

    Raises:
        UnreadableData: There is none, or the name of a file does not tell what it is.
    """
    if not data.is_dir():
        return {_name(data): data}
    folder = data / "dev" if (data / "dev").is_dir() else data
    found = {_name(path): path for path in sorted(folder.iterdir()) if _ending(path)}
    if not found:
        raise UnreadableData(f"{folder} holds no .csv or .jsonl file, compressed or not")
    return found


def read_texts(
    path: Path, signals: Sequence[str], *, limit: int | None = None, other_half: bool = False
) -> Iterator[LabelledText]:
    """Read the texts of a file in order, row by row, leaving out those that are blank.

    Args:
        path: What ``data_sets`` found.
        signals: Those whose labels are wanted.
        limit: Take so many rows at most: drawn from all, and the same every time.
        other_half: Leave out the half that calibration is fitted on.

    Raises:
        UnreadableData: A row is broken, or has no text, or a label is no number in [0, 1], or its
            spans are none.
    """
    try:
        rows = _chosen(path, other_half=other_half)
        for number, row in rows if limit is None else _drawn(rows, limit, seed=path.name):
            text = _text(path, number, row)
            if text.strip():
                labels = _labels(path, number, row, signals)
                marked = _marked(path, number, row)
                yield LabelledText(
                    text, labels, term_of(row, text), marked, row.get("lang") or None
                )
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableData(f"{path} cannot be read: {type(error).__name__}") from error
    except (UnicodeDecodeError, csv.Error, RecursionError) as error:
        raise UnreadableData(f"{path} is broken: {type(error).__name__}") from None


def count_rows(path: Path, *, other_half: bool = False) -> int:
    """Count the rows of a file without keeping any, to show how far one has come."""
    try:
        return sum(1 for _ in _chosen(path, other_half=other_half))
    except (OSError, EOFError, zlib.error, ValueError, csv.Error, RecursionError, UnreadableData):
        return 0  # reading says what is wrong


def _chosen(path: Path, *, other_half: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    return (each for each in _rows(path) if not other_half or not is_fitted_on(each[1]))


def _drawn(
    rows: Iterator[tuple[int, dict[str, Any]]], limit: int, *, seed: str
) -> list[tuple[int, dict[str, Any]]]:
    """Draw rows with equal chance without keeping the others."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    kept: list[tuple[int, dict[str, Any]]] = []
    for i, row in enumerate(rows):
        if i < limit:
            kept.append(row)
        elif (place := chance.randrange(i + 1)) < limit:
            kept[place] = row
    return sorted(kept, key=lambda each: each[0])


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its number, the first being 1."""
    with _opened(path) as lines:
        if ".jsonl" in path.suffixes:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _object(path, number, line)
        else:
            csv.field_size_limit(sys.maxsize)
            yield from enumerate(csv.DictReader(lines), start=1)


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise UnreadableData(f"{path}, line {number}: not a JSON object")
    return row


def _text(path: Path, number: int, row: Mapping[str, Any]) -> str:
    text = row.get("text", row.get("body"))
    if not isinstance(text, str):
        raise UnreadableData(f"{path}, row {number}: there is no text")
    return text


def _labels(
    path: Path, number: int, row: Mapping[str, Any], signals: Sequence[str]
) -> dict[str, float]:
    given = {signal: row.get(signal) for signal in signals}
    if given.get(_TOXIC) in (None, ""):
        given[_TOXIC] = row.get("label")
    labels = {}
    for signal, value in given.items():
        if value is None or value == "":
            continue
        labels[signal] = _number(value)
        if not 0.0 <= labels[signal] <= 1.0:
            raise UnreadableData(f"{path}, row {number}: the label {signal} is not in [0, 1]")
    return labels


def _marked(path: Path, number: int, row: Mapping[str, Any]) -> frozenset[int] | None:
    """Read the column ``spans``, where a row has it: JSON, or what JSON makes of it."""
    given = row.get("spans")
    if given is None or given == "":
        return None
    try:
        return marked_characters(json.loads(given) if isinstance(given, str) else given)
    except (ValueError, TypeError):
        raise UnreadableData(f"{path}, row {number}: its spans are not offsets") from None


def _number(value: object) -> float:
    """Read a label; NaN, which lies in no range, where it is none."""
    if isinstance(value, bool | int | float):
        return float(value)
    said = str(value).strip().lower()
    try:
        return _WORDS[said] if said in _WORDS else float(said)
    except ValueError:
        return float("nan")


def _name(path: Path) -> str:
    ending = _ending(path)
    if ending is None:
        raise UnreadableData(f"{path} must end in one of {', '.join(_ENDINGS)}")
    return path.name.removesuffix(ending)


def _ending(path: Path) -> str | None:
    return next((ending for ending in _ENDINGS if path.name.endswith(ending)), None)
