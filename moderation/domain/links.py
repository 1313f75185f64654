"""Find links, also those written so that machines should not see them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS

from moderation.domain.aligned import Aligned, Edit
from moderation.domain.folding import folded
from moderation.domain.signal import Span

MAX_LINKS: Final = 100
"""Distinct links after which a text is not searched on. No policy counts so far."""

MAX_LOOKS: Final = 1_000
"""Distinct strings looked at that might be links; more are an attack on the search itself."""

_SOURCE: Final = "link_density"
_LONGEST: Final = 250
"""Characters of a link that are looked at; what follows is more of its path."""

_BROKEN: Final = re.compile(
    r"(?P<scheme>\bh(?:xx|tt|\*\*)ps?(?:://|\[:\]//|\[://\]|:\\\\))"
    r"|(?P<dot> ?(?:\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}) ?)"
    r"|(?P<wide>[\u3002\uff0e\uff61](?=\w))",
    re.IGNORECASE,
)
_SCHEME: Final = "(?:https?|ftp)://"
_CANDIDATE: Final = re.compile(
    rf"(?P<schemed>{_SCHEME}(?:(?!{_SCHEME})\S){{1,{_LONGEST}}}+)"
    r"|(?<![\w@.\-])(?P<name>(?:[\w\-]{1,63}+\.(?=\w)){1,10}+(?P<ending>[^\W\d_]{2,24})\b)(?!@)"
    rf"(?P<rest>(?::[0-9]{{1,5}})?+(?:[/?#]\S{{0,{_LONGEST}}}+)?)",
    re.IGNORECASE,
)
ENDINGS: Final = frozenset(map(str.lower, TLDS)) | {"рф"}
"""Top-level domains."""

SURE_ENDINGS: Final = frozenset(
    re.findall(
        r"\w+",
        "com net org info biz edu gov mil int io co app dev xyz online site shop store blog top"
        " club icu vip ru cn de uk fr nl pl ua br jp kr eu ca au ch se es tk ml cf gq ga ly gg gl"
        " cc tv ws ai nz tr ro cz hu gr ir su рф",
    )
)
"""Endings that make a link of a bare name. Others, like *it* and *live*, also end sentences."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a machine should have read it, and where it stands first in the text.

    ``address`` has no scheme where none was written, and plain letters in place of styled ones.
    """

    address: str
    place: Span


def find_links(text: str) -> tuple[Span, ...]:
    """Return where each distinct link stands first, in characters of *text*; see `read_links`."""
    return tuple(link.place for link in read_links(folded(text)))


def read_links(shown: Aligned) -> tuple[Link, ...]:
    """Return the distinct links of a folded text, in the order in which they stand.

    A link has a scheme, begins with ``www.``, or is a bare domain name of a known ending;
    where the ending is a word too (``so.it``), it needs a path. ``hxxp``, ``[.]`` and
    ``(dot)`` count as what they stand for. E-mail addresses are no links. Links that differ
    only in scheme, ``www.``, case or a last slash are one.

    Takes linear time, and stops at ``MAX_LINKS`` and ``MAX_LOOKS``. The first call of a
    process takes about a tenth of a second longer.
    """
    mended = _mended(shown)
    links: dict[str, Link] = {}
    for start, end in _places(mended.text):
        address = mended.text[start:end]
        key = _key(address)
        if key not in links:
            links[key] = Link(address, Span(*mended.span(start, end), _SOURCE))
        if len(links) == MAX_LINKS:
            break
    return tuple(links.values())


def _mended(shown: Aligned) -> Aligned:
    edits = list(_repairs(shown.text))
    return shown.edited(edits) if edits else shown


def _repairs(text: str) -> Iterator[Edit]:
    for found in _BROKEN.finditer(text):
        if found["scheme"]:
            secure = "s" in found["scheme"].lower()
            new = "https://" if secure else "http://"
        else:
            new = "."
        if new != found.group():
            yield found.start(), found.end(), new


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where links stand."""
    known: dict[str, int] = {}
    for candidate in _CANDIDATE.finditer(text):
        written = candidate.group()
        if written not in known:
            if len(known) == MAX_LOOKS:
                return
            known[written] = _length(written) if _is_likely(candidate) else 0
        if known[written]:
            yield candidate.start(), candidate.start() + known[written]


def _length(candidate: str) -> int:
    """Return how much of a candidate is a link, from its first character; 0 for nothing."""
    matches = _linkify().match(candidate) or [None]
    first = matches[0]
    return first.last_index if first and first.index == 0 and first.schema != "mailto:" else 0


def _is_likely(candidate: re.Match[str]) -> bool:
    """Say whether a candidate is worth a closer look, which costs a hundred times as much."""
    if candidate["schemed"]:
        return True
    name, ending = candidate["name"], candidate["ending"]
    if ending.lower() not in ENDINGS:
        return False
    if name.lower().startswith("www.") or candidate["rest"].startswith("/"):
        return True
    return ending.lower() in SURE_ENDINGS and (ending.islower() or name.isupper())


def _key(link: str) -> str:
    """Return what links to one place have in common."""
    address = link.lower().rpartition("://")[2] if "://" in link[:9] else link.lower()
    return address.removeprefix("www.").rstrip("/")


@cache
def _linkify() -> LinkifyIt:
    linkify = LinkifyIt()
    linkify.tlds(list(ENDINGS))
    return linkify
