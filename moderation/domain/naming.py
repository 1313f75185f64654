"""What may serve as a name or an address that people give to sites and moderators."""

from typing import Final

from moderation.errors import Invalid

MAX_NAME_CHARS: Final = 200
MAX_EMAIL_CHARS: Final = 254
"""Source: RFC 5321, 4.5.3.1.3, less the angle brackets."""


def checked_name(field: str, text: str) -> str:
    """Return *text* without blanks around it, if it can be shown on one line.

    Raises:
        Invalid: It is empty, too long, or holds control or invisible characters.
    """
    name = text.strip()
    if not name:
        raise Invalid(field, "must not be empty")
    if len(name) > MAX_NAME_CHARS:
        raise Invalid(field, f"is longer than {MAX_NAME_CHARS} characters")
    if not name.isprintable():
        raise Invalid(field, "holds characters that cannot be shown")
    return name


def checked_email(field: str, text: str) -> str:
    """Return an e-mail address in the form that is compared: small letters, no blanks.

    Only what would make an address unusable is refused; whether anybody reads mail there
    is not for a pattern to know.

    Raises:
        Invalid: It is not an address. The message does not repeat it.
    """
    address = text.strip().lower()
    local, at, domain = address.rpartition("@")
    whole = bool(local and at and domain) and " " not in address and address.isprintable()
    if not whole or len(address) > MAX_EMAIL_CHARS:
        raise Invalid(field, "is not an e-mail address")
    return address
