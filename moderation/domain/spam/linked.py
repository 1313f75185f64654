"""Evidence in links, and in phrases, that lists know: how many, how much of the text, where to."""

from itertools import chain
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding
from moderation.domain.spam.hosts import is_within
from moderation.domain.spam.reading import Reading, found_in

_SATURATION: Final = 5
"""Distinct links at which the score reaches 1. Provisional: chosen, not measured."""

_ONE_PHRASE: Final = 0.4
"""Score of a single listed phrase: two in a thousand harmless comments hold one, none held two."""


def link_density(reading: Reading) -> Finding:
    """Count all links, also those to the site itself."""
    return Finding(min(len(reading.links) / _SATURATION, 1.0))


def link_share(reading: Reading) -> Finding:
    """Measure how much of what is visible are links that lead away, each as often as it stands."""
    if not reading.elsewhere:
        return NOTHING
    visible = sum(map(len, reading.text.split()))
    linked = 0
    for start, end in chain.from_iterable(link.places for link in reading.elsewhere):
        linked += reading.text.count(reading.text[start:end]) * (end - start)
    return found_in(reading.elsewhere, "links that lead away", score=min(linked / visible, 1.0))


def shortened_link(reading: Reading) -> Finding:
    """Look for links whose target a reader cannot see."""
    links = [each for each in reading.linked() if is_within(each.host, reading.lists.shorteners)]
    return found_in(links, "a link through a shortener") if links else NOTHING


def blocked_link(reading: Reading) -> Finding:
    """Look for domains that are known for spam."""
    links = [each for each in reading.linked() if is_within(each.host, reading.lists.blocked)]
    return found_in(links, "a link to a domain on a list of spammers") if links else NOTHING


def blocked_phrase(reading: Reading) -> Finding:
    """Look for phrases that are known from comment spam: one may be chance, two are not."""
    found = reading.lists.phrases.find(reading.shown.text)
    if not found:
        return NOTHING
    places = [reading.shown.span(*place) for place in found.values()]
    return Finding(_ONE_PHRASE if len(found) == 1 else 1.0, "phrases on a list of spam", places)
