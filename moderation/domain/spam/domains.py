"""Which domains a comment leads to, other than the site's own."""

import re
from functools import lru_cache
from typing import Final

from moderation.domain.comment import Comment
from moderation.domain.folding import folded
from moderation.domain.links import read_links
from moderation.domain.spam.hosts import host_of, site_of

MOST: Final = 20
"""Domains of a comment that are looked at."""

_COMMON: Final = frozenset(
    re.findall(
        r"[\w.]+",
        "aljazeera.com amazon.com apnews.com apple.com archive.org arxiv.org bbc.co.uk bbc.com"
        " bloomberg.com bsky.app cbsnews.com change.org cnn.com dailymail.co.uk doi.org dw.com"
        " ebay.com economist.com elpais.com europa.eu facebook.com fb.com flickr.com forbes.com"
        " foxnews.com github.com google.com googleusercontent.com gutenberg.org imdb.com"
        " imgur.com independent.co.uk instagram.com latimes.com lemonde.fr linkedin.com"
        " microsoft.com msn.com nature.com nbcnews.com nih.gov npr.org nytimes.com"
        " pinterest.com politico.com reddit.com reuters.com sciencedirect.com scribd.com"
        " spiegel.de spotify.com springer.com stackoverflow.com theguardian.com threads.net"
        " tiktok.com time.com twitter.com un.org usatoday.com vimeo.com washingtonpost.com"
        " whatsapp.com who.int wikimedia.org wikipedia.org wiktionary.org wsj.com x.com"
        " yahoo.com youtu.be youtube.com zeit.de",
    )
)
"""So many honest comments link to these that what one of them sold says nothing about the next."""


def domains_elsewhere(comment: Comment) -> tuple[str, ...]:
    """Return the domains, other than the site's own, that a text and its author's link lead to.

    Each once, in the order of the text; at most `MOST`.
    """
    return _elsewhere(comment.body, comment.author.url, comment.article.url)


@lru_cache(maxsize=32)
def _elsewhere(body: str, author_url: str | None, article_url: str | None) -> tuple[str, ...]:
    """Look for links once, though several scorers ask for the domains of a batch."""
    links = [link.address for link in read_links(folded(body))]
    if author_url:
        links.append(author_url)
    hosts = (host_of(address) for address in links)
    found = dict.fromkeys(site_of(host) for host in hosts if host is not None)
    own = host_of(article_url or "")
    found.pop("" if own is None else site_of(own), None)
    return tuple(found)[:MOST]


def is_common(domain: str) -> bool:
    """Say whether a domain is one that half the world links to, and never itself the spam."""
    return domain in _COMMON
