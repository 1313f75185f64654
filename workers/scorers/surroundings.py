"""What the store knows around a batch of comments, read in one transaction for all who ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.domain.comment import Comment, Status
from moderation.domain.spam.company import DomainRecord
from moderation.domain.spam.domains import domains_elsewhere
from moderation.domain.spam.traces import Other, Trace
from moderation.errors import ScorerUnavailable, StoreUnavailable
from moderation.ports.store import OpenStore, Store
from moderation.ports.traces import Counts


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a batch.

    ``counts`` and ``first`` (nothing of the author stands approved, asked only of comments with a
    link elsewhere) are in the order of the batch; ``traces`` and ``alike`` go by comment,
    ``domains`` by site and domain.
    """

    counts: Sequence[Counts]
    first: Sequence[bool]
    traces: Mapping[str, Trace]
    alike: Mapping[str, Sequence[Other]]
    domains: Mapping[tuple[str, str], DomainRecord]


class Surroundings:
    """Reads what scorers of one process ask for; not for use by several threads.

    Scorers measure one batch after the other: what the first of them had read is handed to the
    second, once, so that none ever sees what was read for an earlier measurement of its own.
    """

    def __init__(self, open_store: OpenStore | None = None) -> None:
        """Read from *open_store*, or from nothing until `read_from` is told of a store."""
        self._open_store = open_store
        self._kept: tuple[str, list[tuple[str, int]], Around] | None = None

    def read_from(self, open_store: OpenStore) -> None:
        """Read from this store from now on."""
        self._open_store = open_store

    def of(self, comments: Sequence[Comment], *, scorer: str) -> Around:
        """Return what is known around *comments*.

        Raises:
            ScorerUnavailable: The store cannot be read; *scorer* measures nothing.
        """
        batch = [(comment.id, comment.version) for comment in comments]
        kept, self._kept = self._kept, None
        if kept is not None and kept[0] != scorer and kept[1] == batch:
            return kept[2]
        if self._open_store is None:
            raise ScorerUnavailable(scorer, "there is no store to read")
        try:
            with self._open_store(reading=True) as store:
                around = _read(store, comments)
        except StoreUnavailable as error:
            raise ScorerUnavailable(scorer, "the store cannot be read") from error
        self._kept = (scorer, batch, around)
        return around


def _read(store: Store, comments: Sequence[Comment]) -> Around:
    linked = [domains_elsewhere(comment) for comment in comments]
    wanted: dict[str, set[str]] = {}
    for comment, domains in zip(comments, linked, strict=True):
        wanted.setdefault(comment.site_id, set()).update(domains)
    traces = store.traces([comment.id for comment in comments])
    return Around(
        counts=store.counts(comments),
        first=[
            bool(domains) and _is_first(store, comment)
            for comment, domains in zip(comments, linked, strict=True)
        ],
        traces=traces,
        alike=store.alike(list(traces.values())),
        domains={
            (site_id, domain): record
            for site_id, domains in wanted.items()
            for domain, record in store.domain_records(site_id, sorted(domains)).items()
        },
    )


def _is_first(store: Store, comment: Comment) -> bool:
    """Say whether no other comment of the author stands approved; of nobody known, none does."""
    key = comment.author.key
    if key is None:
        return True
    itself = int(comment.status is Status.APPROVED)
    return store.approved_count(comment.site_id, key, limit=1 + itself) <= itself
