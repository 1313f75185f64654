"""Asking readers to look at, follow or pay the writer: what self-promotion says everywhere."""

import re
from typing import Final

_WORKS: Final = (
    "channels?|chan+els?|pages?|vid|vids|videos?|music|songs?|covers?|tracks?|remix(?:es)?|beats?|raps?"
    "|blogs?|sites?|web ?sites?|shops?|stores?|fb|facebook|insta(?:gram)?|twitter|snap(?:chat)?"
    "|accounts?|profiles?|mixtapes?|playlists?|albums?|books?|bands?|groups?|links?|products?"
    "|services?|games?|parod(?:y|ies)|youtube"
)
_ASKS: Final = {
    "own_work": rf"\b(?:my|our)\s+(?:[\w']+\s+){{0,2}}(?:{_WORKS})\b",
    "look": (
        r"\bcheck(?:ing)?\s+(?:(?:it|this|that|these|them|me|us|him|her)\s+)?out\b|\bcheck\s+(?:my|our|this)\b"
        r"|\b(?:visit|see|watch|hear|listen\s+to|look\s+at|go\s+to|search(?:\s+for)?|view|buy|support)\s+(?:my|our|me|us)\b"
        r"|\btake\s+a\s+look\b|\bclick\b|\bcome\s+(?:and\s+)?(?:see|watch|join|visit)\b|\bvisit\s"
    ),
    "follow": (
        r"\bsubscrib(?:e|ing)\b|\bsub\s+(?:me|us|my|to|back|for|0)\b|\bsub0sub\b"
        r"|\b(?:follow|add|join|contact|text|message|inbox|dm|whatsapp|email)\s+(?:me|us|my|our|back|for|0)\b"
    ),
    "applause": (
        r"\b(?:like|share|thumbs?\s+up|upvote)\s+(?:\S+\s+){0,2}(?:this|my|the|our)\s+(?:comment|post|page|poster)\b"
        r"|\bthumbs?\s+up\s+(?:if|for|so)\b|\bgive\s+(?:it|this|me|us)\s+a\s+(?:like|thumbs?|share)\b"
        r"|\blike\s+(?:if|and\s+sub|0\s+like|for\s+like)\b"
    ),
    "gain": (
        r"\b(?:earn|make|made|making|won|win)\s+(?:[\w$,.]+\s+){0,3}(?:money|cash|profits?|dollars?|[$£€]\s?0|income)"
        r"|\b(?:work|job)\s+(?:from|at)\s+home\b|\bgift\s?cards?\b|\bfree\s+(?:money|gift|iphone|ipad|entry|code|trial|shipping|delivery)\w*"
        r"|\bgive\s?aways?\b|\bdonat(?:e|ions?)\b|\bgofundme\b|\binvest(?:ed|ing|ments?)?\b|\bdiscount\b|\bcheap\s|\bper\s+(?:hour|day|week)\b"
    ),
    "plea": (
        r"\b(?:please|pls|plz|plss+|pleas)\s+(?:\w+\s+){0,2}(?:help|support|give|take|vote|listen|visit|check|watch|look|read|click|sub\w*|share|follow|join|like)\b"
        r"|\bhelp\s+(?:me|us)\b|\bwould\s+(?:mean|appreciate)\b|\bvote\s+(?:for|me)\b"
    ),
    "address": (
        r"\b(?:hey|hi|hello|yo|dear)\s*,?\s*(?:guys|every(?:one|body)|all|there|people|friends|fans|youtubers?)\b"
        r"|\b(?:guys|everyone|everybody)\b[!,]"
    ),
}
_PATTERNS: Final = {name: re.compile(pattern) for name, pattern in _ASKS.items()}


def asks(read: str) -> dict[str, bool]:
    return {name: pattern.search(read) is not None for name, pattern in _PATTERNS.items()}
