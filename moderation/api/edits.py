"""``PATCH`` and ``DELETE /v1/comments/{id}``: a new text, or none."""

import re
from typing import Final

from apiflask import APIBlueprint
from flask import Request as HttpRequest
from flask import Response, request

from moderation.api.access import Access
from moderation.api.answering import dumped
from moderation.api.back_pressure import BackPressure
from moderation.api.comment_bodies import EditBody
from moderation.api.comment_documents import EditedAnswer, edited
from moderation.api.document import answers
from moderation.api.headers import IDEMPOTENCY_KEY, IF_MATCH, heeds
from moderation.api.idempotent import given, once_of
from moderation.api.reading import takes
from moderation.api.requests import count_accepted
from moderation.bootstrap import Services
from moderation.domain.comment import Comment
from moderation.errors import EditConflict
from moderation.usecases.delete import delete_comment
from moderation.usecases.edit import edit_comment
from moderation.usecases.idempotency import Reply, Request

_ACCEPTED: Final = 202
_GONE: Final = Reply(204, "")
_TAG: Final = re.compile(r'"([1-9]\d{0,18})"')


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the routes."""
    bp = APIBlueprint("edits", __name__, tag="Comments")
    pressure = BackPressure(services.open_store, max_backlog=services.settings.max_backlog)

    @bp.patch("/v1/comments/<comment_id>")
    @access.site_key()
    @takes(EditBody)
    @heeds(IDEMPOTENCY_KEY, IF_MATCH)
    @bp.doc(responses=answers(_ACCEPTED, EditedAnswer, "Stored; judged anew", 409, 413, 415, 422))
    def edit(*, site_id: str, comment_id: str, body: EditBody) -> Response:
        """Give a comment a new text.

        It is judged anew, whatever was decided before, and earlier texts are kept. With
        `version`, or the ETag of the comment in If-Match, a comment that was changed
        meanwhile is left alone.
        """
        replied = edit_comment(
            comment_id,
            body.body,
            Request(
                site_id=site_id,
                now=services.now(),
                room=pressure.room(),
                once=once_of(request, site_id),
            ),
            version=_version(request, comment_id, body.version),
            reply=_reply,
            open_store=services.open_store,
            jobs=services.jobs,
        )
        count_accepted(0 if replied.replayed else 1)
        return given(replied)

    @bp.delete("/v1/comments/<comment_id>")
    @access.site_key()
    @heeds(IDEMPOTENCY_KEY, IF_MATCH)
    @bp.doc(responses=answers(_GONE.status, None, "Erased", 409, 422))
    def delete(*, site_id: str, comment_id: str) -> Response:
        """Erase a comment.

        Its texts and all personal data go; its decisions stay, without words. If-Match with
        the comment's ETag leaves one alone that was changed meanwhile.
        """
        return given(
            delete_comment(
                comment_id,
                Request(site_id=site_id, now=services.now(), once=once_of(request, site_id)),
                version=_version(request, comment_id, None),
                reply=_GONE,
                open_store=services.open_store,
            )
        )

    return bp


def _reply(comment: Comment) -> Reply:
    return Reply(_ACCEPTED, dumped(edited(comment)))


def _version(asked: HttpRequest, comment_id: str, version: int | None) -> int | None:
    """Return the version that the site saw; None if any will do.

    Raises:
        EditConflict: If-Match names a version that no comment can have, or another than
            the body does.
    """
    tag = asked.headers.get("If-Match", "*").strip()
    if tag == "*":
        return version
    named = _TAG.fullmatch(tag)
    if named is None or version not in {None, int(named[1])}:
        raise EditConflict(comment_id)
    return int(named[1])
