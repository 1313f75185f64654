"""Comments: added, read one by one, changed by compare-and-set."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, case, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from moderation.adapters.sql_store.decisions import decision_values
from moderation.adapters.sql_store.rows import changing_values, comment_from, comment_values
from moderation.adapters.sql_store.session import Session, known, storable
from moderation.adapters.sql_store.tables import comments, decisions, revisions
from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.errors import DuplicateExternalId, EditConflict, NotFound
from moderation.ports.store import Revision


def _unless_taken(insert_into: Any) -> Any:
    # Writing nothing, rather than failing, leaves the transaction usable on PostgreSQL.
    return (
        insert_into(comments)
        .on_conflict_do_nothing(
            index_elements=[comments.c.site_id, comments.c.external_id],
            index_where=comments.c.external_id.is_not(None),
        )
        .execution_options(preserve_rowcount=True)
    )


_ADD: Final = {
    "sqlite": _unless_taken(sqlite.insert),
    "postgresql": _unless_taken(postgresql.insert),
}
_ANYWHERE: Final = select(comments).where(comments.c.id == bindparam("id"))
_OF_SITE: Final = _ANYWHERE.where(comments.c.site_id == bindparam("site_id"))
_EXISTS: Final = select(comments.c.id).where(
    comments.c.id == bindparam("id"), comments.c.site_id == bindparam("site_id")
)
_BY_EXTERNAL_ID: Final = select(comments).where(
    comments.c.site_id == bindparam("site_id"),
    comments.c.external_id == bindparam("external_id"),
)
_UNCHANGED: Final = (
    comments.c.id == bindparam("unchanged_id"),
    comments.c.version == bindparam("unchanged_version"),
)
_SAVE: Final = (
    update(comments)
    .where(*_UNCHANGED)
    .values(
        written_at=case(
            (comments.c.text_version == bindparam("same_text"), comments.c.written_at),
            else_=bindparam("edited_at", type_=comments.c.written_at.type),
        )
    )
)
_KEEP_TEXT: Final = insert(revisions).from_select(
    ["comment_id", "text_version", "body", "written_at"],
    select(comments.c.id, comments.c.text_version, comments.c.body, comments.c.written_at).where(
        *_UNCHANGED, comments.c.text_version != bindparam("same_text")
    ),
)
_VERSIONS: Final = (
    select(comments.c.id, comments.c.version)
    .where(comments.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(comments.c.id)  # all batches lock in one order, so that none wait in a circle
    .with_for_update()
)
_RECORD: Final = insert(decisions)
_EARLIER_TEXTS: Final = (
    select(revisions)
    .where(revisions.c.comment_id == bindparam("id"))
    .order_by(revisions.c.text_version)
)


class SqlComments(Session):
    """``ports.Comments``, as far as it is about single comments."""

    def add_comment(self, comment: Comment) -> None:
        if comment.parent_id is not None:
            parent = {"site_id": comment.site_id, "id": known("comment", comment.parent_id)}
            if self._one(_EXISTS, parent) is None:
                raise NotFound("comment", comment.parent_id)
        added = self._run(_ADD[self._dialect], comment_values(comment))
        if added.rowcount == 0:
            raise DuplicateExternalId(comment.external_id or "")

    def comment(self, site_id: str, comment_id: str) -> Comment:
        return comment_from(self._row(site_id, comment_id))

    def comment_anywhere(self, comment_id: str) -> Comment:
        row = self._one(_ANYWHERE, {"id": known("comment", comment_id)})
        if row is None:
            raise NotFound("comment", comment_id)
        return comment_from(row)

    def comment_by_external_id(self, site_id: str, external_id: str) -> Comment:
        key = {"site_id": known("site", site_id), "external_id": external_id}
        row = self._one(_BY_EXTERNAL_ID, key) if storable(external_id) else None
        if row is None:
            raise NotFound("comment", external_id)
        return comment_from(row)

    def save(self, comment: Comment) -> None:
        if comment.text_version > 1:
            self._run(_KEEP_TEXT, {**_unchanged(comment), "same_text": comment.text_version})
        if self._run(_SAVE, _changes(comment)).rowcount == 0:
            raise EditConflict(comment.id)

    def save_judged(self, judged: Sequence[tuple[Comment, Decision]]) -> list[Comment]:
        if not judged:
            return []
        ids = [comment.id for comment, _ in judged]
        versions = {row.id: row.version for row in self._all(_VERSIONS, {"ids": ids})}
        won = [each for each in judged if versions.get(each[0].id) == each[0].version - 1]
        if won:
            self._run(_SAVE, [_changes(comment) for comment, _ in won])
            self._run(_RECORD, [decision_values(decision) for _, decision in won])
        return [comment for comment, _ in won]

    def revisions(self, site_id: str, comment_id: str) -> list[Revision]:
        present = self._row(site_id, comment_id)
        rows = [*self._all(_EARLIER_TEXTS, {"id": comment_id}), present]
        return [
            Revision(text_version=row.text_version, body=row.body, written_at=row.written_at)
            for row in rows
        ]

    def _row(self, site_id: str, comment_id: str) -> Any:
        key = {"site_id": known("site", site_id), "id": known("comment", comment_id)}
        row = self._one(_OF_SITE, key)
        if row is None:
            raise NotFound("comment", comment_id)
        return row


def _unchanged(comment: Comment) -> dict[str, Any]:
    return {"unchanged_id": comment.id, "unchanged_version": comment.version - 1}


def _changes(comment: Comment) -> dict[str, Any]:
    return {
        **changing_values(comment),
        **_unchanged(comment),
        "leased_until": None,
        "same_text": comment.text_version,
        "edited_at": comment.updated_at or comment.received_at,
    }
