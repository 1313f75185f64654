"""Asking readers to look at, follow, applaud or pay the writer: how self-promotion is worded."""

import re
from collections.abc import Mapping
from typing import Final

_WORKS: Final = (
    r"(?:chan+els?|pages?|vids?|videos?|music|songs?|covers?|tracks?|remix(?:es)?|beats?|raps?|blogs?"
    r"|(?:web ?)?sites?|shops?|stores?|fb|facebook|insta(?:gram)?|twitter|snap(?:chat)?|accounts?"
    r"|profiles?|mixtapes?|playlists?|albums?|books?|bands?|groups?|links?|products?|services?|games?"
    r"|parod(?:y|ies)|youtube)"
)
_PLEASE: Final = r"pl(?:ease?|s+|z+)"

ASKING: Final[Mapping[str, str]] = {
    "own_work": "speaks of the writer's own channel, page or shop",
    "look": "asks readers to look at something",
    "follow": "asks readers to subscribe, follow or get in touch",
    "applause": "asks for likes or shares",
    "gain": "speaks of money to be made, gifts or donations",
    "plea": "begs readers for help",
    "address": "addresses everybody",
}
"""By kind of asking, the clause that tells moderators of it."""

_PATTERNS: Final = {
    "own_work": rf"\b(?:my|our)\s+(?:[\w']+\s+){{0,2}}{_WORKS}\b",
    "look": (
        r"\bcheck(?:ing)?\s+(?:(?:it|this|that|these|them|me|us|him|her)\s+)?out\b"
        r"|\bcheck\s+(?:my|our|this)\b"
        r"|\b(?:see|watch|hear|listen\s+to|look\s+at|go\s+to|search(?:\s+for)?|view|buy|support)"
        r"\s+(?:my|our|me|us)\b"
        r"|\btake\s+a\s+look\b|\bclick\b|\bcome\s+(?:and\s+)?(?:see|watch|join|visit)\b|\bvisit\s"
    ),
    "follow": (
        r"\bsubscrib(?:e|ing)\b|\bsub\s+(?:me|us|my|to|back|for|0)\b|\bsub0sub\b"
        r"|\b(?:follow|add|join|contact|text|message|inbox|dm|whatsapp|email)"
        r"\s+(?:me|us|my|our|back|for|0)\b"
    ),
    "applause": (
        r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bto )(?<!\breally )(?<!\balso )"
        r"\b(?:like|share|thumbs?\s+up|upvote)\s+(?:\S{1,20}\s+){0,2}(?:this|my|the|our)"
        r"\s+(?:comment|post|page|poster)\b"
        r"|\bthumbs?\s+up\s+(?:if|for|so)\b|\bgive\s+(?:it|this|me|us)\s+a\s+(?:like|thumbs?|share)\b"
        r"|\blike\s+(?:if|and\s+sub|0\s+like|for\s+like)\b"
    ),
    "gain": (
        r"\b(?:earn|make|made|making|won|win)\s+(?:[\w$,.]{1,20}\s+){0,3}"
        r"(?:money|cash|profits?|dollars?|income|[$£€]\s?0)"
        r"|\b(?:work|job)\s+(?:from|at)\s+home\b|\bgift\s?cards?\b|\bgive\s?away(?:s|\b)"
        r"|\bfree\s+(?:money|gift|iphone|ipad|entry|code|trial|shipping|delivery)"
        r"|\b(?:please|pls|can\s+you|could\s+you)\s+(?:\w+\s+)?donate\b|\bdonate\s+(?:to\s+me|bitcoins?)\b"
        r"|\bgofundme\b|\binvest(?:ed|ing)?\s+(?:(?:just|only|with)\s+)?[$£€]?\s?0"
        r"|\b(?:forex|crypto|bitcoins?|binary\s+options?|trading)\s+(?:trad\w+|platform|invest\w+|signals?)"
        r"|\b(?:discount|promo|coupon)\s+codes?\b|\baccount\s+manager\b"
    ),
    "plea": (
        rf"\b{_PLEASE}\s+(?:\w+\s+){{0,2}}(?:help|support|give|take|vote|listen|visit|check|watch"
        r"|look|read|click|sub\w*|share|follow|join|like)\b"
        r"|\bhelp\s+(?:me|us)\b|\bwould\s+(?:mean|appreciate)\b|\bvote\s+(?:for|me)\b"
    ),
    "address": (
        r"\b(?:hey|hi|hello|yo|dear)\s*,?\s*(?:guys|every(?:one|body)|all|there|people|friends|fans"
        r"|youtubers?)\b|\b(?:guys|everyone|everybody)\b[!,]"
    ),
}
_COMPILED: Final = {kind: re.compile(_PATTERNS[kind]) for kind in ASKING}
_HINTS: Final = {
    "own_work": ("my", "our"),
    "look": (
        *("check", "see", "watch", "hear", "listen", "look", "go", "search", "view", "buy"),
        *("support", "click", "come", "visit"),
    ),
    "follow": (
        *("sub", "follow", "add", "join", "contact", "text", "mess", "inbox", "dm", "app"),
        "email",
    ),
    "applause": ("like", "share", "thumb", "upvote", "give"),
    "gain": (
        *("earn", "ma", "wo", "win", "job", "gift", "give", "free", "donat", "gofundme", "invest"),
        *("forex", "crypto", "bitcoin", "binary", "trading", "discount", "promo", "coupon"),
        "account",
    ),
    "plea": ("pl", "help", "would", "vote"),
    "address": ("guys", "everyone", "everybody", "hey", "hi", "hello", "yo", "dear"),
}
"""Bits of words without which a kind is not asked: looking for them costs a fraction."""
_ENOUGH: Final = 3
"""Kinds of asking at which the score reaches 1. Chosen; `spam` weighs each kind by itself."""


def kinds_of_asking(read: str) -> dict[str, float]:
    """Say of each kind of asking whether a text does it: 1 or 0.

    Args:
        read: As the text model reads it.
    """
    return {
        kind: float(any(hint in read for hint in _HINTS[kind]) and pattern.search(read) is not None)
        for kind, pattern in _COMPILED.items()
    }


def self_promotion(kinds: Mapping[str, float]) -> float:
    """Say how much a text promotes its writer, from the kinds of asking in it."""
    return min(sum(kinds.values()) / _ENOUGH, 1.0)
