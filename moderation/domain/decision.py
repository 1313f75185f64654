"""The recorded act, by policy or moderator: append-only, explainable, repeatable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from moderation.domain.comment import Status
from moderation.domain.policy import Action
from moderation.domain.signal import Span
from moderation.domain.verdict import Reason

POLICY: Final = "policy"
"""``Decision.decided_by`` of an automatic decision; otherwise a moderator's id."""

IMPORTED: Final = "import"
"""``Decision.decided_by`` of history that another system decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided what, when, and on which grounds.

    ``comment_version`` is the version that the decision produced. ``model_hash`` is None
    where no model took part. ``note`` is a moderator's own reason.
    """

    id: str
    site_id: str
    comment_id: str
    comment_version: int
    text_version: int
    action: Action
    before: Status
    decided_by: str
    decided_at: datetime
    reasons: tuple[Reason, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    policy_version: int | None = None
    model_hash: str | None = None
    code_version: str = ""
    note: str | None = None
