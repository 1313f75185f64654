"""Links whose shown text names another address than the one that opens."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding, Place
from moderation.domain.spam.hosts import host_of, site_of
from moderation.domain.spam.reading import Reading

_MOST: Final = 100
"""Links in markup that are looked at."""

_LONGEST: Final = 500
"""Characters of a shown text, of a target and of a tag that are looked at."""

_MARKUP: Final = re.compile(
    rf"\[(?P<shown>[^\[\]]{{1,{_LONGEST}}}+)\]\([ ]?+<?(?P<target>[^\s()\[\]<>]{{1,{_LONGEST}}}+)"
    rf"|<a\b(?P<tag>[^<>]{{1,{_LONGEST}}}+)>(?P<inside>[^<]{{1,{_LONGEST}}}+)</a"
    rf"|\[url ?= ?[\"']?(?P<bb>[^\[\]\"'\s]{{1,{_LONGEST}}}+)[\"']?\](?P<within>[^\[]{{1,{_LONGEST}}}+)\[/url",
    re.IGNORECASE,
)
_HREF: Final = re.compile(r"\bhref ?= ?[\"']?([^\"'\s>]+)", re.IGNORECASE)
_SHOWN: Final = re.compile(
    r"(?:https?://|www\.)?(?P<host>(?:[\w-]{1,63}\.){1,5}[a-z]{2,24})(?![\w.@-]*@)", re.IGNORECASE
)


def mismatched_link(reading: Reading) -> Finding:
    """Look at links in HTML, Markdown and BBCode that show the address of another site."""
    places = [
        reading.shown.span(*place)
        for place, shown, target in islice(_in_markup(reading.shown.text), _MOST)
        if _differ(shown, target)
    ]
    return (
        Finding(1.0, "a link that shows another address than it opens", places)
        if places
        else NOTHING
    )


def _in_markup(text: str) -> Iterator[tuple[Place, str, str]]:
    """Yield where a link stands, what it shows and what it opens."""
    for found in _MARKUP.finditer(text):
        shown = found["shown"] or found["inside"] or found["within"]
        target = found["target"] or found["bb"]
        if found["tag"] is not None:
            href = _HREF.search(found["tag"])
            target = href[1] if href else ""
        yield found.span(), shown, target


def _differ(shown: str, target: str) -> bool:
    named = _SHOWN.fullmatch(shown.strip().split("/")[0]) or _SHOWN.match(shown.strip())
    opened = host_of(target)
    if named is None or opened is None:
        return False
    host = host_of(named["host"].lower())
    return host is not None and site_of(host) != site_of(opened)
