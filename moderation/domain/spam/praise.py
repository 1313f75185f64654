"""Praise that fits any page, as a wrapping for a link."""

import re
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding
from moderation.domain.spam.reading import Reading

_GOOD: Final = (
    "amazing|awesome|beautiful|brilliant|cool|excellent|exceptional|fantastic|fabulous|good|great"
    "|helpful|impressive|incredible|informative|interesting|lovely|magnificent|marvell?ous|nice"
    "|outstanding|perfect|remarkable|superb|terrific|useful|valuable|wonderful|well[ -]written"
)
_PAGE: Final = (
    "articles?|blogs?|content|info|information|pages?|paragraphs?|piece of writing|posts?|posting"
    "|read|resource|sharing|sites?|stuff|theme|tips|topic|weblogs?|web ?pages?|web ?sites?"
    "|write[ -]?up|videos?|channels?"
)
_PRAISE: Final = re.compile(
    rf"\b(?:{_GOOD})(?: (?:and|&) (?:{_GOOD}))? (?:blog |web |short |little )?(?:{_PAGE})\b"
    rf"|\b(?:like|love|enjoy|enjoyed|loved|appreciate|bookmarked|bookmark|found|visit(?:ing)?)"
    rf" (?:this|your) (?:{_PAGE})\b"
    r"|\bthanks?(?: you)?(?: a lot| so much| very much)? for (?:sharing|posting|the (?:info|post|share))\b"
    r"|\bkeep (?:up the|on) (?:good|great|excellent|nice|awesome|posting|writing|sharing)\b|\bkeep it up\b"
    r"|\bi(?:'ll| will| shall| am going to)(?: \w+)? (?:be back|bookmark|come back|visit again|return)\b"
    r"|\b(?:very|really|so|truly|quite) (?:informative|well[ -]written)\b"
    rf"|\b(?:check out|visit|look at|surf to|see) my (?:\w+ )?(?:{_PAGE}|homepage)\b"
    r"|\b(?:exactly|just) what i (?:was|wanted|needed|have been) (?:looking|to know|searching)\b",
    re.IGNORECASE,
)
_BESIDE_AUTHOR: Final = 0.5
"""Score where only the author's own link leads away: many honest readers have one."""


def praise_with_link(reading: Reading) -> Finding:
    """Look for boilerplate praise in a comment with a link that leads away."""
    if not reading.elsewhere and reading.author is None:
        return NOTHING
    praised = [found.span() for found in _PRAISE.finditer(reading.shown.text)]
    if not praised:
        return NOTHING
    places = [reading.shown.span(*place) for place in praised]
    score = 1.0 if reading.elsewhere else _BESIDE_AUTHOR
    return Finding(score, "praise that fits any page, and a link", places)
