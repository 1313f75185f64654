"""Attempts to take readers elsewhere: telephone numbers, messengers, wallets."""

import re
from collections.abc import Iterator
from typing import Final

from moderation.domain.spam.finding import NOTHING, Finding, Place
from moderation.domain.spam.reading import Reading
from moderation.domain.spam.wallets import find_wallets

_WINDOW: Final = 40
"""Characters before a number or a name in which an invitation is looked for."""

_PHONE: Final = re.compile(
    r"(?<![\w.,/:#$€£=-])(?:\+|00)?[(]?[0-9](?:[ ().\-–]{0,2}[0-9]){6,14}(?![\w/%-]|[.,:][0-9])"
)
_LEAST_DIGITS, _MOST_DIGITS = 9, 15
_SHORT_CODE: Final = re.compile(
    r"\b(?:te?xt|sms|send|reply)\b[^.!?\n]{0,30}?\bto (?P<code>[0-9]{4,6})\b", re.IGNORECASE
)
_INVITATION: Final = re.compile(
    r"\b(?:call|phone|te?xt|sms|tel|ring|dial|mobile|hotline|whats ?app|contact|reach|write|dm|pm"
    r"|message|msg|chat|add|inbox|hit)\b",
    re.IGNORECASE,
)
_MESSENGER: Final = re.compile(
    r"(?P<link>(?<![\w.])(?:t|telegram)\.me/[\w+]{3,64}|(?<![\w.])wa\.me/\+?[0-9]{6,15}"
    r"|\bapi\.whatsapp\.com/send\S{0,40}|\bchat\.whatsapp\.com/\w{6,40}|\bdiscord\.gg/\w{3,40}"
    r"|\bline\.me/ti/p/\S{2,40})"
    r"|\b(?P<app>whats ?app|telegram|telegran|wechat|we chat|viber|skype|kik|snapchat|snap|icq|zangi"
    r"|hangouts?|signal|insta(?:gram)?|tg|discord)\b(?:[ ]?(?:id|me|us|num(?:ber)?|handle|user(?:name)?"
    r"|contact|group|channel|on|at|him|her|is|now|via)\b){0,3}[ ]?[:;=>\-–]{0,3}[ ]?"
    r"(?P<name>@[\w.]{3,32}|(?:\+|00)[0-9][0-9 ().\-]{6,20})",
    re.IGNORECASE,
)
_HANDLE: Final = re.compile(r"(?<![\w@/.])@[A-Za-z]\w{3,31}(?![\w.]*@)")
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}+@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}\b")
_ALONE: Final = 0.5
"""Score of a number or a mail address with an invitation of no kind, or of a handle with one."""


def contact_bait(reading: Reading) -> Finding:
    """Look for ways to be reached that a discussion does not need."""
    text = reading.shown.text
    wallets = list(find_wallets(text))
    messengers = [found.span() for found in _MESSENGER.finditer(text)]
    numbers = [*_numbers(text), *((1.0, found.span()) for found in _SHORT_CODE.finditer(text))]
    others = [(_ALONE, place) for place in _invited(text)]
    told = [
        clause
        for clause, found in (
            ("a cryptocurrency wallet", wallets),
            ("a messenger account", messengers),
            ("a telephone number", numbers),
            ("an invitation to write elsewhere", others),
        )
        if found
    ]
    if not told:
        return NOTHING
    score = 1.0 if wallets or messengers else max(score for score, _ in numbers + others)
    places = sorted({*wallets, *messengers, *(place for _, place in numbers + others)})
    return Finding(score, " and ".join(told), [reading.shown.span(*place) for place in places])


def _numbers(text: str) -> Iterator[tuple[float, Place]]:
    for found in _PHONE.finditer(text):
        digits = sum(ch.isdigit() for ch in found.group())
        if _LEAST_DIGITS <= digits <= _MOST_DIGITS and not _is_date(found.group()):
            yield (1.0 if _is_invited(text, found.start()) else _ALONE), found.span()


def _invited(text: str) -> Iterator[Place]:
    for pattern in (_HANDLE, _MAIL):
        for found in pattern.finditer(text):
            if _is_invited(text, found.start()):
                yield found.span()


def _is_invited(text: str, at: int) -> bool:
    return _INVITATION.search(text, max(0, at - _WINDOW), at) is not None


def _is_date(written: str) -> bool:
    """Say whether digits are years or days: they come in pairs and fours that begin 19 or 20."""
    return (
        re.match(r"(?:19|20)[0-9]{2}[ .\-–]{1,2}(?:(?:19|20)[0-9]{2}|[01]?[0-9][ .\-])", written)
        is not None
    )
