"""Whose an address is: hosts, and the sites that they belong to."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

PUNYCODE: Final = "xn--"
_SCHEMED: Final = re.compile(r"[a-z][a-z0-9+.-]{1,9}://", re.IGNORECASE)
_SECOND_LEVEL: Final = frozenset(
    re.findall(
        r"\w+",
        "ac co com edu gen go gob gov gouv gub id in info ltd me mil muni ne net nhs nom or org plc"
        " police res sch tm web",
    )
)
"""Labels under which countries register names, as in ``co.uk``."""

_SHARED: Final = frozenset(
    re.findall(
        r"\S+",
        "blogspot.com github.io gitlab.io herokuapp.com medium.com netlify.app pages.dev"
        " substack.com tumblr.com vercel.app web.app weebly.com wixsite.com wordpress.com",
    )
)
"""Domains whose subdomains belong to strangers. The best known; a full list would need upkeep."""

_ADDRESS_OF_MACHINE: Final = re.compile(r"[0-9.]+|.*:.*")


def host_of(address: str) -> str | None:
    """Return the host that a link leads to, in small letters, without ``www.``.

    None where there is none that all the world knows, as in ``localhost`` and ``javascript:x``.
    """
    schemed = _SCHEMED.match(address) is not None
    try:
        host = urlsplit(address if schemed else f"//{address}").hostname
    except ValueError:
        return None
    host = (host or "").rstrip(".").removeprefix("www.")
    return host if "." in host or ":" in host else None


def site_of(host: str) -> str:
    """Return the domain that was registered: ``bbc.co.uk`` of ``news.bbc.co.uk``.

    By rule and not by the list of public suffixes, which changes weekly: under an unusual
    suffix, such as ``pvt.k12.ma.us``, strangers count as one site.
    """
    if _ADDRESS_OF_MACHINE.fullmatch(host):
        return host
    labels = host.split(".")
    kept = 2
    if ".".join(labels[-2:]) in _SHARED or (
        len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL  # noqa: PLR2004
    ):
        kept = 3
    return ".".join(labels[-kept:])


def is_within(host: str, domains: frozenset[str]) -> bool:
    """Say whether *host* is one of the domains or below one."""
    labels = host.split(".")
    return any(".".join(labels[i:]) in domains for i in range(max(0, len(labels) - 6), len(labels)))


@lru_cache(maxsize=1024)
def in_letters(host: str) -> str:
    """Return a host with the letters that its punycode stands for."""
    return ".".join(map(_decoded, host.split(".")))


def _decoded(label: str) -> str:
    if not label.startswith(PUNYCODE):
        return label
    try:
        return label.removeprefix(PUNYCODE).encode("ascii").decode("punycode")
    except UnicodeError:
        return label
