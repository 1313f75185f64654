"""Take over comments that another system decided, for back-tests and for learning."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from moderation.code_version import code_version
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import IMPORTED, Decision
from moderation.domain.policy import Action
from moderation.domain.verdict import Reason
from moderation.errors import DuplicateExternalId, Invalid, NotFound
from moderation.identifiers import new_id
from moderation.ports.privacy import Privacy
from moderation.ports.store import OpenStore, Store
from moderation.usecases.history_row import HistoryRow, read_row
from moderation.usecases.submit import pending_comment

_Row = tuple[int, Mapping[str, Any]]

_AT_ONCE: Final = 200
"""Rows in one transaction."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were added, were there before, or could not be taken over."""

    added: int
    present: int
    faulty: int


@dataclass(frozen=True, slots=True)
class History:
    """Whose past it is, and what is needed to take it over."""

    site_id: str
    open_store: OpenStore
    privacy: Privacy
    now: datetime


def import_history(
    rows: Iterable[_Row],
    history: History,
    *,
    report: Callable[[int, str], None],
) -> Imported:
    """Store decided comments under ids made for the time they were written.

    No webhook hears of them: the site knows. Nothing is scored. A row that was taken over
    before, by its ``external_id``, is passed over, so that a run cut short may be repeated.
    Only one batch of rows is held in memory.

    Args:
        rows: Line number and fields of each.
        history: Whose they are.
        report: Called with the line and its fault, which repeats nothing of what it holds.

    Raises:
        NotFound: There is no such site.
        StoreUnavailable: What was added before stays; run again to add the rest.
    """
    with history.open_store(reading=True) as store:
        store.site(history.site_id)
    counts: Counter[str] = Counter()
    remaining = iter(rows)
    while batch := list(islice(remaining, _AT_ONCE)):
        faults = _take_over(batch, history, counts)
        counts["faulty"] += len(faults)
        for line, fault in faults:
            report(line, fault)
    return Imported(counts["added"], counts["present"], counts["faulty"])


def _take_over(
    batch: Sequence[_Row], history: History, counts: Counter[str]
) -> list[tuple[int, str]]:
    """Store one batch in one transaction; count what was stored, return the faults."""
    found: Counter[str] = Counter()
    faults: list[tuple[int, str]] = []
    with history.open_store() as store:
        for line, values in batch:
            try:
                found[_store(store, history, values)] += 1
            except (Invalid, NotFound) as error:
                faults.append((line, _told(error)))
    counts.update(found)
    return faults


def _store(store: Store, history: History, values: Mapping[str, Any]) -> str:
    row = read_row(values, now=history.now)
    parent_id = _parent_id(store, history.site_id, row)
    comment = _comment(row, history, parent_id)
    try:
        store.add_comment(comment)
    except DuplicateExternalId:
        return "present"
    store.record(_decision(row, comment))
    return "added"


def _parent_id(store: Store, site_id: str, row: HistoryRow) -> str | None:
    """Find the parent, which the file names by the id its own system gave it."""
    if row.parent_id is None:
        return None
    try:
        return store.comment_by_external_id(site_id, row.parent_id).id
    except NotFound:
        return row.parent_id


def _comment(row: HistoryRow, history: History, parent_id: str | None) -> Comment:
    pending = pending_comment(
        row.submission(parent_id),
        site_id=history.site_id,
        privacy=history.privacy,
        now=row.created_at,
    )
    decided_at = row.decided_at or row.created_at
    if row.by_person and row.action is not Action.HOLD:
        return pending.reviewed(row.action, now=decided_at)
    return pending.judged(row.action, risk=0.0, now=decided_at)


def _decision(row: HistoryRow, comment: Comment) -> Decision:
    decided_at = row.decided_at or row.created_at
    by = f"decided by {row.decided_by}" if row.decided_by else "decided"
    return Decision(
        id=new_id(decided_at),
        site_id=comment.site_id,
        comment_id=comment.id,
        comment_version=comment.version,
        text_version=comment.text_version,
        action=row.action,
        before=Status.PENDING,
        decided_by=IMPORTED,
        decided_at=decided_at,
        reasons=(Reason(code=IMPORTED, action=row.action, text=f"{by} in another system"),),
        code_version=code_version(),
        note=row.reason,
    )


def _told(error: Invalid | NotFound) -> str:
    """Say what is wrong without repeating what the row holds."""
    return str(error) if isinstance(error, Invalid) else "parent_id: no such comment before it"
