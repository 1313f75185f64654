"""Lengths of time, as a moderator would say them."""

from datetime import timedelta
from typing import Final

_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def duration_text(length: timedelta) -> str:
    """Round to the largest unit of which there are two, or to minutes: at least one."""
    seconds = length.total_seconds()
    for unit, name in _UNITS:
        count = round(seconds / unit)
        if count >= 2:  # noqa: PLR2004 - "90 minutes" says more than "2 hours"
            return f"{count} {name}s"
    return "1 minute"
