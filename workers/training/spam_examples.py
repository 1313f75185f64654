"""Draw the examples that are rehearsed while a site teaches its spam score."""

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from workers.training.spam_texts import SpamText

SHARES: Final = {
    ("youtube", True): 160,
    ("youtube", False): 160,
    ("telegram", True): 160,
    ("telegram", False): 60,
    ("sms", True): 120,
    ("sms", False): 120,
    ("civil_news", False): 300,
}
"""How many of each origin. Wikipedia is left out: its licence asks for more than to be named."""

_MOST_CHARS: Final = 400
_DIGIT: Final = re.compile(r"\d")


def draw_examples(texts: Sequence[SpamText], *, seed: int = 0) -> list[SpamText]:
    """Return what `SHARES` says, shuffled; the digits of telephone numbers are not kept."""
    drawn: list[SpamText] = []
    for (origin, spam), wanted in SHARES.items():
        pool = sorted(
            {
                _DIGIT.sub("0", " ".join(each.text.split()))
                for each in texts
                if each.origin.split(":")[0] == origin
                and each.spam == spam
                and len(each.text) <= _MOST_CHARS
            }
        )
        chance = random.Random(f"{seed}:{origin}:{spam}")  # noqa: S311 - a draw, not a secret
        some = chance.sample(pool, min(wanted, len(pool)))
        drawn += [SpamText(text, spam, origin) for text in some]
    random.Random(seed).shuffle(drawn)  # noqa: S311 - a draw, not a secret
    return drawn


def write_examples(examples: Sequence[SpamText], file: Path) -> None:
    """Write them as JSONL, as `workers.spam.examples` reads it."""
    lines = (
        json.dumps({"text": e.text, "spam": e.spam, "origin": e.origin}, ensure_ascii=False)
        for e in examples
    )
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
