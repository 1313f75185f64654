"""Where a page of a list ended, in a form that only we can write."""

import json
from typing import Any

from moderation.errors import Invalid
from moderation.ports.privacy import Privacy


def write_cursor(privacy: Privacy, scope: Any, position: Any) -> str:
    """Return a cursor for the list that *scope* names: whose it is and what it selects.

    Args:
        privacy: Seals it, so that nobody can make or change one.
        scope: Plain JSON values.
        position: Plain JSON values; where the next page starts.
    """
    return privacy.seal(json.dumps([scope, position]))


def read_cursor(privacy: Privacy, scope: Any, cursor: str) -> Any:
    """Return the position that `write_cursor` was given.

    Raises:
        Invalid: It is not a cursor of ours, or of another list: another site's, or one
            that selects something else.
    """
    try:
        written, position = json.loads(privacy.unseal(cursor))
    except ValueError:
        raise Invalid("cursor", "is not a cursor of this list") from None
    if written != json.loads(json.dumps(scope)):
        raise Invalid("cursor", "is not a cursor of this list")
    return position
