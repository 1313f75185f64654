"""Read JSON without mercy: whatever two parsers could take differently is refused."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from moderation.api.faults import DuplicateKey, InvalidEncoding, InvalidJson, TooDeep
from moderation.errors import InvalidUnicode

MAX_DEPTH: Final = 32
_MAX_DIGITS: Final = 1_000
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A string, or what follows a quote that is never closed. It never looks back."""

_NOT_A_BRACKET: Final = re.compile(r"[^][{}]+")
_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")


def read_json(raw: bytes, *, by_item: str | None = None) -> Any:
    """Parse *raw*, which must be one JSON value in UTF-8 (RFC 8259).

    Args:
        raw: The whole body.
        by_item: A member of the outermost object whose texts the caller checks, item by item
            with `check_texts`, since each item is answered for itself.

    Raises:
        InvalidEncoding: Not UTF-8, or with a byte order mark.
        TooDeep: Nested more than 32 levels; found before parsing, which recurses.
        DuplicateKey: An object has a key twice.
        InvalidJson: Anything else that is not JSON; numbers that no double holds and
            integers of more than 1,000 digits included.
        InvalidUnicode: A string holds a lone surrogate or U+0000.
    """
    text = _decode(raw)
    _check_depth(text)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InvalidJson(f"not valid JSON at character {error.pos}") from None
    if "\\u" in text:  # neither fault can be written without an escape
        whole = {**value, by_item: None} if by_item and isinstance(value, dict) else value
        check_texts(whole)
    return value


def check_text(field: str, text: str) -> None:
    """Refuse a text that no database can keep.

    Raises:
        InvalidUnicode: It holds a lone surrogate or U+0000.
    """
    if _UNKEEPABLE.search(text):
        raise InvalidUnicode(field, "has a lone surrogate or U+0000")


def check_texts(value: Any) -> None:
    """Refuse a parsed value that holds a text, or a name, that no database can keep.

    Raises:
        InvalidUnicode: Named is the first such text, dotted.
    """
    for field, text in _strings(value, ""):
        check_text(field or "body", text)


def _decode(raw: bytes) -> str:
    if raw[:3:2] == b"\0\0" or raw[1:4:2] == b"\0\0":
        raise InvalidEncoding  # every second byte is zero: UTF-16 or UTF-32
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidEncoding from None
    if text.startswith("\ufeff"):
        raise InvalidEncoding
    return text


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for run in _NOT_A_BRACKET.split(_STRING.sub("", text)):
        for bracket in run:
            depth += 1 if bracket in "[{" else -1
            if depth > MAX_DEPTH:
                raise TooDeep(MAX_DEPTH)


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every string with its dotted path; a key under the path of its object."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield path, key
            yield from _strings(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}.{index}" if path else str(index))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DuplicateKey
    return members


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise InvalidJson("an integer has too many digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise InvalidJson("a number is too large")
    return number


def _constant(name: str) -> float:
    raise InvalidJson(f"{name} is not JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_constant,
)
