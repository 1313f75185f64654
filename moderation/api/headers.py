"""Request headers that some operations heed, as the API document declares them."""

import re
from collections.abc import Callable
from typing import Any, Final

from flask import Request

from moderation.api.faults import InvalidIdempotencyKey
from moderation.api.reading import View, described

_PRINTABLE: Final = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")
_HEEDED: Final = "x-headers"
"""Where APIFlask, which declares no header that it does not read itself, passes them on."""

Header = dict[str, Any]
"""A header as OpenAPI declares a parameter."""


def _header(name: str, pattern: str, description: str, example: str, **bounds: int) -> Header:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "example": example,
        "schema": {"type": "string", "pattern": f"^(?:{pattern})$", **bounds},
    }


IDEMPOTENCY_KEY: Final = _header(
    "Idempotency-Key",
    _PRINTABLE.pattern,
    "1 to 255 printable ASCII characters that stand for this request: for 24 hours it is done "
    "once, and sent again answered the same",
    "7c1c0b52-6c5e-4a0f-9d57-3f0f0a3c8e11",
    minLength=1,
    maxLength=255,
)
IF_MATCH: Final = _header(
    "If-Match",
    r'\*|"[1-9][0-9]{0,18}"',
    "the ETag of the comment that the site saw; if it was changed meanwhile the answer is 409",
    '"3"',
)
PREFER: Final = _header(
    "Prefer",
    "wait=(?:[0-9]|10)",
    "how many seconds, at most 10, to wait for the decision; Preference-Applied tells how many "
    "it was, and other preferences have no effect",
    "wait=5",
)


def heeds(*headers: Header) -> Callable[[View], View]:
    """Declare the headers by which the view does one thing or another.

    Put it above ``bp.doc``, which forgets them.
    """
    return lambda view: described(view, extensions={_HEEDED: headers})


def declare_headers(document: Any) -> Any:
    """Return the API document with each operation's headers among its parameters."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if heeded := operation.pop(_HEEDED, None):
                operation["parameters"] = [*operation.get("parameters", []), *heeded]
    return document


def idempotency_key(asked: Request) -> str | None:
    """Return the Idempotency-Key, or None.

    Raises:
        InvalidIdempotencyKey: It is empty, over 255 characters or not printable ASCII.
    """
    key = asked.headers.get("Idempotency-Key")
    if key is not None and _PRINTABLE.fullmatch(key) is None:
        raise InvalidIdempotencyKey
    return key
