"""Traces with something in common: a look-up by key that takes as long among a million."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, BindParameter, Integer, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from moderation.adapters.sql_store.session import Session
from moderation.adapters.sql_store.tables import traces
from moderation.adapters.sql_store.traces import keys_of, trace_from
from moderation.domain.spam.traces import Trace
from moderation.identifiers import lowest_id

_NEWEST: Final = 30
"""Comments looked at for each key: one that thousands have costs no more than that."""

# What is asked for comes as one value. The rest is the same words for both databases.
_ASKED: Final = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS key"
    " FROM json_each(:asked)",
    "postgresql": "SELECT number, key FROM unnest(:numbers, :keys) AS a(number, key)",
}
_ALIKE: Final = """SELECT shared.number, traces.*
    FROM (
        SELECT asked.number, trace_keys.comment_id
        FROM ({asked}) AS asked
        JOIN trace_keys ON trace_keys.key = asked.key
            AND trace_keys.comment_id < :below
            AND trace_keys.comment_id >= COALESCE((
                SELECT newest.comment_id FROM trace_keys AS newest
                WHERE newest.key = asked.key AND newest.comment_id < :below
                ORDER BY newest.comment_id DESC LIMIT 1 OFFSET :newest
            ), :lowest)
        GROUP BY asked.number, trace_keys.comment_id
        HAVING count(*) >= 2
    ) AS shared
    JOIN traces ON traces.comment_id = shared.comment_id
"""
_ID: Final = traces.c.comment_id.type
_BOUNDS: Final[tuple[BindParameter[Any], ...]] = (
    bindparam("below", type_=_ID),
    bindparam("lowest", "00000000-0000-0000-0000-000000000000", type_=_ID),
    bindparam("newest", _NEWEST - 1),
)
_QUERY: Final = {
    "sqlite": text(_ALIKE.format(asked=_ASKED["sqlite"]))
    .bindparams(*_BOUNDS)
    .columns(number=Integer, **{column.name: column.type for column in traces.c}),
    "postgresql": text(_ALIKE.format(asked=_ASKED["postgresql"]))
    .bindparams(
        *_BOUNDS,
        bindparam("numbers", type_=ARRAY(Integer)),
        bindparam("keys", type_=ARRAY(BigInteger)),
    )
    .columns(number=Integer, **{column.name: column.type for column in traces.c}),
}


class SqlAlike(Session):
    """``ports.Traces.alike``."""

    def alike(self, looked_for: Sequence[Trace]) -> dict[str, list[Trace]]:
        asked = [(number, key) for number, trace in enumerate(looked_for) for key in keys_of(trace)]
        if not asked:
            return {}
        # Not those that came after the last of them, in whatever order workers take comments.
        last = max(trace.written_at for trace in looked_for)
        rows = self._all(
            _QUERY[self._dialect],
            {"below": lowest_id(last + timedelta(milliseconds=1)), **self._given(asked)},
        )
        found: defaultdict[str, list[Trace]] = defaultdict(list)
        for row in rows:
            trace = looked_for[row.number]
            if row.site_id == trace.site_id and row.comment_id != trace.comment_id:
                found[trace.comment_id].append(trace_from(row))
        return found

    def _given(self, asked: Sequence[tuple[int, int]]) -> dict[str, Any]:
        if self._dialect == "sqlite":
            return {"asked": json.dumps(asked)}
        return {"numbers": [number for number, _ in asked], "keys": [key for _, key in asked]}
