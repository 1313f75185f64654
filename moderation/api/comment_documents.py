"""What sites and moderators see of comments. No e-mail or IP address, not even hashed."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from moderation.domain.comment import Comment
from moderation.domain.decision import POLICY, Decision
from moderation.domain.documents import Document, decision_document, moment, reason_document
from moderation.domain.signal import Span
from moderation.usecases.look_up import Page, Story


class SpanAnswer(BaseModel):
    """Characters of the body, counted from 0, end exclusive."""

    start: int
    end: int
    source: str


class ReasonAnswer(BaseModel):
    """One rule that fired."""

    code: str
    action: str
    text: str
    signal: str | None
    score: float | None
    at_least: float | None


class DecisionAnswer(BaseModel):
    """Who decided what, when, and on which grounds."""

    id: str
    comment_id: str
    version: int
    text_version: int
    action: str
    before: str
    decided_by: str
    decided_at: str
    reasons: list[ReasonAnswer]
    scores: dict[str, float]
    spans: list[SpanAnswer]
    policy_version: int | None
    model_hash: str | None
    code_version: str
    note: str | None


class DecisionsAnswer(BaseModel):
    """A comment's decisions, oldest first."""

    decisions: list[DecisionAnswer]


class AcceptedAnswer(BaseModel):
    """The comment is stored and will be judged."""

    id: str
    status: str


class EditedAnswer(AcceptedAnswer):
    """The new text is stored and will be judged."""

    version: int


class OutcomeAnswer(EditedAnswer):
    """What the policy made of the comment. ``scores`` to ``spans`` are of its present text."""

    scores: dict[str, float]
    reasons: list[ReasonAnswer]
    spans: list[SpanAnswer]


class ArticleAnswer(BaseModel):
    """The page commented on."""

    id: str | None
    url: str | None
    title: str | None
    section: str | None


class AuthorAnswer(BaseModel):
    """Who wrote the comment."""

    id: str | None
    name: str | None
    url: str | None


class CommentAnswer(OutcomeAnswer):
    """A comment as it stands."""

    site_id: str
    text_version: int
    body: str
    external_id: str | None
    parent_id: str | None
    article: ArticleAnswer
    author: AuthorAnswer
    language: str | None
    received_at: str
    created_at: str | None
    updated_at: str | None
    moderated: bool


class RevisionAnswer(BaseModel):
    """One text that the comment has had."""

    text_version: int
    body: str
    written_at: str


class StoryAnswer(CommentAnswer):
    """A comment with its decisions and texts, both oldest first."""

    decisions: list[DecisionAnswer]
    revisions: list[RevisionAnswer]


class PageAnswer(BaseModel):
    """Comments, newest first; ``next_cursor`` is null on the last page."""

    comments: list[CommentAnswer]
    next_cursor: str | None


def accepted(comment_id: str) -> Document:
    """Return what a site is told of a comment that waits for its decision."""
    return {"id": comment_id, "status": "pending"}


def edited(comment: Comment) -> Document:
    """Return what a site is told of an edit."""
    return {"id": comment.id, "status": comment.status.value, "version": comment.version}


def outcome(comment: Comment, decisions: Sequence[Decision]) -> Document:
    """Return a comment's status with the grounds of its last automatic decision.

    They are empty unless that decision was on the present text. The text itself is not
    part of it, so it may be kept as an answer.
    """
    grounds = _grounds(comment, decisions)
    return {
        **edited(comment),
        "scores": {} if grounds is None else dict(grounds.scores),
        "reasons": [] if grounds is None else [reason_document(each) for each in grounds.reasons],
        "spans": [] if grounds is None else [span_document(each) for each in grounds.spans],
    }


def comment_document(comment: Comment, decisions: Sequence[Decision]) -> Document:
    """Return a comment as it stands."""
    article, author = comment.article, comment.author
    return {
        **outcome(comment, decisions),
        "site_id": comment.site_id,
        "text_version": comment.text_version,
        "body": comment.body,
        "external_id": comment.external_id,
        "parent_id": comment.parent_id,
        "article": {
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "section": article.section,
        },
        "author": {"id": author.id, "name": author.name, "url": author.url},
        "language": comment.language,
        "received_at": moment(comment.received_at),
        "created_at": moment(comment.created_at),
        "updated_at": moment(comment.updated_at),
        "moderated": comment.moderated,
    }


def story_document(story: Story) -> Document:
    """Return a comment with all that came of it."""
    return {
        **comment_document(story.comment, story.decisions),
        **decisions_document(story.decisions),
        "revisions": [
            {
                "text_version": each.text_version,
                "body": each.body,
                "written_at": moment(each.written_at),
            }
            for each in story.revisions
        ],
    }


def decisions_document(decisions: Sequence[Decision]) -> Document:
    """Return decisions, in the order given."""
    return {
        "decisions": [
            {**decision_document(each), "spans": [span_document(span) for span in each.spans]}
            for each in decisions
        ]
    }


def page_document(page: Page, next_cursor: str | None) -> Document:
    """Return one page of a list."""
    latest = page.decisions
    return {
        "comments": [
            comment_document(each, [latest[each.id]] if each.id in latest else [])
            for each in page.comments
        ],
        "next_cursor": next_cursor,
    }


def _grounds(comment: Comment, decisions: Sequence[Decision]) -> Decision | None:
    of_this_text = [each for each in decisions if each.text_version == comment.text_version]
    by_policy = [each for each in of_this_text if each.decided_by == POLICY]
    return next(reversed(by_policy or of_this_text), None)


def span_document(span: Span) -> dict[str, Any]:
    """Return where a signal was found."""
    return {"start": span.start, "end": span.end, "source": span.source}
