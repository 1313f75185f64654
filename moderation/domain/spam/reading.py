"""A comment as the content signals read it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from moderation.domain.aligned import Aligned
from moderation.domain.folding import folded
from moderation.domain.links import Link, read_links
from moderation.domain.spam.finding import Finding, Place
from moderation.domain.spam.hosts import host_of, in_letters, site_of
from moderation.domain.spam.phrases import PhraseList


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamLists:
    """Domains and phrases: ``shorteners`` hide where a link leads, the rest is known for spam."""

    shorteners: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    phrases: PhraseList = field(default_factory=PhraseList)


@dataclass(frozen=True, slots=True)
class Linked:
    """A link that leads away from the site.

    ``places`` holds where it stands first; the author's stands nowhere in the text. ``hidden``
    says that it was written so that machines should not see it.
    """

    address: str
    host: str
    places: tuple[Place, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text, its plain form, and its links.

    ``links`` are all of them, ``elsewhere`` those that lead away from the site. ``own`` is the
    site's own domain, None where it is not known.
    """

    text: str
    shown: Aligned
    links: tuple[Link, ...]
    elsewhere: tuple[Linked, ...]
    author: Linked | None
    own: str | None
    lists: SpamLists = field(default_factory=SpamLists)

    def linked(self) -> Iterable[Linked]:
        """Return every link that leads away, the author's own included."""
        return self.elsewhere if self.author is None else (*self.elsewhere, self.author)


def read(
    text: str,
    *,
    lists: SpamLists,
    article_url: str | None = None,
    author_url: str | None = None,
) -> Reading:
    """Read a comment.

    Args:
        text: As written.
        lists: Known domains.
        article_url: Of the page commented on; its domain is the site's own.
        author_url: The author's link, which sites show beside the comment.
    """
    shown = folded(text)
    links = read_links(shown)
    home = host_of(article_url) if article_url else None
    own = site_of(in_letters(home)) if home else None
    elsewhere = [_linked(link, text) for link in links]
    author = _author(author_url) if author_url else None
    return Reading(
        text=text,
        shown=shown,
        links=links,
        elsewhere=tuple(each for each in elsewhere if each is not None and _is_away(each, own)),
        author=author if author is not None and _is_away(author, own) else None,
        own=own,
        lists=lists,
    )


def found_in(links: Iterable[Linked], told: str, *, score: float = 1.0) -> Finding:
    """Return a finding about these links."""
    return Finding(score, told, [place for link in links for place in link.places])


def _is_away(link: Linked, own: str | None) -> bool:
    return own is None or site_of(in_letters(link.host)) != own


def _author(address: str) -> Linked | None:
    host = host_of(address)
    return None if host is None else Linked(address, host)


def _linked(link: Link, text: str) -> Linked | None:
    place = (link.place.start, link.place.end)
    written = unicodedata.normalize("NFC", text[slice(*place)])
    hidden = not _is_plain(written, link.address)
    address = link.address if hidden else written
    host = host_of(address)
    return None if host is None else Linked(address, host, (place,), hidden)


def _is_plain(written: str, read: str) -> bool:
    """Say whether an address was written as it is read, but for the accents of Latin letters."""
    plain = unicodedata.normalize("NFC", read)
    return len(written) == len(plain) and all(
        a.isalpha() and not a.isascii() and (a < "\u0250" or "\u1e00" <= a < "\u1f00")
        for a, b in zip(written, plain, strict=True)
        if a != b
    )
