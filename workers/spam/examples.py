"""The examples that ship with the spam model, from elsewhere than the site that teaches it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from moderation.domain.comment import Comment

EXAMPLES: Final = Path(__file__).with_name("examples.jsonl")
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


def shipped_examples(file: Path = EXAMPLES) -> list[tuple[Comment, bool]]:
    """Return them as comments that no site has, and whether each is spam."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(as_comment(known["text"]), known["spam"]) for known in map(json.loads, lines)]


def as_comment(text: str) -> Comment:
    """Return a text as a comment of which nothing else is known."""
    return Comment(id="", site_id="", body=text, received_at=_LONG_AGO)
