"""What feedback has taught: versions of each site's correction, the newest in force."""

from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, func, insert, literal, select

from moderation.adapters.sql_store.session import Session, known
from moderation.adapters.sql_store.tables import corrections, sites
from moderation.domain.correction import CorrectionVersion
from moderation.errors import NotFound
from moderation.identifiers import new_id

_SITE: Final = select(sites.c.id).where(sites.c.id == bindparam("site_id")).with_for_update()
_OF_SITE: Final = corrections.c.site_id == bindparam("site_id")
_NEWEST: Final = select(func.max(corrections.c.version)).where(_OF_SITE)
_VERSIONS: Final = (
    select(
        corrections.c.version,
        corrections.c.made_at,
        corrections.c.made_by,
        corrections.c.learnt,
        corrections.c.refused,
        corrections.c.copy_of,
    )
    .where(_OF_SITE)
    .order_by(corrections.c.version.desc())
)
_DROP: Final = delete(corrections).where(
    corrections.c.site_id == bindparam("of_site"), corrections.c.version < bindparam("oldest")
)


class SqlCorrections(Session):
    """The versions in ``ports.Corrections``."""

    def add_correction(
        self, site_id: str, made: CorrectionVersion, weights: bytes, *, after: int, keep: int
    ) -> int | None:
        # The site's row is the lock under which version numbers are given out.
        of_site: dict[str, Any] = {"site_id": known("site", site_id)}
        if self._one(_SITE, of_site) is None:
            raise NotFound("site", site_id)
        if self.correction_in_force(site_id) != after:
            return None
        version = after + 1
        self._run(
            insert(corrections),
            {
                "id": new_id(made.made_at),
                "site_id": site_id,
                "version": version,
                "made_at": made.made_at,
                "made_by": made.by,
                "learnt": made.learnt,
                "refused": made.refused,
                "copy_of": made.copy_of,
                "weights": weights,
            },
        )
        self._run(_DROP, {"of_site": site_id, "oldest": version - keep})
        return version

    def correction_in_force(self, site_id: str) -> int:
        newest: int | None = self._run(_NEWEST, {"site_id": known("site", site_id)}).scalar_one()
        return newest or 0

    def correction_weights(self, site_id: str, version: int) -> bytes:
        query = select(corrections.c.weights).where(
            corrections.c.site_id == known("site", site_id),
            corrections.c.version == literal(version, BigInteger),
        )
        row = self._one(query)
        if row is None:
            raise NotFound("correction of site", site_id)
        return bytes(row.weights)

    def corrections(self, site_id: str) -> list[CorrectionVersion]:
        rows = self._all(_VERSIONS, {"site_id": known("site", site_id)})
        return [
            CorrectionVersion(
                version=row.version,
                made_at=row.made_at,
                by=row.made_by,
                learnt=row.learnt,
                refused=row.refused,
                copy_of=row.copy_of,
            )
            for row in rows
        ]
