"""Links that are written so that people read them and machines should not."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from moderation.domain.spam.alike import is_homograph
from moderation.domain.spam.finding import NOTHING, Finding, Place
from moderation.domain.spam.hosts import site_of
from moderation.domain.spam.reading import Reading, found_in

_BARE: Final = 0.25
"""Score of a domain without a scheme: newspapers and shops are named so, too."""

_SPELT: Final = "(?:com|net|org|info|biz|ru|xyz)"
_SPACED: Final = "(?:com|org|biz|xyz)"
"""Endings that are neither words (*info*, *r u*) nor begin a word of programmers (*.net*)."""

_SPELT_OUT: Final = re.compile(
    r"(?<![\w.-])(?!(?:the|a|an|this|of|and|or|every|first|early|new|big|in|your)\b)"
    rf"[a-z0-9-]{{3,40}}+(?: dot {_SPELT}| \. ?{_SPACED}|\. {_SPACED})\b(?![\w-])"
    r"(?! ?(?:b(?:oom|ubble|ust|illion)|c(?:rash|ompan)|er[as]|millionaire|start))"
    rf"|(?<![\w.-])[A-Za-z0-9-]{{3,40}}+ ?(?:\bDOT\b|\.dot\.) ?{_SPELT}\b"
    r"|\b[wW] [wW] [wW] ?\. ?\w{1,40}",
)
_DOT: Final = re.compile(r" ?(?:\bdot\b|\.)\.? ?", re.IGNORECASE)
"""A name and its ending with more than a dot between them; not ``the dot com bubble``."""


def disguised_link(reading: Reading) -> Finding:
    """Look for ``hxxp``, ``[.]``, ``dot com``, styled and foreign letters, then for bare domains.

    Names in one foreign alphabet and accents are no disguise.
    """
    disguised = [link for link in reading.elsewhere if link.hidden or is_homograph(link.host)]
    spelt_out = list(_spelt_out(reading))
    if disguised or spelt_out:
        found = found_in(disguised, "a web address in disguise")
        return replace(found, places=[*found.places, *spelt_out])
    bare = [link for link in reading.elsewhere if _is_bare(link.address)]
    return found_in(bare, "a web address without http", score=_BARE) if bare else NOTHING


def _spelt_out(reading: Reading) -> Iterator[Place]:
    for found in _SPELT_OUT.finditer(reading.shown.text):
        if site_of(_DOT.sub(".", found.group().lower())) != reading.own:
            yield reading.shown.span(*found.span())


def _is_bare(address: str) -> bool:
    return "://" not in address[:9] and not address.lower().startswith("www.")
