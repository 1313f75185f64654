"""Read comments, one with its whole story or many as a page."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.errors import NotFound
from moderation.ports.store import CommentFilter, OpenStore, Revision
from moderation.usecases.readers import Reader, comment_for

_FIRST_PAUSE_S: Final = 0.01
_LONGEST_PAUSE_S: Final = 0.1
_GROWTH: Final = 1.3


@dataclass(frozen=True, slots=True)
class Story:
    """A comment with its decisions and texts, both oldest first."""

    comment: Comment
    decisions: list[Decision]
    revisions: list[Revision] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Comments newest first, the latest decision of each that has one.

    ``before`` is where the next page starts; None if this is the last.
    """

    comments: list[Comment]
    decisions: Mapping[str, Decision]
    before: str | None = None


def read_comment(site_id: str, comment_id: str, *, open_store: OpenStore) -> Story:
    """Return a comment of the site. Raises NotFound."""
    return read_comment_for(Reader(site_id=site_id), comment_id, open_store=open_store)


def read_comment_for(reader: Reader, comment_id: str, *, open_store: OpenStore) -> Story:
    """Return a comment that the reader may see.

    Raises:
        NotFound: There is none.
        Unauthorized: The reader is a moderator who is not active.
    """
    with open_store(reading=True) as store:
        comment = comment_for(store, reader, comment_id)
        return Story(
            comment,
            store.decisions(comment.site_id, comment_id),
            store.revisions(comment.site_id, comment_id),
        )


def read_decisions(reader: Reader, comment_id: str, *, open_store: OpenStore) -> list[Decision]:
    """Return the decisions on a comment that the reader may see, oldest first.

    Raises:
        NotFound: There is no such comment.
        Unauthorized: The reader is a moderator who is not active.
    """
    with open_store(reading=True) as store:
        comment = comment_for(store, reader, comment_id)
        return store.decisions(comment.site_id, comment_id)


def list_comments(
    site_id: str, where: CommentFilter, *, before: str | None, limit: int, open_store: OpenStore
) -> Page:
    """Return one page. New comments come before the first page and so disturb no later one.

    Args:
        site_id: Whose comments.
        where: Which of them.
        before: Where the last page ended; None for the first page.
        limit: How many at most, at least 1.
        open_store: Opens the store.
    """
    with open_store(reading=True) as store:
        found = store.comments(site_id, where, before=before, limit=limit + 1)
        shown = found[:limit]
        decisions = store.latest_decisions([comment.id for comment in shown])
    return Page(shown, decisions, shown[-1].id if len(found) > limit else None)


def find_by_external_id(site_id: str, external_id: str, *, open_store: OpenStore) -> Page:
    """Return the comment under the site's own id as a page of one, or an empty page."""
    with open_store(reading=True) as store:
        try:
            comment = store.comment_by_external_id(site_id, external_id)
        except NotFound:
            return Page([], {})
        return Page([comment], store.latest_decisions([comment.id]))


def wait_for_decision(
    site_id: str,
    comment_id: str,
    *,
    seconds: float,
    open_store: OpenStore,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Story | None:
    """Return the comment once it is decided; None if it is not within *seconds*.

    Asks again and again, ever more slowly: the store is where decisions are known first,
    and nothing else has to work for this to.

    Raises:
        NotFound: The comment was deleted meanwhile.
        StoreUnavailable: The store went away. The comment is kept all the same.
    """
    deadline = clock() + seconds
    pause = _FIRST_PAUSE_S
    while True:
        with open_store(reading=True) as store:
            comment = store.comment(site_id, comment_id)
            if comment.status is not Status.PENDING:
                return Story(comment, store.decisions(site_id, comment_id))
        left = deadline - clock()
        if left <= 0:
            return None
        sleep(min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE_S)
