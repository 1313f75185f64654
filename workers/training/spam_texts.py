"""Labelled spam and harmless texts of the data folder, each with where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.training.data import rows

HARMLESS: Final = {"civil_news": 1_000_000, "jigsaw_wikipedia": 3_000}
"""Files of comments of which those that are not toxic count as no spam, and how many to take."""


@dataclass(frozen=True, slots=True)
class SpamText:
    """One text; ``origin`` is its file, with the video or language where one is told."""

    text: str
    spam: bool
    origin: str


def spam_texts(data: Path) -> list[SpamText]:
    """Return every text, in file order."""
    return [each for each in _all(data / "train") if each.text.strip()]


def _all(train: Path) -> Iterator[SpamText]:
    for name, part in (
        ("youtube_comment_spam", "video"),
        ("telegram_spam", "lang"),
        ("sms_spam", None),
    ):
        for row in rows(train / f"{name}.csv.gz"):
            origin = name.split("_")[0] + (f":{row[part]}" if part else "")
            yield SpamText(row["text"], row["spam"] == "1", origin)
    for name, most in HARMLESS.items():
        taken = 0
        for row in rows(train / f"{name}.csv.gz"):
            if row["toxicity"] == "0" and taken < most:
                taken += 1
                yield SpamText(row["text"], False, name)
