"""Company: copies of a comment's text, and links to domains that were spam before."""

from collections.abc import Mapping, Sequence

from moderation.domain.comment import Comment
from moderation.domain.signal import Scores
from moderation.domain.spam.company import DomainRecord, badness, badness_told, copies
from moderation.domain.spam.domains import domains_elsewhere, is_common
from moderation.domain.spam.traces import Other, Trace
from moderation.errors import ScorerUnavailable, StoreUnavailable
from moderation.ports.scorer import NO_PROBABILITIES
from moderation.ports.store import OpenStore


class CompanyScorer:
    """Emits ``near_duplicates`` and ``bad_domain``.

    ``near_duplicates`` compares the trace that was left when the comment was leased with earlier
    ones of the site; a comment without a trace (imported, or older than traces are kept) gives no
    such signal, and a text too short to compare gives 0. All of a batch is read from one state of
    the store; nothing is written.
    """

    name = "company"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def __init__(self, open_store: OpenStore) -> None:
        self._open_store = open_store

    def score(self, comments: Sequence[Comment]) -> list[Scores]:
        linked = [domains_elsewhere(comment) for comment in comments]
        wanted: dict[str, set[str]] = {}
        for comment, domains in zip(comments, linked, strict=True):
            wanted.setdefault(comment.site_id, set()).update(domains)
        try:
            with self._open_store(reading=True) as store:
                traces = store.traces([comment.id for comment in comments])
                alike = store.alike(list(traces.values()))
                records = {
                    site_id: store.domain_records(site_id, sorted(domains))
                    for site_id, domains in wanted.items()
                }
        except StoreUnavailable as error:
            raise ScorerUnavailable(self.name, "the store cannot be read") from error
        return [
            _scores(
                traces.get(comment.id),
                alike.get(comment.id, []),
                [
                    records[comment.site_id][domain]
                    for domain in domains
                    if domain in records[comment.site_id] and not is_common(domain)
                ],
            )
            for comment, domains in zip(comments, linked, strict=True)
        ]


def _scores(trace: Trace | None, alike: Sequence[Other], records: Sequence[DomainRecord]) -> Scores:
    worst = max(records, key=badness, default=None)
    scores = {"bad_domain": 0.0 if worst is None else badness(worst)}
    told = {} if worst is None else {"bad_domain": badness_told(worst)}
    if trace is not None:
        found = copies(trace, alike)
        scores["near_duplicates"] = found.score
        if found.told is not None:
            told["near_duplicates"] = found.told
    return Scores(scores, told=told)
