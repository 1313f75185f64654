"""``comments:suggestscore``: what a suggestion says of spam, and of which comment."""

import re
from typing import Final

from moderation.compat.perspective import errors
from moderation.compat.perspective.analyze import check_comment
from moderation.compat.perspective.attributes import SAYS_SPAM
from moderation.compat.perspective.messages import Suggest

_COMMENT: Final = "comment:"
"""What Coral puts before its id of a comment."""

_CORAL: Final = "Coral:"
"""How Coral's ``communityId`` begins. It suggests 0 for what it approves, 1 for what it rejects."""

_UNKEEPABLE: Final = re.compile("\x00")
_EVEN: Final = 0.5


def check(message: Suggest) -> None:
    """Refuse a suggestion of nothing, or about nothing.

    Raises:
        Refused: With the first fault.
    """
    check_comment(message)
    if not message.attribute_scores:
        raise errors.refused("Missing attribute_scores")


def says_spam(message: Suggest) -> bool | None:
    """Return whether the comment is spam, by what is suggested; None: nothing of that.

    A low toxicity says nothing of spam, save where it stands for an approval: what Coral
    approves is no spam, and what it rejects may be either.
    """
    spam = message.attribute_scores.get(SAYS_SPAM)
    if spam is not None and spam.value is not None:
        return spam.value >= _EVEN
    values = [each.value for each in message.attribute_scores.values()]
    if message.community_id.startswith(_CORAL) and all(value == 0 for value in values):
        return False
    return None


def names_of(message: Suggest) -> tuple[str, ...]:
    """Return the external ids that the client's token may stand for, the likelier first."""
    token = message.client_token
    if not token or _UNKEEPABLE.search(token):
        return ()
    if token.startswith(_COMMENT) and token != _COMMENT:
        return token.removeprefix(_COMMENT), token
    return (token,)
