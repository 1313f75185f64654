"""``/demo``: an article, the discussion under it, and the form to join in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import HTTPException, NotFound

from moderation.bootstrap import Services
from moderation.demo.articles import PAPER, Story, lead, related_to, stories, story_of
from moderation.demo.discussion import read_discussion
from moderation.demo.form import Form, read_form
from moderation.demo.messages import html, message, trouble
from moderation.demo.visitor import Visitor, is_same_origin
from moderation.domain.comment import Status
from moderation.errors import ModerationError
from moderation.errors import NotFound as Unknown
from moderation.identifiers import is_id
from moderation.supervisor.demo_site import DEMO_SITE
from moderation.usecases.idempotency import Reply, Request
from moderation.usecases.look_up import read_comment
from moderation.usecases.sites import find_site
from moderation.usecases.submit import submit_comment

_MAX_FORM_BYTES: Final = 256 * 1024
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # under no-referrer, forms would come from Origin: null
}
_MADE: Final = Reply(303, "")


def make_blueprint(
    services: Services, *, room: Callable[[], bool], accepted: Callable[[int], None]
) -> Blueprint:
    """Build the pages.

    Args:
        services: Where comments go.
        room: Says whether the backlog leaves room for one more comment.
        accepted: Told how many comments a request brought.
    """
    bp = Blueprint(
        "demo",
        __name__,
        url_prefix="/demo",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    pages = _Pages(services, room=room, accepted=accepted)
    bp.add_url_rule("", "front", pages.front)
    bp.add_url_rule("/<slug>", "article", pages.article)
    bp.add_url_rule("/<slug>", "comment", pages.comment, methods=["POST"])
    bp.register_error_handler(ModerationError, trouble)
    bp.register_error_handler(HTTPException, lambda error: message(error.code or 500, error.name))
    bp.context_processor(_everywhere)
    bp.after_request(_harden)
    return bp


class _Pages:
    """The views."""

    def __init__(
        self, services: Services, *, room: Callable[[], bool], accepted: Callable[[int], None]
    ) -> None:
        self._services = services
        self._visitor = Visitor(services.privacy)
        self._room = room
        self._accepted = accepted

    def front(self) -> Response:
        """Show the lead article."""
        return self._page(lead(), _asked_form())

    def article(self, slug: str) -> Response:
        """Show any article."""
        return self._page(_story(slug), _asked_form())

    def comment(self, slug: str) -> Response:
        """Take a comment, then show it at the head of the discussion."""
        story = _story(slug)
        if not is_same_origin(request):
            return message(403, "This form came from another page, so it was not taken.")
        self._services.limits.take(f"demo:{request.remote_addr}")
        request.max_content_length = _MAX_FORM_BYTES
        form = read_form(request)
        if form.faults:
            return self._page(story, form, 422)
        comment_id = self._submit(story, form)
        response = Response(status=303, headers={"Location": f"{_address(story)}#yours"})
        self._visitor.remember(request, response, comment_id)
        return response

    def _submit(self, story: Story, form: Form) -> str:
        services = self._services
        now = services.now()
        submission = form.submission(
            story,
            url=url_for("demo.article", slug=story.slug, _external=True),
            ip=request.remote_addr,
            user_agent=request.headers.get("User-Agent"),
            form_seconds=self._visitor.form_seconds(form.opened, now),
        )
        made = submit_comment(
            submission,
            Request(site_id=self._site_id(), now=now, room=self._room()),
            reply=lambda _: _MADE,
            open_store=services.open_store,
            privacy=services.privacy,
            jobs=services.jobs,
        )
        self._accepted(1)
        return made.comment_id or ""

    def _page(self, story: Story, form: Form, status: int = 200) -> Response:
        services, site_id = self._services, self._site_id()
        response = html(
            "demo/article.html",
            status,
            story=story,
            form=replace(form, opened=form.opened or self._visitor.opened(services.now())),
            answering=self._answering(site_id, form.parent_id),
            related=related_to(story),
            beat=int(services.now().timestamp()),  # a new address, or it would not be read again
            discussion=read_discussion(
                site_id, story.slug, self._visitor.own_ids(request), open_store=services.open_store
            ),
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _answering(self, site_id: str, comment_id: str) -> str | None:
        """Return the name of whom the form answers; None if nobody whom all may see."""
        if not comment_id:
            return None
        try:
            comment = read_comment(
                site_id, comment_id, open_store=self._services.open_store
            ).comment
        except Unknown:
            return None
        return (comment.author.name or "a reader") if comment.status is Status.APPROVED else None

    def _site_id(self) -> str:
        return find_site(DEMO_SITE, open_store=self._services.open_store).id


def _address(story: Story) -> str:
    """Return where an article is; the lead is the front page."""
    if story.slug == lead().slug:
        return url_for("demo.front")
    return url_for("demo.article", slug=story.slug)


def _story(slug: str) -> Story:
    story = story_of(slug)
    if story is None:
        raise NotFound
    return story


def _asked_form() -> Form:
    """Return an empty form; ``?reply_to=`` is how one replies without scripts."""
    parent_id = request.args.get("reply_to", "")
    return Form(parent_id=parent_id if is_id(parent_id) else "")


def _everywhere() -> dict[str, Any]:
    return {"paper": PAPER, "stories": stories(), "address": _address}


def _harden(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response
