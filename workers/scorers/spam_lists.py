"""The lists that ship; their sources and licences stand beside them."""

from pathlib import Path
from typing import Final

from moderation.domain.spam.phrases import PhraseList
from moderation.domain.spam.reading import SpamLists

_FOLDER: Final = Path(__file__).with_name("lists")


def shipped_lists() -> SpamLists:
    """Read the lists that ship with the service."""
    return SpamLists(
        shorteners=_entries("url_shorteners.txt"),
        blocked=_entries("referrer_spam_domains.txt"),
        phrases=PhraseList(_entries("comment_spam_phrases.txt")),
    )


def _entries(file: str) -> frozenset[str]:
    """Return a list's entries; lines that begin with ``#`` are about it."""
    lines = (_FOLDER / file).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in map(str.strip, lines) if line and not line.startswith("#"))
