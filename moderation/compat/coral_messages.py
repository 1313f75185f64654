"""What Coral asks of an external moderation phase, and what it is answered."""

from typing import Any, Final

from moderation.compat.json_body import Unreadable
from moderation.domain.comment import MAX_TEXT_CHARS
from moderation.domain.policy import Action
from moderation.domain.text import visible
from moderation.domain.verdict import Verdict
from moderation.usecases.judge_text import AskedText

_TOXIC: Final = "COMMENT_DETECTED_TOXIC"
_SPAM: Final = "COMMENT_DETECTED_SPAM"
_OF_TOXICITY: Final = frozenset(
    (
        "toxicity",
        "severe_toxicity",
        "obscene",
        "threat",
        "insult",
        "identity_attack",
        "sexual_explicit",
    )
)
_STATUSES: Final = {Action.HOLD: "SYSTEM_WITHHELD", Action.REJECT: "REJECTED"}
_LONGEST_ID: Final = 255

WITHHELD: Final[dict[str, Any]] = {"status": "SYSTEM_WITHHELD", "actions": [], "tags": []}
"""What is answered when nothing can be said: a person looks. Coral publishes what it hears
nothing of."""


def read_message(message: dict[str, Any]) -> AskedText:
    """Return the comment that Coral asks about.

    Raises:
        Unreadable: There is none, or it cannot be scored.
    """
    body = _member(message, "comment").get("body")
    if not isinstance(body, str) or not visible(body) or len(body) > MAX_TEXT_CHARS:
        raise Unreadable("comment.body is no text that can be scored")
    author = _member(message, "author").get("id")
    known = isinstance(author, str) and 0 < len(author) <= _LONGEST_ID
    return AskedText(body=body, author_id=author if known else None)


def answer_of(verdict: Verdict) -> dict[str, Any] | None:
    """Return what Coral is to do; None: nothing, which leaves the comment to Coral.

    Only what was found in the comment is a flag; that every comment waits is none.
    """
    if verdict.action is Action.APPROVE:
        return None
    signals = {reason.signal for reason in verdict.reasons if reason.score is not None}
    found = [
        flag
        for flag, named in (
            (_TOXIC, signals & _OF_TOXICITY),
            (_SPAM, signals - _OF_TOXICITY),
        )
        if named
    ]
    return {
        "status": _STATUSES[verdict.action],
        "actions": [{"actionType": "FLAG", "reason": flag} for flag in found],
        "tags": [],
    }


def _member(message: dict[str, Any], name: str) -> dict[str, Any]:
    member = message.get(name)
    return member if isinstance(member, dict) else {}
