"""Akismet's answers: bodies that clients compare for equality, so to the letter."""

import csv
import io
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from flask import Response

from moderation.domain.policy import Action, Checking

VALID: Final = "valid"
INVALID: Final = "invalid"
THANKS: Final = "Thanks for making the web a better place."
UNDECIDED: Final = "undecided"
"""Neither ``true`` nor ``false``: clients hold the comment and ask again."""

_PLAIN: Final = "text/plain; charset=utf-8"
_HEADERS: Final = {"Cache-Control": "no-store"}
_HELP: Final = "X-akismet-debug-help"
_RECHECK_S: Final = 120
_LATE: Final = "no answer in time; ask again"
_UNSEEN: Final = "not all could be measured that the policy asks for; a person should look"


def plain(
    body: str, headers: Mapping[str, str] = MappingProxyType({}), *, status: int = 200
) -> Response:
    """Answer exactly this."""
    return Response(body, status, {**_HEADERS, **headers}, content_type=_PLAIN)


def invalid(why: str) -> Response:
    """Answer that the key, or what has to come with it, is not valid."""
    return plain(INVALID, {_HELP: why})


def undecided(why: str) -> Response:
    """Answer that it cannot be said, and why; some clients take any other body for spam or ham.

    The header makes those fail that do not compare the body: to them it is an error.
    """
    return plain(UNDECIDED, {_HELP: why})


def refused(retry_after_s: int, *, status: int) -> Response:
    """Answer that the service cannot or will not look now."""
    return plain(UNDECIDED, {"Retry-After": str(retry_after_s)}, status=status)


def verdict(action: Action | None, *, guid: str | None = None) -> Response:
    """Answer whether it is spam.

    Args:
        action: What the policy calls for on the side of spam; None: that cannot be said, now or
            later.
        guid: The id of the stored comment, if it is stored.
    """
    if action is None:
        return _about(guid, undecided(_UNSEEN))
    answer = plain("false" if action is Action.APPROVE else "true")
    if action is Action.REJECT:
        answer.headers["X-akismet-pro-tip"] = "discard"
    return _about(guid, answer)


def late(choice: Checking, why: str = _LATE, *, guid: str | None = None) -> Response:
    """Answer that nobody said in time whether it is spam, as the site chose."""
    if choice.pass_late:
        return _about(guid, plain("false", {"X-akismet-recheck-after": str(_RECHECK_S)}))
    return _about(guid, undecided(why))


def usage() -> Response:
    """Answer how much of the limit is used: there is no limit, and checks are not counted."""
    return _json({"limit": "none", "usage": 0, "percentage": "0.00", "throttled": False})


def key_sites(month: str, *, as_csv: bool, limit: int, offset: int) -> Response:
    """Answer which sites used a key in a month: that is not counted, so none are listed."""
    if not as_csv:
        return _json({month: [], "limit": limit, "offset": offset, "total": 0})
    lines = io.StringIO()
    lines.write(f"Active sites during {month} (limit: {limit}, offset: {offset}, total: 0)\n")
    columns = ("Site", "Total API Calls", "Spam", "Ham", "Missed Spam", "False Positives")
    csv.writer(lines, lineterminator="\n").writerow((*columns, "Is Revoked"))
    return Response(lines.getvalue(), headers=_HEADERS, content_type="text/csv; charset=utf-8")


def _about(guid: str | None, answer: Response) -> Response:
    if guid is not None:
        answer.headers["X-akismet-guid"] = guid
    return answer


def _json(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document), headers=_HEADERS, content_type="application/json")
