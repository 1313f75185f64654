"""Links whose shown text names another address than the one that opens."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from moderation.domain.links import SURE_ENDINGS
from moderation.domain.spam.finding import NOTHING, Finding, Place
from moderation.domain.spam.hosts import host_of, site_of
from moderation.domain.spam.reading import Reading

_MOST: Final = 100
"""Links in markup that are looked at."""

_LONGEST: Final = 500
"""Characters of a shown text, of a target and of a tag that are looked at."""

_MARKUP: Final = re.compile(
    rf"\[(?P<shown>[^\[\]]{{1,{_LONGEST}}}+)\]\( ?+<?(?P<target>[^\s()\[\]<>]{{1,{_LONGEST}}}+)"
    rf"|<a\b(?P<tag>[^<>]{{1,{_LONGEST}}}+)>(?P<inside>[^<]{{1,{_LONGEST}}}+)</a"
    rf"|\[url ?= ?[\"']?(?P<code>[^\[\]\"'\s]{{1,{_LONGEST}}}+)[\"']?\]"
    rf"(?P<within>[^\[]{{1,{_LONGEST}}}+)\[/url",
    re.IGNORECASE,
)
_HREF: Final = re.compile(r"\bhref ?= ?[\"']?([^\"'\s>]+)", re.IGNORECASE)
_SHOWN: Final = re.compile(
    r"(?P<start>https?://|www\.)?(?P<host>(?:[\w-]{1,63}\.){1,5}(?P<ending>[a-z]{2,24}))(?=[/?#:]\S*$|$)",
    re.IGNORECASE,
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
        target = found["target"] or found["code"]
        if found["tag"] is not None:
            href = _HREF.search(found["tag"])
            target = href[1] if href else ""
        yield found.span(), shown, target


def _differ(shown: str, target: str) -> bool:
    named = _SHOWN.match(shown.strip())
    if named is None or not (named["start"] or named["ending"].lower() in SURE_ENDINGS):
        return False
    said, opened = host_of(named["host"].lower()), host_of(target.lower())
    return said is not None and opened is not None and site_of(said) != site_of(opened)
