"""Answers kept under an Idempotency-Key."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from moderation.adapters.sql_store.session import Session
from moderation.adapters.sql_store.tables import answers
from moderation.ports.store import Answer


def _reserve(insert_into: Any) -> Any:
    """Take a free key, or one whose answer has expired but is not dropped yet.

    ``in_flight_until`` stands for the present: it lies seconds ahead, and an answer that
    is about to expire within them was found, and given, before anybody reserves.
    """
    statement = insert_into(answers)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[answers.c.site_id, answers.c.key],
        set_={
            "fingerprint": new.fingerprint,
            "comment_id": new.comment_id,
            "status": new.status,
            "body": new.body,
            "in_flight_until": new.in_flight_until,
            "expires_at": new.expires_at,
        },
        where=answers.c.expires_at <= new.in_flight_until,
    ).execution_options(preserve_rowcount=True)


_BEGIN: Final = {"sqlite": _reserve(sqlite.insert), "postgresql": _reserve(postgresql.insert)}
_KEY: Final = (
    answers.c.site_id == bindparam("of_site"),
    answers.c.key == bindparam("under"),
)
_ANSWER: Final = select(answers).where(
    *_KEY, answers.c.expires_at > bindparam("now", type_=answers.c.expires_at.type)
)
# An answer that is there stays: its text may have been erased meanwhile.
_FINISH: Final = update(answers).where(*_KEY, answers.c.body.is_(None))


class SqlIdempotency(Session):
    """``ports.Idempotency``."""

    def answer(self, site_id: str, key: str, *, now: datetime) -> Answer | None:
        row = self._one(_ANSWER, {"of_site": site_id, "under": key, "now": now})
        if row is None:
            return None
        return Answer(
            fingerprint=row.fingerprint,
            comment_id=row.comment_id,
            status=row.status,
            body=row.body,
            in_flight_until=row.in_flight_until,
        )

    def begin_answer(self, site_id: str, key: str, answer: Answer, *, expires_at: datetime) -> bool:
        begun = self._run(
            _BEGIN[self._dialect],
            {
                "site_id": site_id,
                "key": key,
                "fingerprint": answer.fingerprint,
                "comment_id": answer.comment_id,
                "status": answer.status,
                "body": answer.body,
                "in_flight_until": answer.in_flight_until,
                "expires_at": expires_at,
            },
        )
        return begun.rowcount == 1

    def finish_answer(self, site_id: str, key: str, *, status: int, body: str) -> None:
        self._run(_FINISH, {"of_site": site_id, "under": key, "status": status, "body": body})

    def drop_answers(self, *, now: datetime) -> int:
        return self._run(delete(answers).where(answers.c.expires_at <= now)).rowcount
