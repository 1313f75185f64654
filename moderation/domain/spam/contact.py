"""Attempts to take readers elsewhere: telephone numbers, messengers, wallets."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding, Place
from moderation.domain.spam.reading import Reading
from moderation.domain.spam.wallets import find_wallets

_WINDOW: Final = 40
"""Characters before a number or a name in which an invitation is looked for."""

_ALONE: Final = 0.5
"""Score of a number or mail address that nobody is asked to use, and of a handle that somebody is:
all of them stand in honest comments, too."""

_DIGITS: Final = re.compile(
    r"(?<![\w.,/:#$€£=-])\+?[(]?[0-9](?:[ ().\-\u2013]{0,2}[0-9]){8,14}(?![\w/%-]|[.,:][0-9])"
)
_WRITTEN_AS_NUMBER: Final = re.compile(
    r"(?:\+|00)[0-9 ().\-\u2013]+|0[0-9 ()\-\u2013]{9,}"
    r"|(?:1[ .-])?[(]?[2-9][0-9]{2}[)]?[ .\-\u2013][0-9]{3}[ .\-\u2013][0-9]{4}"
)
_BOOK: Final = re.compile(r"[0-9 -]+[ -][0-9]")
"""The number of a book ends with a digit by itself."""

_LEAST_DISTINCT: Final = 4
"""Different signs of a telephone number."""

_SHORT_CODE: Final = re.compile(
    r"\b(?:text|txt|sms|send|reply)\b[^.!?\n]{0,30}? to [0-9]{4,6}\b", re.IGNORECASE
)
_INVITATION: Final = re.compile(
    r"\b(?:call|phone|text|txt|sms|tel|ring|dial|mobile|hotline|what'?s ?app|contact|reach|write|dm"
    r"|pm|message|msg|chat|add|inbox|hit|e-?mail(?: me| us|:))(?!\w)",
    re.IGNORECASE,
)
_MESSENGER: Final = re.compile(
    r"(?:t|telegram|wa)\.me/\+?\w{3,64}|(?:api|chat)\.whatsapp\.com/\S{4,60}"
    r"|discord\.gg/\w{3,40}|line\.me/ti/p/\S{2,40}"
    r"|(?:what'?s ?app|telegra[mn]|we ?chat|viber|skype|kik|snap(?:chat)?|icq|zangi|hangouts?"
    r"|signal|insta(?:gram)?|tg|discord)(?: (?:id|me|us|num(?:ber)?|handle|user(?:name)?|contact"
    r"|group|channel|on|at|him|her|is|now|via)\b){0,3}(?:[ :;=>\-\u2013]{0,4}"
    r"(?:@[\w.]{3,32}|\+?[0-9](?:[ ().\-\u2013]{0,2}[0-9]){8,14})"
    r"| ?[:=] ?[A-Za-z](?=\w{0,30}[0-9_])\w{3,31})",
    re.IGNORECASE,
)
_STARTS_MESSENGER: Final = re.compile(
    r"\b(?:t\.m|tel|wa\.|wh|we|ap|ch|disc|li|vi|sk|ki|sn|ic|za|ha|si|in|tg)", re.IGNORECASE
)
_HANDLE: Final = re.compile(r"(?<![\w@/.])@[A-Za-z]\w{3,31}(?![\w.]*@)")
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}+@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}\b")


def contact_bait(reading: Reading) -> Finding:
    """Look for ways to be reached that a discussion does not need."""
    text = reading.shown.text
    kinds = {
        "a cryptocurrency wallet": [(1.0, place) for place in find_wallets(text)],
        "a messenger account": [(1.0, place) for place in _messengers(text)],
        "a telephone number": list(_numbers(text)),
        "an invitation to write elsewhere": [(_ALONE, place) for place in _invited(text)],
    }
    found = [each for kind in kinds.values() for each in kind]
    if not found:
        return NOTHING
    told = " and ".join(clause for clause, kind in kinds.items() if kind)
    score = max(score for score, _ in found)
    places = _apart(place for _, place in found)
    return Finding(score, told, [reading.shown.span(*place) for place in places])


def _apart(places: Iterable[Place]) -> list[Place]:
    """Leave out what lies in a place that begins before it, as a number after a messenger does."""
    apart: list[Place] = []
    for place in sorted(places):
        if not apart or place[0] >= apart[-1][1]:
            apart.append(place)
    return apart


def _messengers(text: str) -> Iterator[Place]:
    done = 0
    for start in _STARTS_MESSENGER.finditer(text):
        found = _MESSENGER.match(text, start.start())
        if found and found.start() >= done:
            done = found.end()
            yield found.span()


def _numbers(text: str) -> Iterator[tuple[float, Place]]:
    for found in _DIGITS.finditer(text):
        if _is_other(found.group()):
            continue
        if _is_invited(text, found.start()):
            yield 1.0, found.span()
        elif _WRITTEN_AS_NUMBER.fullmatch(found.group()):
            yield _ALONE, found.span()
    for found in _SHORT_CODE.finditer(text):
        yield 1.0, found.span()


def _is_other(written: str) -> bool:
    """Say whether digits are a book's number, a dump of bytes, or the address of a machine.

    Writers of Wikipedia without an account are known by the last.
    """
    if _BOOK.fullmatch(written) or len(set(written)) < _LEAST_DISTINCT:
        return True
    parts = written.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts)  # noqa: PLR2004


def _invited(text: str) -> Iterator[Place]:
    if "@" in text:
        for pattern in (_HANDLE, _MAIL):
            for found in pattern.finditer(text):
                if _is_invited(text, found.start()):
                    yield found.span()


def _is_invited(text: str, at: int) -> bool:
    return _INVITATION.search(text, max(0, at - _WINDOW), at) is not None
