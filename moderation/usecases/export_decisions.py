"""What moderators decided, in the rows that import and finetune read."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from moderation.domain.comment import Comment
from moderation.domain.decision import IMPORTED, Decision
from moderation.domain.policy import Action
from moderation.ports.store import CommentFilter, OpenStore

_PAGE: Final = 200


def export_decisions(
    site_id: str, *, since: datetime | None = None, open_store: OpenStore
) -> Iterator[dict[str, Any]]:
    """Yield a row for each comment that a moderator, here or elsewhere, decided last.

    Newest comments first, a page at a time. A comment that was edited after the decision is
    left out: nobody decided on its present text. Who wrote and who decided it is left out as
    well, and so is a moderator's note; ``reason`` is the code that was chosen, or, of imported
    history, what the other system gave.

    Args:
        site_id: Whose comments.
        since: Only those received then or later.
        open_store: Opens the store, for reading.

    Raises:
        NotFound: There is no such site.
    """
    with open_store(reading=True) as store:
        store.site(site_id)
    before: str | None = None
    while True:
        with open_store(reading=True) as store:
            page = store.comments(site_id, CommentFilter(since=since), before=before, limit=_PAGE)
            moderated = [comment for comment in page if comment.moderated]
            decisions = store.latest_decisions([comment.id for comment in moderated])
        for comment in moderated:
            yield _row(comment, decisions[comment.id])
        if len(page) < _PAGE:
            return
        before = page[-1].id


def _row(comment: Comment, decision: Decision) -> dict[str, Any]:
    imported = decision.decided_by == IMPORTED
    row = {
        "body": comment.body,
        "external_id": comment.external_id or comment.id,
        "created_at": (comment.created_at or comment.received_at).isoformat(),
        "decision": "approve" if decision.action is Action.APPROVE else "reject",
        "decided_at": decision.decided_at.isoformat(),
        "decided_by": "another system" if imported else "moderator",
        "reason": decision.note if imported else _code(decision),
        "language": comment.language,
    }
    return {name: value for name, value in row.items() if value is not None}


def _code(decision: Decision) -> str | None:
    return decision.reasons[0].code if decision.reasons else None
