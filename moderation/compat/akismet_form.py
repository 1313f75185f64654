"""What clients of Akismet send: forms, read as they mean them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from moderation.domain.comment import MAX_TEXT_CHARS, Article, Submission
from moderation.domain.text import visible
from moderation.errors import Invalid, Unauthorized

MAX_BYTES: Final = 256 * 1024
_MOST_FIELDS: Final = 500
_MOST_CHARS: Final = {"email": 320, "name": 1_000, "address": 4_096}
_CHARSETS: Final = re.compile(
    r"iso-?8859-(1|2|3|4|5|6|7|8|9|10|13|14|15|16)|windows-125[0-8]|cp125[0-8]|koi8-[ru]"
    r"|shift_jis|euc-jp|euc-kr|big5|gb2312|gbk|gb18030",
    re.IGNORECASE,
)
"""Encodings of a ``blog_charset`` that are heeded; any other name means UTF-8."""

_HOST_KEY: Final = re.compile(r"(cmsite_[a-z0-9_-]+)\.", re.IGNORECASE)
_TEXT: Final = "comment_content"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a request; where one comes twice, the last counts, as in PHP."""

    fields: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return a field without the space around it; empty if there is none."""
        return self.fields.get(name, "").strip()

    @property
    def is_test(self) -> bool:
        return self.get("is_test").lower() in {"1", "true"}

    def expect(self, *names: str) -> None:
        """Raise Invalid if one of these is empty, as Akismet does."""
        for name in names:
            if not self.get(name):
                raise Invalid(name, "is empty")


def read_form(asked: Request) -> Form:
    """Return what a request brings: its query, then its body, which wins.

    Raises:
        Invalid: It is too large, or has too many fields.
    """
    asked.max_content_length = MAX_BYTES + 1
    try:
        raw = b"" if asked.mimetype == "multipart/form-data" else asked.get_data(cache=True)
        parts = asked.form.items(multi=True) if asked.mimetype == "multipart/form-data" else ()
    except RequestEntityTooLarge:
        raise Invalid("body", f"is larger than {MAX_BYTES} bytes") from None
    if len(raw) > MAX_BYTES:
        raise Invalid("body", f"is larger than {MAX_BYTES} bytes")
    body = raw.decode("latin-1")
    fields = _pairs(asked.query_string.decode("latin-1")) | _pairs(body) | dict(parts)
    charset = fields.get("blog_charset", "").strip()
    if _CHARSETS.fullmatch(charset):
        fields |= _pairs(body, charset)
    return Form(fields)


def presented_key(asked: Request, form: Form) -> str:
    """Return the key: a field, else the first label of the host.

    Raises:
        Unauthorized: There is none.
    """
    key = form.get("api_key") or form.get("key")
    if key:
        return key
    label = _HOST_KEY.match(asked.headers.get("Host", ""))
    if label is None:
        raise Unauthorized
    return label[1].lower()  # a host's case is not kept by clients


def submission_of(form: Form) -> Submission:
    """Return the comment that a form tells of.

    Raises:
        Invalid: Its text is missing, too long or holds what no text holds.
    """
    text = form.fields.get(_TEXT, "")
    if "\0" in text:
        raise Invalid(_TEXT, "has U+0000")
    if len(text) > MAX_TEXT_CHARS:
        raise Invalid(_TEXT, f"has more than {MAX_TEXT_CHARS} characters")
    if not visible(text):
        raise Invalid(_TEXT, "is empty")
    trap = form.get("honeypot_field_name")
    return Submission(
        body=text,
        article=Article(url=_short(form, "permalink", "address")),
        author_name=_short(form, "comment_author", "name"),
        author_email=_short(form, "comment_author_email", "email"),
        author_url=_short(form, "comment_author_url", "address"),
        ip=_ip(form.get("user_ip")),
        # One that is not told tells nothing; one that is told to be empty tells of a robot.
        user_agent=_short(form, "user_agent", "address", empty="")
        if "user_agent" in form.fields
        else None,
        referrer=_short(form, "referrer", "address"),
        honeypot=form.get(trap) if trap else None,
        created_at=_moment(form.get("comment_date_gmt")),
    )


def _pairs(encoded: str, charset: str = "utf-8") -> dict[str, str]:
    try:
        return dict(
            parse_qsl(
                encoded,
                keep_blank_values=True,
                encoding=charset,
                errors="replace",
                max_num_fields=_MOST_FIELDS,
            )
        )
    except ValueError:
        raise Invalid("body", f"has more than {_MOST_FIELDS} fields") from None


def _short(form: Form, name: str, kind: str, *, empty: str | None = None) -> str | None:
    """Return a field that is no longer than its kind may be; a longer one is left out."""
    value = form.get(name).replace("\0", "")
    return value if value and len(value) <= _MOST_CHARS[kind] else empty


def _ip(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """Read ISO 8601, UTC where it names no zone; what is none is left out: it is only shown."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
