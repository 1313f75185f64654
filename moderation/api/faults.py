"""What can be wrong with a request before the service's own words apply."""

from collections.abc import Sequence
from typing import Final

from moderation.errors import Invalid, ModerationError, ScoringUnavailable

_LISTED: Final = 20
"""At most this many faults of one body are told."""


class InvalidJson(ModerationError):
    """The body is not one JSON value. The message says where, and quotes nothing of it."""


class InvalidEncoding(ModerationError):
    """The body is not UTF-8 without a byte order mark."""

    def __init__(self) -> None:
        super().__init__("the body must be UTF-8 without a byte order mark")


class DuplicateKey(ModerationError):
    """An object names a member twice: readers would disagree about which one counts."""

    def __init__(self) -> None:
        super().__init__("an object in the body has the same key twice")


class TooDeep(ModerationError):
    """Objects and lists lie in one another too deep to be worth parsing."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body is nested more than {limit} levels deep")


class BodyTooLarge(ModerationError):
    """The body is over the route's limit; the rest of it was not read."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body is larger than {limit} bytes")


class UnsupportedMediaType(ModerationError):
    """The body is not declared to be plain JSON."""

    def __init__(self) -> None:
        super().__init__("send the body as application/json, not compressed")


class InvalidIdempotencyKey(ModerationError):
    """An Idempotency-Key is empty, too long or not printable ASCII."""

    def __init__(self) -> None:
        super().__init__("Idempotency-Key must be 1 to 255 printable ASCII characters")


class TooManyWait(ScoringUnavailable):
    """As many requests as may wait for a worker do so already; this one was not begun."""

    def __str__(self) -> str:
        return "too many requests wait for scores; nothing was kept, try again"


class InvalidFields(Invalid):
    """Several values are wrong at once; the first one speaks for all."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(*faults[0])
        self.faults = tuple(faults[:_LISTED])
