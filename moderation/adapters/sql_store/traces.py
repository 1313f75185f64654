"""Traces: written once for each text of a comment, read by comment, forgotten by age."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from moderation.adapters.sql_store.session import Session
from moderation.adapters.sql_store.tables import comments, domain_notes, trace_keys, traces
from moderation.domain.spam.fingerprint import KEYS, packed, unpacked
from moderation.domain.spam.traces import Trace
from moderation.identifiers import lowest_id


def _replacing(insert_into: Any) -> Any:
    statement = insert_into(traces)
    return statement.on_conflict_do_update(
        index_elements=[traces.c.comment_id],
        set_={"written_at": statement.excluded.written_at, "sketch": statement.excluded.sketch},
    )


# Two workers may both come to write one comment's trace, after a lease that ran out.
_LEAVE: Final = {
    "sqlite": _replacing(sqlite.insert),
    "postgresql": _replacing(postgresql.insert),
}
_ADD_KEYS: Final = {
    "sqlite": sqlite.insert(trace_keys).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(trace_keys).on_conflict_do_nothing(),
}
_SOME: Final = select(traces).where(traces.c.comment_id.in_(bindparam("ids", expanding=True)))
_BODIES: Final = select(comments.c.id, comments.c.body).where(
    comments.c.id.in_(bindparam("ids", expanding=True))
)
# Erasing locks the comment's row, so a trace is either erased with it or never written.
_PRESENT: Final = (
    select(comments.c.id)
    .where(comments.c.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(read=True, key_share=True)
)
_OLD: Final = (
    select(traces)
    .where(traces.c.comment_id < bindparam("below", type_=traces.c.comment_id.type))
    .order_by(traces.c.comment_id)
    .limit(bindparam("limit"))
)
_DROP: Final = delete(traces).where(traces.c.comment_id.in_(bindparam("ids", expanding=True)))
_DROP_KEY: Final = delete(trace_keys).where(
    trace_keys.c.key == bindparam("old_key"), trace_keys.c.comment_id == bindparam("of_comment")
)
_OLD_NOTES: Final = (
    select(domain_notes.c.comment_id)
    .where(domain_notes.c.decided_at < bindparam("before", type_=domain_notes.c.decided_at.type))
    .order_by(domain_notes.c.decided_at)
    .limit(bindparam("limit"))
)
_DROP_NOTES: Final = delete(domain_notes).where(
    domain_notes.c.comment_id.in_(bindparam("ids", expanding=True))
)


class SqlTraces(Session):
    """``ports.Traces``, as far as it is about a comment's own trace."""

    def leave_traces(self, left: Sequence[Trace]) -> None:
        if not left:
            return
        ids = [trace.comment_id for trace in left]
        present = {row.id for row in self._all(_PRESENT, {"ids": ids})}
        earlier = self.traces(ids)
        changed = [
            trace
            for trace in left
            if trace.comment_id in present
            and earlier.get(trace.comment_id) != trace  # what is tried again stays as it is
        ]
        self._drop_keys(
            [earlier[each.comment_id] for each in changed if each.comment_id in earlier]
        )
        if changed:
            self._run(_LEAVE[self._dialect], [trace_values(trace) for trace in changed])
        keys = [
            {"key": key, "comment_id": trace.comment_id}
            for trace in changed
            for key in keys_of(trace)
        ]
        if keys:
            self._run(_ADD_KEYS[self._dialect], keys)

    def bodies(self, comment_ids: Sequence[str]) -> dict[str, str]:
        if not comment_ids:
            return {}
        return {row.id: row.body for row in self._all(_BODIES, {"ids": list(comment_ids)})}

    def traces(self, comment_ids: Sequence[str]) -> dict[str, Trace]:
        if not comment_ids:
            return {}
        rows = self._all(_SOME, {"ids": list(comment_ids)})
        return {row.comment_id: trace_from(row) for row in rows}

    def drop_traces(self, *, before: datetime, domains_before: datetime, limit: int) -> int:
        old = self._all(_OLD, {"below": lowest_id(before), "limit": limit})
        self._drop([trace_from(row) for row in old])
        notes = self._all(_OLD_NOTES, {"before": domains_before, "limit": limit})
        if notes:
            self._run(_DROP_NOTES, {"ids": list({row.comment_id for row in notes})})
        return len(old) + len(notes)

    def _erase_traces(self, comment_id: str) -> None:
        """Erase all that a comment has left."""
        self._drop(list(self.traces([comment_id]).values()))
        self._run(_DROP_NOTES, {"ids": [comment_id]})

    def _drop(self, dropped: Sequence[Trace]) -> None:
        self._drop_keys(dropped)
        if dropped:
            self._run(_DROP, {"ids": [trace.comment_id for trace in dropped]})

    def _drop_keys(self, dropped: Sequence[Trace]) -> None:
        """Drop the keys of traces, which are worked out again: no index need find them."""
        keys = [
            {"old_key": key, "of_comment": trace.comment_id}
            for trace in dropped
            for key in keys_of(trace)
        ]
        if keys:
            self._run(_DROP_KEY, keys)


def keys_of(trace: Trace) -> list[int]:
    """Return the keys by which a trace is found: those of another site are others."""
    site = (int(trace.site_id[-8:], 16) >> 1) << 32
    return [site | number for number in trace.sketch[:KEYS]]


def trace_from(row: Row[Any]) -> Trace:
    """Return the trace that a whole row holds."""
    return Trace(
        comment_id=row.comment_id,
        site_id=row.site_id,
        received_at=row.received_at,
        written_at=row.written_at,
        author=row.author,
        address=row.address,
        sketch=unpacked(row.sketch),
    )


def trace_values(trace: Trace) -> dict[str, Any]:
    """Return the row of a trace."""
    return {
        "comment_id": trace.comment_id,
        "site_id": trace.site_id,
        "received_at": trace.received_at,
        "written_at": trace.written_at,
        "author": trace.author,
        "address": trace.address,
        "sketch": packed(trace.sketch),
    }
