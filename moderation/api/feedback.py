"""``POST /v1/comments/{id}/feedback``: a site says whether a comment is spam."""

from typing import Final

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel

from moderation.api.access import Access
from moderation.api.answering import dumped
from moderation.api.comment_bodies import FeedbackBody
from moderation.api.document import answers
from moderation.api.headers import IDEMPOTENCY_KEY, heeds
from moderation.api.idempotent import given, once_of
from moderation.api.reading import takes
from moderation.bootstrap import Services
from moderation.domain.documents import moment
from moderation.domain.feedback import Feedback
from moderation.usecases.feedback import Said, give_feedback
from moderation.usecases.idempotency import Reply, Request

_KEPT: Final = 202


class FeedbackAnswer(BaseModel):
    """What was kept to be learnt from."""

    comment_id: str
    text_version: int
    spam: bool
    given_at: str


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the route."""
    bp = APIBlueprint("feedback", __name__, tag="Comments")

    @bp.post("/v1/comments/<comment_id>/feedback")
    @access.site_key()
    @takes(FeedbackBody)
    @heeds(IDEMPOTENCY_KEY)
    @bp.doc(responses=answers(_KEPT, FeedbackAnswer, "Kept to be learnt from", 409, 413, 415, 422))
    def give(*, site_id: str, comment_id: str, body: FeedbackBody) -> Response:
        """Say whether a comment is spam.

        The site's spam score learns from it, within bounds. The comment's status stays as it
        is. The last word that came with the site's keys on a comment is the one that counts.
        """
        return given(
            give_feedback(
                comment_id,
                Said(body.spam, body.by or None),
                Request(site_id=site_id, now=services.now(), once=once_of(request, site_id)),
                reply=_reply,
                open_store=services.open_store,
            )
        )

    return bp


def _reply(kept: Feedback) -> Reply:
    document = {
        "comment_id": kept.comment_id,
        "text_version": kept.text_version,
        "spam": kept.spam,
        "given_at": moment(kept.given_at),
    }
    return Reply(_KEPT, dumped(document))
