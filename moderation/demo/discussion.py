"""What a visitor sees of a discussion: everybody's approved comments, and all of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from moderation.demo.wording import decided_by_person, plain_reasons
from moderation.domain.comment import Comment, Status
from moderation.domain.decision import Decision
from moderation.errors import NotFound
from moderation.ports.store import CommentFilter, OpenStore, Store

_MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An approved comment. ``answers`` names whom a reply answers; None at the top."""

    comment: Comment
    own: bool
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and all replies under it, however deep, oldest first."""

    top: Post
    replies: list[Post]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnComment:
    """A visitor's own comment with its decision, for nobody else to see."""

    comment: Comment
    reasons: list[str]
    scores: Mapping[str, float]
    by_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """All of it. ``waiting`` says that a decision on an own comment is still to come."""

    threads: list[Thread]
    count: int
    own: list[OwnComment]

    @property
    def waiting(self) -> bool:
        return any(each.comment.status is Status.PENDING for each in self.own)


def read_discussion(
    site_id: str, article_id: str, own_ids: Sequence[str], *, open_store: OpenStore
) -> Discussion:
    """Read the newest approved comments on an article, and those of *own_ids* that are on it."""
    approved = CommentFilter(article_id=article_id, status=Status.APPROVED)
    with open_store(reading=True) as store:
        shown = store.comments(site_id, approved, before=None, limit=_MOST_SHOWN)
        own = [
            comment
            for comment in _found(store, site_id, own_ids)
            if comment.article.id == article_id
        ]
        decisions = store.latest_decisions([comment.id for comment in own])
    return Discussion(
        threads=threads_of(shown, frozenset(own_ids)),
        count=len(shown),
        own=[_own(comment, decisions.get(comment.id)) for comment in own],
    )


def threads_of(comments: Sequence[Comment], own_ids: frozenset[str]) -> list[Thread]:
    """Arrange comments in threads, newest first, replies oldest first.

    A reply to something that is not shown begins a thread of its own.
    """
    oldest_first = sorted(comments, key=lambda comment: comment.id)
    known = {comment.id: comment for comment in oldest_first}
    threads: dict[str, Thread] = {}
    top_of: dict[str, str] = {}
    for comment in oldest_first:
        post = Post(comment=comment, own=comment.id in own_ids)
        parent = known.get(comment.parent_id or "")
        if parent is None or parent.id not in top_of:
            top_of[comment.id] = comment.id
            threads[comment.id] = Thread(post, [])
            continue
        top = top_of[comment.id] = top_of[parent.id]
        threads[top].replies.append(
            Post(comment=comment, own=post.own, answers=parent.author.name or "a reader")
        )
    return list(threads.values())[::-1]


def _found(store: Store, site_id: str, comment_ids: Sequence[str]) -> list[Comment]:
    found = []
    for comment_id in comment_ids:
        try:
            found.append(store.comment(site_id, comment_id))
        except NotFound:
            continue  # erased since
    return found


def _own(comment: Comment, decision: Decision | None) -> OwnComment:
    return OwnComment(
        comment=comment,
        reasons=plain_reasons(decision),
        scores=dict(decision.scores) if decision is not None else {},
        by_person=decided_by_person(decision),
    )
