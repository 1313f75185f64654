"""A model that anybody can foretell, and data for it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from workers.engines.card import ScorerCard

SIGNALS: Final = ("toxicity", "insult")
TODAY: Final = date(2026, 11, 24)


class Counting:
    """Scores a text by its words that insult, three tenths each; half of that for insult."""

    signals: tuple[str, ...] = SIGNALS
    model_hash = "ab" * 32
    card = ScorerCard("counting", "1", model_hash, SIGNALS, (), "Apache-2.0", 128)

    def __init__(self, *words: str) -> None:
        self._words = words or ("idiot",)
        self.read: list[str] = []

    def mark(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for word in self._words for match in re.finditer(word, text)]

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        self.read += texts
        counted = [sum(text.lower().count(word) for word in self._words) for text in texts]
        return [
            {s: min(3 * n, 10) / (10 if s == "toxicity" else 20) for s in self.signals}
            for n in counted
        ]


class Bars:
    """Remembers how far each bar came, and how far it should."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}
        self.total: dict[str, int] = {}

    def begin(self, doing: str, total: int) -> Callable[[int], None]:
        self.total[doing], self.done[doing] = total, 0

        def advance(some: int) -> None:
            self.done[doing] += some

        return advance


def jsonl(path: Path, *rows: Mapping[str, Any]) -> Path:
    """Write rows as JSONL."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def comments() -> list[dict[str, Any]]:
    """Return 24 comments, of which half name women, and half are toxic."""
    rows = []
    for i in range(24):
        toxic, women = i % 2, i % 4 < 2
        text = f"{'these women' if women else 'these people'} wrote letter {i} to the council"
        if toxic:
            text += ", idiot, what an idiot, idiot"
        rows.append({"text": text, "toxicity": toxic, "insult": "" if i < 12 else toxic})
    return rows
