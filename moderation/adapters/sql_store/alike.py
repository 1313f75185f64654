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
from moderation.adapters.sql_store.traces import keys_of
from moderation.domain.spam.fingerprint import unpacked
from moderation.domain.spam.traces import Other, Trace
from moderation.identifiers import lowest_id

_NEWEST: Final = 30
"""Comments looked at for each key: one that thousands have costs no more than that."""

_MOST: Final = 40
"""Others to compare a comment with, on average over those that are asked for together."""

# What is asked for comes as one value. The rest is the same words for both databases.
_ASKED: Final = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS key"
    " FROM json_each(:asked)",
    "postgresql": "SELECT number, key FROM unnest(:numbers, :keys) AS a(number, key)",
}
_ALIKE: Final = """SELECT shared.number, traces.comment_id, traces.written_at, traces.author,
        traces.sketch
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
        ORDER BY count(*) DESC, trace_keys.comment_id DESC LIMIT :most
    ) AS shared
    JOIN traces ON traces.comment_id = shared.comment_id
    WHERE traces.site_id = :site_id
"""
_ID: Final = traces.c.comment_id.type
_BOUNDS: Final[tuple[BindParameter[Any], ...]] = (
    bindparam("below", type_=_ID),
    bindparam("lowest", "00000000-0000-0000-0000-000000000000", type_=_ID),
    bindparam("newest", _NEWEST - 1),
    bindparam("site_id", type_=_ID),
)
_LISTS: Final[dict[str, tuple[BindParameter[Any], ...]]] = {
    "sqlite": (),
    "postgresql": (
        bindparam("numbers", type_=ARRAY(Integer)),
        bindparam("keys", type_=ARRAY(BigInteger)),
    ),
}
_QUERY: Final = {
    dialect: text(_ALIKE.format(asked=asked))
    .bindparams(*_BOUNDS, *_LISTS[dialect])
    .columns(
        number=Integer,
        comment_id=_ID,
        written_at=traces.c.written_at.type,
        author=BigInteger,
        sketch=traces.c.sketch.type,
    )
    for dialect, asked in _ASKED.items()
}


class SqlAlike(Session):
    """``ports.Traces.alike``."""

    def alike(self, looked_for: Sequence[Trace]) -> dict[str, list[Other]]:
        found: defaultdict[str, list[Other]] = defaultdict(list)
        for site_id in {trace.site_id for trace in looked_for}:
            some = [trace for trace in looked_for if trace.site_id == site_id and trace.sketch]
            for number, other in self._on_site(site_id, some) if some else ():
                if other.comment_id != some[number].comment_id:
                    found[some[number].comment_id].append(other)
        return found

    def _on_site(self, site_id: str, some: Sequence[Trace]) -> list[tuple[int, Other]]:
        asked = [(number, key) for number, trace in enumerate(some) for key in keys_of(trace)]
        # Not those that came after the last of them, in whatever order workers take comments.
        last = max(trace.written_at for trace in some)
        rows = self._all(
            _QUERY[self._dialect],
            {
                "site_id": site_id,
                "below": lowest_id(last + timedelta(milliseconds=1)),
                "most": _MOST * len(some),
                **self._given(asked),
            },
        )
        return [
            (row.number, Other(row.comment_id, row.written_at, row.author, unpacked(row.sketch)))
            for row in rows
        ]

    def _given(self, asked: Sequence[tuple[int, int]]) -> dict[str, Any]:
        if self._dialect == "sqlite":
            return {"asked": json.dumps(asked)}
        return {"numbers": [number for number, _ in asked], "keys": [key for _, key in asked]}
