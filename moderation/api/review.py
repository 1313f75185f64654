"""Moderators: what waits for them, and their decisions, which have the last word."""

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from moderation.api.access import Access
from moderation.api.answering import as_json
from moderation.api.comment_documents import (
    CommentAnswer,
    DecisionAnswer,
    comment_document,
    decisions_document,
)
from moderation.api.cursors import read_cursor, write_cursor
from moderation.api.document import answers
from moderation.api.fields import Id, Version
from moderation.api.reading import Body, Query, asks, takes
from moderation.bootstrap import Services
from moderation.domain.policy import Action
from moderation.domain.review import MAX_NOTE_CHARS, REVIEW_REASONS
from moderation.ports.store import ReviewOrder
from moderation.usecases.review import Held, Review, decide_as_moderator, review_queue

_ACTIONS = {"approve": Action.APPROVE, "reject": Action.REJECT}


class ReviewQuery(Query):
    """Which held comments to list, and which first."""

    order: ReviewOrder = Field(ReviewOrder.RISK, description="riskiest or longest waiting first")
    site: Id | None = Field(None, description="id of one of the moderator's sites; else all")
    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = Field(
        None, max_length=1_000, description="`next_cursor` of the page before"
    )


class ReviewBody(Body):
    """What a moderator makes of a comment."""

    action: Literal["approve", "reject"]
    reason: str = Field(max_length=64, json_schema_extra={"enum": list(REVIEW_REASONS)})
    note: str | None = Field(
        None,
        max_length=MAX_NOTE_CHARS,
        description="for colleagues, never for readers; needed when the reason is `other`",
    )
    version: Version = Field(description="the comment's version that the moderator saw")


class HeldAnswer(CommentAnswer):
    """A comment that waits for a moderator; ``risk`` in [0, 1] orders the queue."""

    risk: float


class ReviewAnswer(BaseModel):
    """Held comments; ``next_cursor`` is null on the last page."""

    comments: list[HeldAnswer]
    next_cursor: str | None


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the routes."""
    bp = APIBlueprint("review", __name__, tag="Review")
    privacy = services.privacy

    @bp.get("/v1/review")
    @access.moderator_token()
    @asks(ReviewQuery)
    @bp.doc(responses=answers(200, ReviewAnswer, "A page of held comments", 422))
    def queue(*, moderator_id: str, query: ReviewQuery) -> Response:
        """List held comments of the moderator's sites, with reasons and scores."""
        scope = [moderator_id, query.order, query.site]
        after = read_cursor(privacy, scope, query.cursor) if query.cursor else None
        held = review_queue(
            moderator_id,
            order=query.order,
            site_id=query.site,
            after=None if after is None else (after[0], after[1]),
            limit=query.limit + 1,
            open_store=services.open_store,
        )
        shown, more = held[: query.limit], len(held) > query.limit
        following = write_cursor(privacy, scope, _position(shown[-1])) if more else None
        return as_json({"comments": [_held(each) for each in shown], "next_cursor": following})

    @bp.post("/v1/comments/<comment_id>/decisions")
    @access.moderator_token()
    @takes(ReviewBody)
    @bp.doc(responses=answers(201, DecisionAnswer, "Decided", 409, 413, 415, 422))
    def decide(*, moderator_id: str, comment_id: str, body: ReviewBody) -> Response:
        """Approve or reject a comment of any status, a pending one too.

        Of two moderators who saw the same version one decides; the other is answered 409, with
        the version and status that the comment has now.
        """
        decision = decide_as_moderator(
            comment_id,
            Review(
                moderator_id=moderator_id,
                version=body.version,
                action=_ACTIONS[body.action],
                reason=body.reason,
                note=body.note,
            ),
            open_store=services.open_store,
            jobs=services.jobs,
            now=services.now(),
        )
        [document] = decisions_document([decision])["decisions"]
        return as_json(document, 201)

    return bp


def _held(held: Held) -> dict[str, Any]:
    decisions = [] if held.decision is None else [held.decision]
    return {
        **comment_document(held.comment, decisions),
        "risk": held.comment.risk or 0.0,
    }


def _position(held: Held) -> list[Any]:
    return [held.comment.risk or 0.0, held.comment.id]
