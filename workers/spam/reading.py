"""What the text model reads of a comment: its words, without what only one campaign has."""

import re
from html import unescape
from typing import Final

from moderation.domain.text import canonical

_TAG: Final = re.compile(r"<(?:br|/?(?:p|b|i|em|strong|div|span))\s*/?>", re.IGNORECASE)
_ANCHOR: Final = re.compile(r"<a\s[^<>]{0,500}?href=[\"']?([^\"'<>\s]+)[^<>]*>|</a>", re.IGNORECASE)
_JUMP: Final = re.compile(r"<a\s[^<>]{0,500}>\s*(\d{1,2}(?::\d\d){1,2})\s*</a>", re.IGNORECASE)
"""A link to a moment of the video, which the site itself makes of a time."""
_LINK: Final = re.compile(r"(?:https?://|www\.)(?P<host>[^\s/?#]+)\S*", re.IGNORECASE)
_DIGIT: Final = re.compile(r"\d")
_ENDLESS: Final = re.compile(r"(\S{40})\S+")


def as_read(text: str) -> str:
    """Return *text* in canonical form and lower case, links as their hosts, digits as ``0``.

    Where a link leads to and which number is to be rung changes from campaign to campaign; that
    there is one, and what is said around it, does not.
    """
    if "<" in text or "&" in text:
        text = unescape(_ANCHOR.sub(r" \1 ", _JUMP.sub(r" \1 ", _TAG.sub(" ", text))))
    shown = canonical(text).text.lower()
    hosts = _LINK.sub(lambda found: f" http:// {found['host']} ", shown)
    return _ENDLESS.sub(r"\1", _DIGIT.sub("0", hosts))
