"""Read a JSON body for a dialect that answers in its own words what is wrong with it."""

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any, Final, NoReturn

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from moderation.domain.text import fault_in_unicode

_MAX_DEPTH: Final = 32


class Unreadable(Exception):
    """The body is no JSON that can be used. The message quotes nothing of it."""


class TooLarge(Unreadable):
    """The body is over the limit; the rest of it was not read."""


def read_raw(asked: Request, max_bytes: int) -> bytes:
    """Return the body as it came, of which hardly more than *max_bytes* are read.

    Raises:
        TooLarge: It is longer.
        Unreadable: It broke off.
    """
    asked.max_content_length = max_bytes + 1  # a chunked body ends there without an error
    try:
        raw = asked.get_data(cache=True)
    except RequestEntityTooLarge:
        raise TooLarge(f"the body is larger than {max_bytes} bytes") from None
    except (BadRequest, ParseException):
        raise Unreadable("the body broke off") from None
    if len(raw) > max_bytes:
        raise TooLarge(f"the body is larger than {max_bytes} bytes")
    return raw


def parse_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object that *raw* is.

    Raises:
        Unreadable: It is none in UTF-8, is nested too deep, or holds half a character or U+0000.
    """
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not valid JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise Unreadable("the body is not a JSON object")
    _check(value)
    return value


def _check(value: Any) -> None:
    """Look level by level: a body of brackets only must not make us recurse."""
    layer = [value]
    for _ in range(_MAX_DEPTH + 1):
        inner = [each for held in layer for each in _within(held)]
        if any(isinstance(each, str) and fault_in_unicode(each) for each in inner):
            raise Unreadable("a text has a lone surrogate or U+0000")
        layer = [each for each in inner if isinstance(each, dict | list)]
        if not layer:
            return
    raise Unreadable("the body is nested too deep")


def _within(held: Any) -> Iterable[Any]:
    return chain(held, held.values()) if isinstance(held, dict) else held


def _no_constant(_: str) -> NoReturn:
    raise ValueError
