"""Company: copies of a comment's text, and links to domains that were spam before."""

from collections.abc import Mapping, Sequence

from moderation.domain.comment import Comment
from moderation.domain.signal import Scores
from moderation.domain.spam.company import DomainRecord, badness, badness_told, copies
from moderation.domain.spam.domains import domains_elsewhere, is_common
from moderation.domain.spam.traces import Other, Trace
from moderation.ports.scorer import NO_PROBABILITIES
from workers.scorers.surroundings import Around, Surroundings


class CompanyScorer:
    """Emits ``near_duplicates`` and ``bad_domain``.

    ``near_duplicates`` compares the trace that was left when the comment was leased with earlier
    ones of the site; a comment without a trace (imported, or older than traces are kept) gives no
    such signal, and a text too short to compare gives 0. Nothing is written.
    """

    name = "company"
    model_hash: str | None = None
    base_rates: Mapping[str, float] = NO_PROBABILITIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def score(self, comments: Sequence[Comment]) -> list[Scores]:
        around = self._surroundings.of(comments, scorer=self.name)
        return [_of_company(comment, around) for comment in comments]


def _of_company(comment: Comment, around: Around) -> Scores:
    places = ((comment.site_id, each) for each in domains_elsewhere(comment) if not is_common(each))
    records = [around.domains[place] for place in places if place in around.domains]
    return _scores(around.traces.get(comment.id), around.alike.get(comment.id, ()), records)


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
