"""The harmless sentences of toxic news comments, found by the spans annotators marked."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from workers.training.data import Example, fingerprint, rows, targets_of

SPANS = ("civil_toxic_spans", "semeval2021_toxic_spans")
"""The sources whose toxic words annotators marked."""

SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
CALM = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
FEWEST_WORDS = 6


def outside(text: str, marked: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Yield the sentences of *text* that touch no marked ``(start, end)`` range."""
    ranges = list(marked)
    for match in SENTENCE.finditer(text):
        start, end = match.span()
        touched = any(start < stop and begin < end for begin, stop in ranges)
        sentence = match.group().strip()
        if not touched and len(sentence.split()) >= FEWEST_WORDS:
            yield sentence


def ranges_of(row: dict[str, str]) -> list[tuple[int, int]]:
    """Read the marked ranges, written either as ``[type, start, end]`` or as offsets."""
    marked = json.loads(row["spans"] or "[]")
    return [(s[1], s[2]) if isinstance(s, list) else (s, s + 1) for s in marked]


def clean_sentences(paths: Iterable[Path], unseen: set[str]) -> list[Example]:
    """Collect the clean sentences of every comment whose fingerprint is not in *unseen*.

    A comment in which nobody marked anything is skipped: the whole of it was found toxic.
    """
    found: dict[str, None] = {}
    for path in paths:
        for row in rows(path):
            marked = ranges_of(row)
            if marked and fingerprint(row["text"]) not in unseen:
                found.update(dict.fromkeys(outside(row["text"], marked)))
    return [Example(sentence, CALM, marked=()) for sentence in found]


def cleaned_comments(paths: Iterable[Path], unseen: set[str]) -> list[Example]:
    """Take the toxic sentences out of comments, where two sentences or more are left.

    What is left is as long as a comment, on the same subject, and harmless.
    """
    found: dict[str, None] = {}
    for path in paths:
        for row in rows(path):
            marked = ranges_of(row)
            if marked and fingerprint(row["text"]) not in unseen:
                left = list(outside(row["text"], marked))
                if len(left) > 1:
                    found[" ".join(left)] = None
    return [Example(text, CALM, marked=()) for text in found]


def marked_comments(data: Path, unseen: set[str]) -> list[Example]:
    """Read the toxic news comments whose toxic words most annotators agreed on.

    Their further labels are those that the same comments have in civil_toxic_spans. Where no
    word was agreed on, the whole was found toxic, and no word is taught.
    """
    train = data / "train"
    labelled = {
        fingerprint(row["text"]): targets_of(row) for row in rows(train / f"{SPANS[0]}.csv.gz")
    }
    found = []
    for row in rows(train / f"{SPANS[1]}.csv.gz"):
        key = fingerprint(row["text"])
        if key not in unseen:
            targets = labelled.get(key, (1.0, None, None, None, None, None))
            found.append(Example(row["text"], targets, marked=tuple(ranges_of(row)) or None))
    return found
