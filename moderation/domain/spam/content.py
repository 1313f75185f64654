"""The content signals: what they are, and all of them of one comment."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from moderation.domain.signal import Scores, Span
from moderation.domain.spam.alike import lookalike_link
from moderation.domain.spam.contact import contact_bait
from moderation.domain.spam.disguised import disguised_link
from moderation.domain.spam.finding import Finding
from moderation.domain.spam.gibberish import gibberish
from moderation.domain.spam.linked import (
    blocked_link,
    blocked_phrase,
    link_density,
    link_share,
    shortened_link,
)
from moderation.domain.spam.mismatched import mismatched_link
from moderation.domain.spam.praise import praise_with_link
from moderation.domain.spam.reading import Reading, SpamLists, read
from moderation.domain.spam.shouting import shouting

CONTENT: Final[Mapping[str, Callable[[Reading], Finding]]] = MappingProxyType(
    {
        "link_density": link_density,
        "link_share": link_share,
        "shortened_link": shortened_link,
        "disguised_link": disguised_link,
        "lookalike_link": lookalike_link,
        "mismatched_link": mismatched_link,
        "blocked_link": blocked_link,
        "blocked_phrase": blocked_phrase,
        "contact_bait": contact_bait,
        "gibberish": gibberish,
        "shouting": shouting,
        "praise_with_link": praise_with_link,
    }
)
"""By signal, what measures it. Each takes time in proportion to the length of the text."""


def content_scores(
    text: str,
    *,
    lists: SpamLists,
    article_url: str | None = None,
    author_url: str | None = None,
) -> Scores:
    """Measure every content signal of one comment; see `read` for the arguments."""
    reading = read(text, lists=lists, article_url=article_url, author_url=author_url)
    findings = {signal: measure(reading) for signal, measure in CONTENT.items()}
    return Scores(
        {signal: found.score for signal, found in findings.items()},
        told={signal: found.told for signal, found in findings.items() if found.told},
        places=tuple(
            Span(*place, signal) for signal, found in findings.items() for place in found.places
        ),
    )
