"""Leave traces of comments that are about to be measured, for these and for later ones."""

import logging
from collections.abc import Mapping, Sequence

from moderation.domain.comment import Comment
from moderation.domain.spam.fingerprint import sketch
from moderation.domain.spam.traces import Trace, trace_of
from moderation.domain.text import canonical
from moderation.ports.store import OpenStore

logger = logging.getLogger(__name__)


def leave_traces(open_store: OpenStore, comments: Sequence[Comment]) -> None:
    """Write the traces of a leased batch, before any of it is measured.

    So the comments of one batch see each other, whoever measures them, and one that is tried
    again finds its own trace instead of leaving a second. In a transaction after the lease, not
    in it: what reading a text might break must not undo the lease that counts the attempt.
    """
    if not comments:
        return
    parents = sorted({each.parent_id for each in comments if each.parent_id})
    answered: Mapping[str, str] = {}
    if parents:
        with open_store(reading=True) as store:
            answered = store.bodies(parents)
    traces = [_trace(comment, answered) for comment in comments]
    with open_store() as store:
        store.leave_traces(traces)


def _trace(comment: Comment, answered: Mapping[str, str]) -> Trace:
    """Return a comment's trace; without a sketch where its text cannot be read."""
    found: tuple[int, ...] = ()
    try:
        parent = answered.get(comment.parent_id or "")
        found = sketch(
            canonical(comment.body).text,
            answered=None if parent is None else canonical(parent).text,
        )
    except Exception as error:  # noqa: BLE001 - whatever happens, the comment goes on
        logger.warning("a text could not be compared with others: %s", type(error).__name__)
    return trace_of(comment, found)
