"""Links that are written so that people read them and machines should not."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from moderation.domain.spam.alike import is_homograph
from moderation.domain.spam.finding import NOTHING, Finding, Place
from moderation.domain.spam.hosts import host_of
from moderation.domain.spam.reading import Reading

_BARE: Final = 0.25
"""Score of a domain without a scheme: newspapers and shops are named so, too."""

_SPELT_OUT: Final = re.compile(
    r"(?<![\w.-])(?!(?:the|a|an|this|of|and|or|every|first|early|new|big|in|your)\b)"
    r"[a-z0-9-]{3,40}+(?: dot | \. ?|\. )(?:com|net|org|info|biz|ru|xyz)\b(?![\w-])"
    r"(?! ?(?:b(?:oom|ubble|ust|illion)|c(?:rash|ompan)|er[as]|millionaire|start))"
    r"|(?<![\w.-])[A-Za-z0-9-]{3,40}+[ ]?(?:\bDOT\b|\.dot\.)[ ]?(?:com|net|org|info|biz|ru|xyz)\b",
)


def disguised_link(reading: Reading) -> Finding:
    """Look for ``hxxp``, ``[.]``, ``dot com``, styled and foreign letters, then for bare domains.

    Names in one foreign alphabet and accents are no disguise.
    """
    hidden = [*_mended(reading), *_spelt_out(reading)]
    if hidden:
        return Finding(1.0, "a web address in disguise", hidden)
    bare = [link.place for link in reading.elsewhere if link.place and _is_bare(link.address)]
    return Finding(_BARE, "a web address without http", bare) if bare else NOTHING


def _mended(reading: Reading) -> Iterator[Place]:
    for link in reading.elsewhere:
        if link.place is not None:
            written = reading.text[slice(*link.place)]
            if (written != link.address and not _is_plain(written)) or is_homograph(link.host):
                yield link.place


def _is_plain(written: str) -> bool:
    """Say whether an address holds nothing but its own letters, accents among them."""
    host = host_of(written)
    return host is not None and unicodedata.normalize("NFKC", host) == host and host.isprintable()


def _spelt_out(reading: Reading) -> Iterator[Place]:
    for found in _SPELT_OUT.finditer(reading.shown.text):
        yield reading.shown.span(*found.span())


def _is_bare(address: str) -> bool:
    return "://" not in address[:9] and not address.lower().startswith("www.")
