"""Feedback on comments, and what can be learnt from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from moderation.adapters.sql_store.rows import comment_from
from moderation.adapters.sql_store.session import Session, known
from moderation.adapters.sql_store.tables import NEW, comments, decisions, feedback
from moderation.domain.decision import POLICY
from moderation.domain.feedback import Feedback, Learning, Lesson
from moderation.errors import NotFound


def _unless_said_before(insert_into: Any) -> Any:
    """Replace the source's earlier opinion; saying the same again changes nothing."""
    statement = insert_into(feedback)
    new = statement.excluded
    same = ("id", "text_version", "spam", "given_by", "given_at", "learning", "learnt_in")
    return statement.on_conflict_do_update(
        index_elements=[feedback.c.comment_id, feedback.c.source],
        set_={name: new[name] for name in same},
        where=or_(
            feedback.c.spam != new.spam,
            feedback.c.text_version != new.text_version,
        ),
    )


_ADD: Final = {
    "sqlite": _unless_said_before(sqlite.insert),
    "postgresql": _unless_said_before(postgresql.insert),
}
# Erasing locks the comment's row, so an opinion is either erased with it or never kept.
_COMMENT: Final = (
    select(comments.c.id)
    .where(comments.c.id == bindparam("spoken_of"))
    .with_for_update(read=True, key_share=True)
)
_TO_TEACH: Final = select(feedback.c.site_id).where(feedback.c.learning == NEW).distinct()
_RANKED: Final = (
    select(
        feedback.c.id,
        func.row_number()
        .over(partition_by=feedback.c.source, order_by=feedback.c.id.desc())
        .label("rank"),
    )
    .where(
        feedback.c.site_id == bindparam("site_id"),
        feedback.c.learning != Learning.SET_ASIDE.value,
    )
    .subquery()
)
_NEWEST: Final = (
    select(feedback)
    .join(_RANKED, _RANKED.c.id == feedback.c.id)
    .where(_RANKED.c.rank <= bindparam("per_source"))
    .order_by(feedback.c.id.desc())
    .limit(bindparam("most"))
)
_COMMENTS: Final = select(comments).where(comments.c.id.in_(bindparam("ids", expanding=True)))
_SCORES: Final = (
    select(decisions.c.comment_id, decisions.c.text_version, decisions.c.scores)
    .where(
        decisions.c.comment_id.in_(bindparam("ids", expanding=True)),
        decisions.c.decided_by == POLICY,
    )
    .order_by(decisions.c.comment_version)
)
_OF_SITE: Final = feedback.c.site_id == bindparam("of_site")
_KEPT: Final = feedback.c.learning != Learning.SET_ASIDE.value
_LOOKED_AT: Final = (
    update(feedback)
    .where(
        _OF_SITE,
        feedback.c.learning == NEW,
        feedback.c.given_at <= bindparam("until", type_=feedback.c.given_at.type),
    )
    .values(learning=Learning.REFUSED.value)
    .execution_options(preserve_rowcount=True)
)
_THESE: Final = feedback.c.id.in_(bindparam("ids", expanding=True))
_REFUSE: Final = (
    update(feedback).where(_OF_SITE, _KEPT, _THESE).values(learning=Learning.REFUSED.value)
)
_LEARN: Final = (
    update(feedback)
    .where(_OF_SITE, _KEPT, _THESE)
    .values(
        learning=Learning.LEARNT.value,
        learnt_in=func.coalesce(feedback.c.learnt_in, bindparam("made")),
    )
)
_SET_ASIDE: Final = (
    update(feedback)
    .where(_OF_SITE, _KEPT, feedback.c.learnt_in > bindparam("since"))
    .values(learning=Learning.SET_ASIDE.value)
    .execution_options(preserve_rowcount=True)
)


class SqlFeedback(Session):
    """The feedback in ``ports.Corrections``."""

    def add_feedback(self, given: Feedback) -> None:
        if self._one(_COMMENT, {"spoken_of": known("comment", given.comment_id)}) is None:
            raise NotFound("comment", given.comment_id)
        row = {
            "id": given.id,
            "site_id": given.site_id,
            "comment_id": given.comment_id,
            "text_version": given.text_version,
            "spam": given.spam,
            "source": given.source,
            "given_by": given.by,
            "given_at": given.given_at,
            "learning": Learning.NEW.value,
            "learnt_in": None,
        }
        self._run(_ADD[self._dialect], row)

    def sites_to_teach(self) -> list[str]:
        return [row.site_id for row in self._all(_TO_TEACH)]

    def lessons(self, site_id: str, *, per_source: int, limit: int) -> list[Lesson]:
        asked = {"site_id": known("site", site_id), "per_source": per_source, "most": limit}
        rows = self._all(_NEWEST, asked)
        if not rows:
            return []
        new = {row.id for row in rows if row.learning == Learning.NEW}
        given = [_feedback(row) for row in reversed(rows)]
        ids = {"ids": sorted({each.comment_id for each in given})}
        texts = {row.id: comment_from(row) for row in self._all(_COMMENTS, ids)}
        scores: Mapping[tuple[str, int], Mapping[str, float]] = {
            (row.comment_id, row.text_version): row.scores for row in self._all(_SCORES, ids)
        }
        return [
            Lesson(
                feedback=each,
                comment=texts[each.comment_id],
                new=each.id in new,
                scores=scores.get((each.comment_id, each.text_version), {}),
            )
            for each in given
            if each.comment_id in texts and texts[each.comment_id].text_version == each.text_version
        ]

    def settle_feedback(
        self,
        site_id: str,
        *,
        learnt: Sequence[str],
        refused: Sequence[str],
        version: int | None,
        until: datetime,
    ) -> int:
        of_site = {"of_site": known("site", site_id)}
        settled = self._run(_LOOKED_AT, {**of_site, "until": until})
        if refused:
            self._run(_REFUSE, {**of_site, "ids": list(refused)})
        if learnt:
            self._run(_LEARN, {**of_site, "ids": list(learnt), "made": version})
        return settled.rowcount

    def set_feedback_aside(self, site_id: str, *, since: int) -> int:
        return self._run(_SET_ASIDE, {"of_site": known("site", site_id), "since": since}).rowcount


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback(
        id=row.id,
        site_id=row.site_id,
        comment_id=row.comment_id,
        text_version=row.text_version,
        spam=row.spam,
        source=row.source,
        given_at=row.given_at,
        by=row.given_by,
    )
