"""Why moderators decide as they do: the reasons they choose from."""

from dataclasses import dataclass
from typing import Final

from moderation.domain.policy import Action
from moderation.domain.verdict import Reason
from moderation.errors import Invalid

MAX_NOTE_CHARS: Final = 2_000

_BOTH: Final = frozenset({Action.APPROVE, Action.REJECT})
_APPROVE: Final = frozenset({Action.APPROVE})
_REJECT: Final = frozenset({Action.REJECT})


@dataclass(frozen=True, slots=True)
class ReviewReason:
    """A reason that a moderator may give, and the actions it may be given for."""

    text: str
    actions: frozenset[Action]


OTHER: Final = "other"

REVIEW_REASONS: Final[dict[str, ReviewReason]] = {
    "acceptable": ReviewReason("within the rules of the site", _APPROVE),
    "mistaken": ReviewReason("an earlier decision was mistaken", _BOTH),
    "insult": ReviewReason("insults or demeans somebody", _REJECT),
    "hate": ReviewReason("attacks people because of who they are", _REJECT),
    "threat": ReviewReason("threatens, or calls for violence", _REJECT),
    "obscene": ReviewReason("obscene language or sexual content", _REJECT),
    "private_data": ReviewReason("gives away somebody's private data", _REJECT),
    "unlawful": ReviewReason("against the law", _REJECT),
    "misleading": ReviewReason("false claims or impersonation", _REJECT),
    "spam": ReviewReason("advertising or repetition", _REJECT),
    "off_topic": ReviewReason("not about the article", _REJECT),
    OTHER: ReviewReason("another reason, told in the note", _BOTH),
}
"""Every code that a moderator's decision may carry. The one registry."""


def review_reason(action: Action, code: str, note: str | None) -> Reason:
    """Return the reason of a moderator's decision.

    Raises:
        Invalid: A moderator cannot hold; the code is unknown or not for this action; the
            note is missing where the code tells nothing, or too long.
    """
    if action is Action.HOLD:
        raise Invalid("action", "must be 'approve' or 'reject'")
    known = REVIEW_REASONS.get(code)
    if known is None or action not in known.actions:
        fitting = (name for name, reason in REVIEW_REASONS.items() if action in reason.actions)
        raise Invalid("reason", f"must be one of {', '.join(fitting)}")
    if code == OTHER and not (note and note.strip()):
        raise Invalid("note", "is needed when the reason is 'other'")
    if note is not None and len(note) > MAX_NOTE_CHARS:
        raise Invalid("note", f"is longer than {MAX_NOTE_CHARS} characters")
    return Reason(code=code, action=action, text=known.text)
