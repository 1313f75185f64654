"""Deliveries: owed, leased one version at a time, settled, owed again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    union_all,
    update,
)

from moderation.adapters.sql_store.session import known
from moderation.adapters.sql_store.tables import OWED, deliveries, webhooks
from moderation.adapters.sql_store.webhooks import SqlWebhooks
from moderation.domain.delivery import Delivery, DeliveryStatus, Webhook
from moderation.identifiers import is_id, lowest_id

_ADD: Final = insert(deliveries)
_earlier: Final = deliveries.alias("earlier")
_NOTHING_BEFORE_IT: Final = ~exists().where(
    _earlier.c.comment_id == deliveries.c.comment_id,
    _earlier.c.webhook_id == deliveries.c.webhook_id,
    _earlier.c.comment_version < deliveries.c.comment_version,
    _earlier.c.status == OWED,
)
# A webhook's own row says whether it is enabled: a delivery leased while the webhook was
# being disabled comes back due.
_DUE: Final = (
    select(deliveries.c.id)
    .join(
        webhooks,
        and_(webhooks.c.id == deliveries.c.webhook_id, webhooks.c.disabled_at.is_(None)),
    )
    .where(
        deliveries.c.status == OWED,
        deliveries.c.due_at <= bindparam("now", type_=deliveries.c.due_at.type),
        _NOTHING_BEFORE_IT,
    )
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=deliveries)
)
_TAKE: Final = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .values(due_at=bindparam("until", type_=deliveries.c.due_at.type))
    .returning(*deliveries.c)
)
_SETTLE: Final = update(deliveries).where(
    deliveries.c.id == bindparam("settled_id"), deliveries.c.status == OWED
)
# By the partial index on ids, which are times: an old one that was replayed of late stays.
_ENDED: Final = (
    select(deliveries.c.id)
    .where(
        deliveries.c.status != OWED,
        deliveries.c.id < bindparam("made_before"),
        func.coalesce(deliveries.c.settled_at, deliveries.c.created_at)
        < bindparam("ended_before", type_=deliveries.c.settled_at.type),
    )
    .order_by(deliveries.c.id)
    .limit(bindparam("limit"))
)
# The status once more: one that is replayed meanwhile is owed.
_DROP: Final = delete(deliveries).where(deliveries.c.status != OWED, deliveries.c.id.in_(_ENDED))


class SqlDeliveries(SqlWebhooks):
    """``ports.Webhooks``."""

    def add_delivery(self, delivery: Delivery) -> None:
        self._run(_ADD, _delivery_values(delivery))

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            self._run(_ADD, [_delivery_values(delivery) for delivery in deliveries])

    def lease_deliveries(
        self, *, now: datetime, until: datetime, limit: int, passing_over: Sequence[str] = ()
    ) -> list[tuple[Delivery, Webhook]]:
        query = _DUE.where(deliveries.c.webhook_id.not_in(passing_over)) if passing_over else _DUE
        due = [row.id for row in self._all(query, {"now": now, "limit": limit})]
        if not due:
            return []
        taken = {row.id: row for row in self._all(_TAKE, {"ids": due, "until": until})}
        to = self._webhooks_by_id(sorted({row.webhook_id for row in taken.values()}))
        in_order = [taken[each] for each in due]
        return [(_delivery(row), to[row.webhook_id]) for row in in_order if row.webhook_id in to]

    def settle(self, delivery: Delivery) -> None:
        self._run(
            _SETTLE,
            {
                "settled_id": delivery.id,
                "status": delivery.status.value,
                "attempts": delivery.attempts,
                "next_attempt_at": delivery.next_attempt_at,
                "due_at": delivery.next_attempt_at,
                "last_error": delivery.last_error,
                "settled_at": delivery.settled_at,
            },
        )

    def deliveries(
        self,
        site_id: str,
        *,
        status: DeliveryStatus | None,
        limit: int,
        comment_id: str | None = None,
    ) -> list[Delivery]:
        of_site = select(deliveries).where(deliveries.c.site_id == known("site", site_id))
        if comment_id is not None:
            of_site = of_site.where(deliveries.c.comment_id == known("comment", comment_id))
        # As in listing.py: one range of the index for each status.
        ranges = [
            of_site.where(deliveries.c.status == each.value)
            .order_by(deliveries.c.id.desc())
            .limit(limit)
            for each in (DeliveryStatus if status is None else [status])
        ]
        together = union_all(*(each.subquery().select() for each in ranges)).subquery()
        newest = select(together).order_by(together.c.id.desc()).limit(limit)
        return [_delivery(row) for row in self._all(newest)]

    def replay(self, site_id: str, delivery_ids: Sequence[str], *, now: datetime) -> int:
        site = known("site", site_id)
        of_site = select(webhooks.c.id).where(webhooks.c.site_id == site)
        owed = self._run(
            update(deliveries)
            .where(
                deliveries.c.id.in_([each for each in delivery_ids if is_id(each)]),
                deliveries.c.site_id == site,
                deliveries.c.webhook_id.in_(of_site),
                deliveries.c.body != "",
            )
            .values(
                status=DeliveryStatus.OWED.value,
                attempts=0,
                next_attempt_at=now,
                due_at=now,
                last_error=None,
                settled_at=None,
            )
        )
        return owed.rowcount

    def drop_deliveries(self, *, settled_before: datetime, limit: int) -> int:
        dropped = self._run(
            _DROP,
            {
                "made_before": lowest_id(settled_before),
                "ended_before": settled_before,
                "limit": limit,
            },
        )
        return dropped.rowcount


def _delivery_values(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "site_id": delivery.site_id,
        "webhook_id": delivery.webhook_id,
        "comment_id": delivery.comment_id,
        "comment_version": delivery.comment_version,
        "body": delivery.body,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at,
        "due_at": delivery.next_attempt_at,
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "last_error": delivery.last_error,
        "settled_at": delivery.settled_at,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        site_id=row.site_id,
        webhook_id=row.webhook_id,
        comment_id=row.comment_id,
        comment_version=row.comment_version,
        body=row.body,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        last_error=row.last_error,
        settled_at=row.settled_at,
    )
