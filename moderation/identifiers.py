"""UUIDv7 identifiers: they sort by the time they were made for."""

from datetime import datetime
from uuid import UUID

import uuid_utils


def new_id(at: datetime) -> str:
    """Return a fresh UUIDv7 whose first 48 bits are *at*, in milliseconds. RFC 9562, 5.7."""
    return str(uuid_utils.uuid7(nanoseconds=_millis(at) * 1_000_000))


def lowest_id(at: datetime) -> str:
    """Return the smallest identifier that *at* could have been given: a bound for queries."""
    return str(UUID(int=(_millis(at) << 80)))


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1_000)


def is_id(text: str) -> bool:
    """Say whether *text* is an identifier in its canonical form."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
