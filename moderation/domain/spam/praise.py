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
_SITE: Final = "blogs?|weblogs?|web ?pages?|web ?sites?|sites?|channels?|homepage"
_PAGE: Final = (
    f"{_SITE}|articles?|content|info|information|pages?|paragraphs?|posts?|posting|resource|stuff"
    "|sharing|theme|tips|topic|write[ -]?up|videos?"
)
_STRONG: Final = re.compile(
    rf"\b(?:(?:{_GOOD}) (?:(?:and|&) (?:{_GOOD}) )?(?:little |short )?(?:{_SITE})"
    rf"|(?:like|love|enjoy(?:ed)?|loved|appreciate|bookmark(?:ed)?) (?:this|your) (?:{_SITE})"
    r"|thanks?(?: you)?(?: a lot| so much| very much)? for (?:sharing|posting|the (?:info|share))"
    r"|keep (?:up the|on) (?:good|great|excellent|nice|awesome|posting|writing|sharing)"
    r"|i(?:'ll| will| shall)(?: \w+)? (?:be back|bookmark|come back|visit again|return)"
    rf"|(?:check out|visit|look at|surf to|subscribe to) my (?:\w+ )?(?:{_SITE}|videos?|page)"
    r"|exactly what i (?:was|wanted|needed|have been) (?:looking|to know|searching))\b",
    re.IGNORECASE,
)
_WEAK: Final = re.compile(
    rf"\b(?:(?:{_GOOD}) (?:(?:and|&) (?:{_GOOD}) )?(?:{_PAGE}|read|piece)"
    rf"|(?:like|love|enjoy(?:ed)?|loved) (?:this|your) (?:{_PAGE})"
    r"|keep it up|(?:very|really|so|truly) (?:informative|well[ -]written))\b",
    re.IGNORECASE,
)
_WEAKLY: Final = 0.4
"""Score of praise that honest readers use as well."""

_BESIDE_AUTHOR: Final = 0.5
"""Part of it that counts where only the author's own link leads away: many readers have one."""


def praise_with_link(reading: Reading) -> Finding:
    """Look for boilerplate praise in a comment with a link that leads away."""
    if not reading.elsewhere and reading.author is None:
        return NOTHING
    for pattern, worth in ((_STRONG, 1.0), (_WEAK, _WEAKLY)):
        praised = [found.span() for found in pattern.finditer(reading.shown.text)]
        if praised:
            score = worth * (1.0 if reading.elsewhere else _BESIDE_AUTHOR)
            places = [reading.shown.span(*place) for place in praised]
            return Finding(score, "stock praise or invitations, and a link", places)
    return NOTHING
