"""Sites, keys and moderators."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select, update

from moderation.adapters.sql_store.session import Session, known, storable
from moderation.adapters.sql_store.tables import keys, moderators, sites
from moderation.domain.site import Key, Moderator, Site
from moderation.errors import NotFound

_SITE: Final = select(sites).where(sites.c.id == bindparam("id"))
_KEY: Final = select(keys).where(keys.c.prefix == bindparam("prefix"))


class SqlSites(Session):
    """``ports.Sites``, policies apart."""

    def add_site(self, site: Site) -> None:
        self._run(insert(sites), {"id": site.id, "name": site.name, "created_at": site.created_at})

    def site(self, site_id: str) -> Site:
        row = self._one(_SITE, {"id": known("site", site_id)})
        if row is None:
            raise NotFound("site", site_id)
        return _site(row)

    def sites(self) -> list[Site]:
        return [_site(row) for row in self._all(select(sites).order_by(sites.c.id))]

    def add_key(self, key: Key) -> None:
        self._run(
            insert(keys),
            {
                "id": key.id,
                "prefix": key.prefix,
                "digest": key.digest,
                "created_at": key.created_at,
                "site_id": key.site_id,
                "moderator_id": key.moderator_id,
                "expires_at": key.expires_at,
            },
        )

    def keys(self, *, site_id: str | None = None, moderator_id: str | None = None) -> list[Key]:
        query = select(keys).where(
            keys.c.site_id.is_not_distinct_from(site_id),
            keys.c.moderator_id.is_not_distinct_from(moderator_id),
        )
        return [_key(row) for row in self._all(query.order_by(keys.c.id.desc()))]

    def key_by_prefix(self, prefix: str) -> Key | None:
        row = self._one(_KEY, {"prefix": prefix})
        return None if row is None else _key(row)

    def expire_key(self, key_id: str, at: datetime) -> None:
        ended = self._run(
            update(keys).where(keys.c.id == known("key", key_id)).values(expires_at=at)
        )
        if ended.rowcount == 0:
            raise NotFound("key", key_id)

    def add_moderator(self, moderator: Moderator) -> None:
        self._run(insert(moderators), {"id": moderator.id, **_moderator_values(moderator)})

    def save_moderator(self, moderator: Moderator) -> None:
        changed = self._run(
            update(moderators)
            .where(moderators.c.id == known("moderator", moderator.id))
            .values(_moderator_values(moderator))
        )
        if changed.rowcount == 0:
            raise NotFound("moderator", moderator.id)

    def moderator(self, moderator_id: str) -> Moderator:
        row = self._one(
            select(moderators).where(moderators.c.id == known("moderator", moderator_id))
        )
        if row is None:
            raise NotFound("moderator", moderator_id)
        return _moderator(row)

    def moderator_by_email(self, email: str) -> Moderator | None:
        if not storable(email):
            return None
        row = self._one(select(moderators).where(moderators.c.email == email))
        return None if row is None else _moderator(row)

    def moderators(self) -> list[Moderator]:
        return [_moderator(row) for row in self._all(select(moderators).order_by(moderators.c.id))]


def _site(row: Row[Any]) -> Site:
    return Site(id=row.id, name=row.name, created_at=row.created_at)


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        prefix=row.prefix,
        digest=row.digest,
        created_at=row.created_at,
        site_id=row.site_id,
        moderator_id=row.moderator_id,
        expires_at=row.expires_at,
    )


def _moderator_values(moderator: Moderator) -> dict[str, Any]:
    return {
        "email": moderator.email,
        "name": moderator.name,
        "password_hash": moderator.password_hash,
        "site_ids": sorted(moderator.site_ids),
        "created_at": moderator.created_at,
        "active": moderator.active,
    }


def _moderator(row: Row[Any]) -> Moderator:
    return Moderator(
        id=row.id,
        email=row.email,
        name=row.name,
        password_hash=row.password_hash,
        site_ids=frozenset(row.site_ids),
        created_at=row.created_at,
        active=row.active,
    )
