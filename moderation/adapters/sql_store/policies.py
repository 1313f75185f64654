"""Policies: versioned documents, of which the newest is in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, insert, literal, select

from moderation.adapters.sql_store.session import Session, known
from moderation.adapters.sql_store.tables import policies, sites
from moderation.domain.policy import Policy
from moderation.domain.policy_document import read_policy
from moderation.errors import NotFound
from moderation.identifiers import new_id

_IN_FORCE: Final = (
    select(policies.c.id, policies.c.version)
    .where(policies.c.site_id == bindparam("site_id"))
    .order_by(policies.c.version.desc())
    .limit(1)
)
_DOCUMENT: Final = select(policies.c.document).where(policies.c.id == bindparam("id"))


class SqlPolicies(Session):
    """The policies in ``ports.Sites``."""

    def policy(self, site_id: str) -> Policy:
        in_force = self._one(_IN_FORCE, {"site_id": known("site", site_id)})
        if in_force is None:
            raise NotFound("policy of site", site_id)
        policy = self._policies.get(in_force.id)
        if policy is None:
            [document] = self._run(_DOCUMENT, {"id": in_force.id}).one()
            policy = read_policy(document, version=in_force.version)
            self._policies.put(in_force.id, policy)
        return policy

    def policy_document(
        self, site_id: str, version: int | None = None
    ) -> tuple[int, dict[str, Any]]:
        query = select(policies.c.version, policies.c.document).where(
            policies.c.site_id == known("site", site_id)
        )
        if version is not None:
            # A number that no version can have is no error, only not found.
            query = query.where(policies.c.version == literal(version, BigInteger))
        row = self._one(query.order_by(policies.c.version.desc()).limit(1))
        if row is None:
            raise NotFound("policy of site", site_id)
        return row.version, row.document

    def policy_versions(self, site_id: str) -> list[tuple[int, datetime, str]]:
        query = (
            select(policies.c.version, policies.c.created_at, policies.c.created_by)
            .where(policies.c.site_id == known("site", site_id))
            .order_by(policies.c.version.desc())
        )
        return [(row.version, row.created_at, row.created_by) for row in self._all(query)]

    def add_policy(
        self, site_id: str, document: Mapping[str, Any], *, by: str, now: datetime
    ) -> int:
        # The site's row is the lock under which version numbers are given out.
        site = select(sites.c.id).where(sites.c.id == known("site", site_id)).with_for_update()
        if self._one(site) is None:
            raise NotFound("site", site_id)
        highest = select(func.max(policies.c.version)).where(policies.c.site_id == site_id)
        version = (self._run(highest).scalar_one() or 0) + 1
        self._run(
            insert(policies),
            {
                "id": new_id(now),
                "site_id": site_id,
                "version": version,
                "document": dict(document),
                "created_at": now,
                "created_by": by,
            },
        )
        return version
