"""Comments labelled as spam or not, by source, and clean ones that are not spam."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.training.data import draw, fingerprint, held_out, rows
from workers.training.sentences import SPANS, clean_sentences

VIDEOS: Final = ("Psy", "KatyPerry", "LMFAO")
YOUTUBE: Final = "youtube"
LABELLED: Final = ("youtube_comment_spam", "telegram_spam", "sms_spam")
"""The files in which somebody labelled spam."""
CLEAN_DEV: Final = ("jigsaw_wikipedia_dev", "civil_news_dev", "stanford_politeness")

_CLEAN: Final = 0.5
_LINK: Final = re.compile(r"https?://|www\.")
TAKE: Final = {"wikipedia": 10_000, "news_toxic": 4_000, "news_sentences": 4_000}
"""How many of the large sources are drawn. Toxic news comments are no advertising either."""


@dataclass(frozen=True, slots=True)
class SpamExample:
    """One text, with whether it is spam. ``source``: such as ``youtube/Psy`` or ``sms``."""

    text: str
    spam: bool
    source: str

    @property
    def family(self) -> str:
        """The source without its part: ``youtube``."""
        return self.source.partition("/")[0]


def spam_examples(data: Path, seed: int) -> list[SpamExample]:
    """Read every text that may be taught: none is a dev text.

    Clean Wikipedia comments with a link are all taken, others drawn: a link alone is no spam.

    Args:
        data: The folder that holds ``train`` and ``dev``.
        seed: Decides which are drawn.
    """
    train, unseen = data / "train", held_out(data)
    wikipedia = [
        row["text"]
        for row in rows(train / "jigsaw_wikipedia.csv.gz")
        if float(row["toxicity"] or 0) < _CLEAN
    ]
    pools: dict[str, Iterable[str]] = {
        "wikipedia_links": [text for text in wikipedia if _LINK.search(text)],
        "wikipedia": [text for text in wikipedia if not _LINK.search(text)],
        "news": [
            row["text"]
            for row in rows(train / "civil_news.csv.gz")
            if float(row["toxicity"] or 0) < _CLEAN
        ],
        "news_toxic": [row["text"] for row in rows(train / "civil_toxic_spans.csv.gz")],
        "news_sentences": [
            e.text for e in clean_sentences([train / f"{n}.csv.gz" for n in SPANS], unseen)
        ],
    }
    return [*labelled(data), *_clean(pools, unseen, seed)]


def labelled(data: Path) -> list[SpamExample]:
    """Read the texts that somebody labelled as spam or not; of Telegram the English ones."""
    train = data / "train"
    return [
        *(
            SpamExample(row["text"], row["spam"] == "1", f"{YOUTUBE}/{row['video']}")
            for row in rows(train / f"{LABELLED[0]}.csv.gz")
        ),
        *(
            SpamExample(row["text"], row["spam"] == "1", "telegram")
            for row in rows(train / f"{LABELLED[1]}.csv.gz")
            if row["lang"] == "en"
        ),
        *(
            SpamExample(row["text"], row["spam"] == "1", "sms")
            for row in rows(train / f"{LABELLED[2]}.csv.gz")
        ),
    ]


def clean_texts(data: Path, name: str) -> list[str]:
    """Read the harmless texts of a dev set."""
    return [
        row["text"]
        for row in rows(data / "dev" / f"{name}.csv.gz")
        if row["text"].strip() and float(row["toxicity"] or 0) < _CLEAN
    ]


def _clean(pools: dict[str, Iterable[str]], unseen: set[str], seed: int) -> list[SpamExample]:
    found = []
    for name, texts in pools.items():
        allowed = [t for t in texts if t.strip() and fingerprint(t) not in unseen]
        chosen = draw(allowed, TAKE.get(name, len(allowed)), f"spam {name}", seed)
        found += [SpamExample(text, spam=False, source=name) for text in chosen]
    return found
