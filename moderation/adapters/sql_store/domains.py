"""What moderators made of comments that link to a domain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from moderation.adapters.sql_store.session import Session
from moderation.adapters.sql_store.tables import domain_notes
from moderation.domain.comment import Comment
from moderation.domain.spam.company import DomainRecord
from moderation.domain.spam.traces import address_mark, author_mark

_FORGET: Final = delete(domain_notes).where(domain_notes.c.comment_id == bindparam("noted"))


def _replacing(insert_into: Any) -> Any:
    statement = insert_into(domain_notes)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[*domain_notes.primary_key],
        set_={"spam": new.spam, "author": new.author, "decided_at": new.decided_at},
    )


# A site and a moderator may speak of one comment at once.
_NOTE: Final = {
    "sqlite": _replacing(sqlite.insert),
    "postgresql": _replacing(postgresql.insert),
}
_RECORDS: Final = (
    select(
        domain_notes.c.domain,
        # Whoever cannot be told from others counts as one.
        func.count(
            case((domain_notes.c.spam, func.coalesce(domain_notes.c.author, -1))).distinct()
        ).label("rejecters"),
        func.count(case((domain_notes.c.spam.is_(False), 1))).label("approved"),
    )
    .where(
        domain_notes.c.site_id == bindparam("site_id"),
        domain_notes.c.domain.in_(bindparam("domains", expanding=True)),
    )
    .group_by(domain_notes.c.domain)
)


class SqlDomains(Session):
    """``ports.Traces``, as far as it is about domains."""

    def record_domains(
        self, comment: Comment, domains: Mapping[str, bool], *, now: datetime
    ) -> None:
        self._run(_FORGET, {"noted": comment.id})
        author = author_mark(comment)
        notes = [
            {
                "site_id": comment.site_id,
                "domain": domain,
                "comment_id": comment.id,
                "spam": spam,
                "author": author if author is not None else address_mark(comment),
                "decided_at": now,
            }
            for domain, spam in domains.items()
        ]
        if notes:
            self._run(_NOTE[self._dialect], notes)

    def domain_records(self, site_id: str, domains: Sequence[str]) -> dict[str, DomainRecord]:
        if not domains:
            return {}
        rows = self._all(_RECORDS, {"site_id": site_id, "domains": list(domains)})
        return {row.domain: DomainRecord(row.rejecters, row.approved) for row in rows}
