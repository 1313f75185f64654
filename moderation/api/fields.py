"""Types of the values that requests bring, each with its bounds."""

import re
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from moderation.domain.comment import MAX_TEXT_CHARS
from moderation.domain.text import visible

MAX_INTEGER: Final = 2**63 - 1
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
_YEARS: Final = range(1970, 9999)


def _text(text: str) -> str:
    if len(text) > MAX_TEXT_CHARS:
        raise PydanticCustomError(
            "text_too_long", "has more than {limit} characters", {"limit": MAX_TEXT_CHARS}
        )
    if not visible(text):
        raise PydanticCustomError("empty_text", "must have at least one visible character")
    return text


def _time(value: Any) -> datetime:
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        raise PydanticCustomError("time", "must be a time such as 2026-11-24T09:30:00Z")
    at: datetime | None
    try:
        at = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.year not in _YEARS:
        raise PydanticCustomError("time", "must be a time from 1970 on that exists")
    return at


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise PydanticCustomError("ip_address", "must be an IPv4 or IPv6 address") from None


_MEASURES: Final = {"minLength": 1, "maxLength": MAX_TEXT_CHARS}

Text = Annotated[str, AfterValidator(_text), Field(json_schema_extra=_MEASURES)]
"""A comment's text: at least one visible character, at most 20,000 characters."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""An id of the site's own."""

Line = Annotated[str, StringConstraints(max_length=1_000)]
Trap = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARS)]
Name = Annotated[str, StringConstraints(max_length=255)]
Url = Annotated[str, StringConstraints(max_length=4_096)]
Email = Annotated[str, StringConstraints(max_length=320)]
CommentId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Language = Annotated[
    str,
    StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$"),
]
"""A BCP 47 tag, such as ``en`` or ``pt-BR``."""

Address = Annotated[str, StringConstraints(max_length=64), AfterValidator(_address)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Time = Annotated[
    datetime,
    BeforeValidator(_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339, kept as UTC."""
