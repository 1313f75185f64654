"""A comment as the content signals read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from moderation.domain.aligned import Aligned
from moderation.domain.folding import folded
from moderation.domain.links import Link, read_links
from moderation.domain.spam.finding import Finding, Place
from moderation.domain.spam.hosts import host_of, site_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamLists:
    """Domains: ``shorteners`` hide where a link leads, ``blocked`` are known for spam."""

    shorteners: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Linked:
    """A link that leads away from the site; no ``place`` for the author's, which is no text."""

    address: str
    host: str
    place: Place | None = None


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
    own = site_of(home) if home else None
    elsewhere = [_away(link.address, own, (link.place.start, link.place.end)) for link in links]
    return Reading(
        text=text,
        shown=shown,
        links=links,
        elsewhere=tuple(filter(None, elsewhere)),
        author=_away(author_url, own, None) if author_url else None,
        own=own,
        lists=lists,
    )


def found_in(links: Iterable[Linked], told: str, *, score: float = 1.0) -> Finding:
    """Return a finding about these links."""
    return Finding(score, told, [link.place for link in links if link.place is not None])


def _away(address: str, own: str | None, place: Place | None) -> Linked | None:
    host = host_of(address)
    if host is None or (own is not None and site_of(host) == own):
        return None
    return Linked(address, host, place)
