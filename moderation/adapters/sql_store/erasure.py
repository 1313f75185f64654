"""Erasing a comment: no text and no personal datum of it stays in any table."""

from typing import Any, Final

from sqlalchemy import bindparam, case, delete, select, update

from moderation.adapters.sql_store.session import known
from moderation.adapters.sql_store.tables import (
    OWED,
    answers,
    comments,
    decisions,
    deliveries,
    feedback,
    revisions,
)
from moderation.adapters.sql_store.traces import SqlTraces
from moderation.domain.delivery import DeliveryStatus
from moderation.errors import NotFound

_LOCK: Final = (
    select(comments.c.id)
    .where(comments.c.id == bindparam("erased"), comments.c.site_id == bindparam("of_site"))
    .with_for_update()
)
_DECISIONS: Final = select(decisions.c.id, decisions.c.reasons).where(
    decisions.c.comment_id == bindparam("erased")
)
_BLANK_DECISION: Final = update(decisions).where(decisions.c.id == bindparam("blank_id"))
_DROP_TEXTS: Final = delete(revisions).where(revisions.c.comment_id == bindparam("erased"))
_DROP_FEEDBACK: Final = delete(feedback).where(feedback.c.comment_id == bindparam("erased"))
_BLANK_DELIVERIES: Final = (
    update(deliveries)
    .where(deliveries.c.comment_id == bindparam("erased"))
    .values(
        body="",
        last_error=None,
        status=case(
            (deliveries.c.status == OWED, DeliveryStatus.CANCELLED.value),
            else_=deliveries.c.status,
        ),
    )
)
_BLANK_ANSWERS: Final = (
    update(answers).where(answers.c.comment_id == bindparam("erased")).values(body="")
)
_DROP_COMMENT: Final = delete(comments).where(comments.c.id == bindparam("erased"))


class SqlErasure(SqlTraces):
    """``ports.Comments.delete_comment``."""

    def delete_comment(self, site_id: str, comment_id: str) -> None:
        of_site = {"of_site": known("site", site_id), "erased": known("comment", comment_id)}
        if self._one(_LOCK, of_site) is None:
            raise NotFound("comment", comment_id)
        this = {"erased": comment_id}
        blank = [_blank(row.id, row.reasons) for row in self._all(_DECISIONS, this)]
        if blank:
            self._run(_BLANK_DECISION, blank)
        self._erase_traces(comment_id)
        for statement in (
            _DROP_TEXTS,
            _DROP_FEEDBACK,
            _BLANK_DELIVERIES,
            _BLANK_ANSWERS,
            _DROP_COMMENT,
        ):
            self._run(statement, this)


def _blank(decision_id: str, reasons: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a decision's row without words of the comment: reasons quote those on lists."""
    return {
        "blank_id": decision_id,
        "reasons": [{**reason, "text": ""} for reason in reasons],
        "spans": [],
        "note": None,
    }
