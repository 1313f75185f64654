"""The append-only record of decisions."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select

from moderation.adapters.sql_store.session import Session, known
from moderation.adapters.sql_store.tables import comments, decisions
from moderation.domain.comment import Status
from moderation.domain.decision import Decision
from moderation.domain.policy import Action
from moderation.domain.signal import Span
from moderation.domain.verdict import Reason
from moderation.errors import NotFound

_RECORD: Final = insert(decisions)
_OF_COMMENT: Final = (
    select(decisions)
    .join(comments, comments.c.id == decisions.c.comment_id)  # erased ones are not found
    .where(comments.c.id == bindparam("id"), comments.c.site_id == bindparam("site_id"))
    .order_by(decisions.c.comment_version)
)
_COMMENT: Final = select(comments.c.id).where(
    comments.c.id == bindparam("id"), comments.c.site_id == bindparam("site_id")
)
_OF_COMMENTS: Final = (
    select(decisions)
    .where(decisions.c.comment_id.in_(bindparam("ids", expanding=True)))
    .order_by(decisions.c.comment_id, decisions.c.comment_version)
)


class SqlDecisions(Session):
    """``ports.Decisions``."""

    def record(self, decision: Decision) -> None:
        self._run(_RECORD, decision_values(decision))

    def decisions(self, site_id: str, comment_id: str) -> list[Decision]:
        key = {"site_id": known("site", site_id), "id": known("comment", comment_id)}
        rows = self._all(_OF_COMMENT, key)
        if not rows and self._one(_COMMENT, key) is None:
            raise NotFound("comment", comment_id)
        return [_decision(row) for row in rows]

    def latest_decisions(self, comment_ids: Sequence[str]) -> dict[str, Decision]:
        if not comment_ids:
            return {}
        rows = self._all(_OF_COMMENTS, {"ids": list(comment_ids)})
        latest = {row.comment_id: row for row in rows}
        return {comment_id: _decision(row) for comment_id, row in latest.items()}


def decision_values(decision: Decision) -> dict[str, Any]:
    """Return the row of a decision."""
    return {
        "id": decision.id,
        "site_id": decision.site_id,
        "comment_id": decision.comment_id,
        "comment_version": decision.comment_version,
        "text_version": decision.text_version,
        "action": decision.action.name.lower(),
        "before": decision.before.value,
        "decided_by": decision.decided_by,
        "decided_at": decision.decided_at,
        "reasons": [_reason_document(reason) for reason in decision.reasons],
        "scores": dict(decision.scores),
        "spans": [[span.start, span.end, span.source] for span in decision.spans],
        "policy_version": decision.policy_version,
        "model_hash": decision.model_hash,
        "code_version": decision.code_version,
        "note": decision.note,
    }


def _reason_document(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "action": reason.action.name.lower(),
        "text": reason.text,
        "signal": reason.signal,
        "score": reason.score,
        "at_least": reason.at_least,
    }


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        site_id=row.site_id,
        comment_id=row.comment_id,
        comment_version=row.comment_version,
        text_version=row.text_version,
        action=Action[row.action.upper()],
        before=Status(row.before),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reasons=tuple(
            Reason(**{**reason, "action": Action[reason["action"].upper()]})
            for reason in row.reasons
        ),
        scores=row.scores,
        spans=tuple(Span(*span) for span in row.spans),
        policy_version=row.policy_version,
        model_hash=row.model_hash,
        code_version=row.code_version,
        note=row.note,
    )
