"""What other comments say about one: copies of its text, and domains rejected as spam before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from moderation.domain.spam.durations import duration_text
from moderation.domain.spam.fingerprint import similarity
from moderation.domain.spam.traces import Other, Trace

SOON: Final = timedelta(hours=6)
"""Within it a campaign is on and a likeness that is far from certain counts as well; what is
further apart must be a copy, as more and more comments have something in common by chance."""

_LIKE_SOON: Final = 0.1
_SAME_SOON: Final = 0.22
_LIKE_LATER: Final = 0.3
_SAME_LATER: Final = 0.5
"""Similarities: from which on another comment counts at all, and from which on in full. Chosen on
13,645 harmless texts posted as a stream, of which 0.13 % reach a score of 0.5, half of them real
copies, and on campaigns that were made up; the last two are provisional."""

_OWN: Final = 0.5
"""How much an author's own repetition counts, beside that of others: a form sent twice is no
campaign."""

_MANY: Final = 20
"""Copies from which on it is told that there are more, as not all are looked for."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What came of comparing: the score of ``near_duplicates``, and its clause for moderators."""

    score: float
    told: str | None


@dataclass(frozen=True, slots=True)
class DomainRecord:
    """What moderators made of comments that linked to a domain.

    ``rejecters`` counts authors whose comments were rejected or reported as spam, ``approved``
    comments that a moderator approved.
    """

    rejecters: int
    approved: int


def copies(trace: Trace, others: Sequence[Other]) -> Copies:
    """Say how far a comment repeats those written before it.

    The score is s / (s + 1), where each copy adds up to 1 to s: 0.5 for one that is certain or
    two that are likely, 0.9 for nine.

    Args:
        trace: Of the comment.
        others: Traces that may be like it, in any order; its own and later ones do not count.
    """
    total = 0.0
    counted: list[Other] = []
    for other in others:
        if other.comment_id != trace.comment_id and other.written_at <= trace.written_at:
            strength = _strength(trace, other)
            if strength:
                counted.append(other)
                total += strength
    return Copies(total / (total + 1.0), _copies_told(trace, counted) if counted else None)


def badness(record: DomainRecord) -> float:
    """Return ``bad_domain``: r / (r + 2 a + 2) for r authors rejected and a comments approved.

    One author's spam makes 0.33, that of two 0.5, of five 0.71; one approval takes back what
    two authors add.
    """
    return record.rejecters / (record.rejecters + 2.0 * record.approved + 2.0)


def badness_told(record: DomainRecord) -> str:
    """Say why a domain is bad, without its name."""
    authors = "1 author" if record.rejecters == 1 else f"{record.rejecters} authors"
    return f"links to a domain that was called spam in comments by {authors}"


def _strength(trace: Trace, other: Other) -> float:
    near = trace.written_at - other.written_at <= SOON
    like, same = (_LIKE_SOON, _SAME_SOON) if near else (_LIKE_LATER, _SAME_LATER)
    found = similarity(trace.sketch, other.sketch)
    if found < like:
        return 0.0
    own = trace.author is not None and trace.author == other.author
    return min(found / same, 1.0) * (_OWN if own else 1.0)


def _copies_told(trace: Trace, counted: Sequence[Other]) -> str:
    count = len(counted)
    number = f"{'at least ' if count >= _MANY else ''}{count}"
    comments = "1 comment" if count == 1 else f"{number} comments"
    earliest: datetime = min(other.written_at for other in counted)
    within = duration_text(trace.written_at - earliest)
    return f"same text as {comments}{_by(trace, counted)} in {within}"


def _by(trace: Trace, counted: Sequence[Other]) -> str:
    """Say by how many authors: of those that are known."""
    authors = {other.author for other in counted if other.author is not None}
    if not authors:
        return ""
    if authors == {trace.author}:
        return " by the same author"
    return " by 1 author" if len(authors) == 1 else f" by {len(authors)} authors"
