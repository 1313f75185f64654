"""``GET /v1/comments``: one with its whole story, or many, newest first; moderators too."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from moderation.api.access import Access
from moderation.api.answering import as_json
from moderation.api.comment_bodies import ListQuery
from moderation.api.comment_documents import (
    DecisionsAnswer,
    PageAnswer,
    StoryAnswer,
    decisions_document,
    page_document,
    story_document,
)
from moderation.api.cursors import read_cursor, write_cursor
from moderation.api.document import answers
from moderation.api.reading import asks
from moderation.bootstrap import Services
from moderation.errors import Invalid
from moderation.usecases.look_up import (
    find_by_external_id,
    list_comments,
    read_comment_for,
    read_decisions,
)
from moderation.usecases.readers import Reader, site_to_list


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the routes."""
    bp = APIBlueprint("comments", __name__, tag="Comments")
    open_store = services.open_store

    @bp.get("/v1/comments/<comment_id>")
    @access.reader()
    @bp.doc(responses=answers(200, StoryAnswer, "The comment"))
    def one(*, reader: Reader, comment_id: str) -> Response:
        """Read a comment with its decisions and all its texts."""
        story = read_comment_for(reader, comment_id, open_store=open_store)
        return as_json(story_document(story), headers={"ETag": f'"{story.comment.version}"'})

    @bp.get("/v1/comments/<comment_id>/decisions")
    @access.reader()
    @bp.doc(responses=answers(200, DecisionsAnswer, "Oldest first"))
    def decisions(*, reader: Reader, comment_id: str) -> Response:
        """List who decided what on a comment, when, and on which grounds."""
        found = read_decisions(reader, comment_id, open_store=open_store)
        return as_json(decisions_document(found))

    @bp.get("/v1/comments")
    @access.reader()
    @asks(ListQuery)
    @bp.doc(responses=answers(200, PageAnswer, "A page, newest first", 422))
    def many(*, reader: Reader, query: ListQuery) -> Response:
        """List comments by article, author, status and time, or look one up by external id.

        New comments never disturb the pages that follow: give each page's `next_cursor` as
        `cursor`, with the same filters, until it is null.
        """
        site_id = site_to_list(reader, query.site, open_store=open_store)
        if query.external_id is not None:
            if not query.model_fields_set <= {"external_id", "site"}:
                raise Invalid("external_id", "cannot be combined with other parameters")
            page = find_by_external_id(site_id, query.external_id, open_store=open_store)
            return as_json(page_document(page, None))
        scope = _scope(site_id, query)
        before = query.cursor and read_cursor(services.privacy, scope, query.cursor)
        page = list_comments(
            site_id, query.filter(), before=before, limit=query.limit, open_store=open_store
        )
        following = page.before and write_cursor(services.privacy, scope, page.before)
        return as_json(page_document(page, following))

    return bp


def _scope(site_id: str, query: ListQuery) -> list[Any]:
    no_filters = {"cursor", "limit", "external_id", "site"}
    return [site_id, query.model_dump(mode="json", exclude=no_filters)]
