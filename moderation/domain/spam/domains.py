"""Which domains a comment leads to."""

import re
from typing import Final

from moderation.domain.comment import Comment
from moderation.domain.links import linked_hosts

MOST: Final = 20
"""Domains of a comment that are looked at."""

_SECOND_LEVEL: Final = frozenset(
    re.findall(
        r"[\w.]+",
        "ac co com edu gob gov govt ltd me mil ne net nom or org plc sch",
    )
)
_SHARED: Final = frozenset(
    re.findall(
        r"[\w.]+",
        "altervista.org appspot.com blogspot.com carrd.co fandom.com firebaseapp.com github.io"
        " gitlab.io glitch.me herokuapp.com jimdofree.com livejournal.com medium.com"
        " mystrikingly.com neocities.org netlify.app pages.dev r2.dev sharepoint.com site123.me"
        " substack.com tumblr.com typepad.com ucoz.com vercel.app webflow.io web.app weebly.com"
        " wixsite.com wordpress.com workers.dev",
    )
)
"""Under these anybody may have a name: it is the name that counts."""

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

_ADDRESS: Final = re.compile(r"[0-9.]+$|.*:")
_HOST: Final = re.compile(r"^(?:[a-z][a-z0-9+.\-]*:)?//(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)


def domains_elsewhere(comment: Comment) -> tuple[str, ...]:
    """Return the domains, other than the site's own, that a text and its author's link lead to.

    Each once, in the order of the text; at most `MOST`.
    """
    own = _of_address(comment.article.url)
    hosts = linked_hosts(comment.body)
    author = _host(comment.author.url)
    found = dict.fromkeys(domain_of(host) for host in (*hosts, *([author] if author else [])))
    found.pop(own or "", None)
    return tuple(found)[:MOST]


def is_common(domain: str) -> bool:
    """Say whether a domain is one that half the world links to, and never itself the spam."""
    return domain in _COMMON


def domain_of(host: str) -> str:
    """Return the part of a host name that somebody registered.

    ``example.co.uk`` for ``shop.example.co.uk``; under a host that gives names away one label more.
    """
    host = host.lower().rstrip(".").removeprefix("www.")
    labels = host.split(".")
    if _ADDRESS.match(host):
        return host
    for size in (2, 3):
        if ".".join(labels[-size:]) in _SHARED:
            return ".".join(labels[-size - 1 :])
    long = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _SECOND_LEVEL  # noqa: PLR2004
    return ".".join(labels[-3:] if long else labels[-2:])


def _of_address(url: str | None) -> str | None:
    host = _host(url)
    return None if host is None else domain_of(host)


def _host(url: str | None) -> str | None:
    found = _HOST.match(url or "")
    return found[1] if found else None
