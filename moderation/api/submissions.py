"""``POST /v1/comments``, one or many: stored, answered, judged later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, request

from moderation.api.access import Access
from moderation.api.answering import dumped
from moderation.api.back_pressure import BackPressure
from moderation.api.batch_answers import BatchAnswer, batch_document
from moderation.api.comment_bodies import BatchBody, SubmitBody
from moderation.api.comment_documents import AcceptedAnswer, OutcomeAnswer, accepted, outcome
from moderation.api.document import answers
from moderation.api.headers import IDEMPOTENCY_KEY, PREFER, heeds
from moderation.api.idempotent import given, once_of
from moderation.api.problems import Problems
from moderation.api.reading import parse_item, takes
from moderation.api.requests import count_accepted
from moderation.api.waiting import Waiting
from moderation.bootstrap import Services
from moderation.errors import ModerationError, NotFound, StoreUnavailable
from moderation.usecases.idempotency import Once, Reply, Request, finish
from moderation.usecases.look_up import Story, wait_for_decision
from moderation.usecases.submit import submit_comment
from moderation.usecases.submit_batch import Item, Result, submit_batch

_ACCEPTED: Final = 202
_DECIDED: Final = 200
_BATCH: Final = 200
_MARGIN: Final = timedelta(seconds=10)
"""How much longer than the wait a request counts as in flight."""


def make_blueprint(services: Services, access: Access, waiting: Waiting) -> APIBlueprint:
    """Build the routes; *waiting* has the threads for sites that want to wait."""
    bp = APIBlueprint("submissions", __name__, tag="Comments")
    settings = services.settings
    pressure = BackPressure(services.open_store, max_backlog=settings.max_backlog)
    problems = Problems(settings.public_url)

    @bp.post("/v1/comments")
    @access.site_key()
    @takes(SubmitBody)
    @heeds(IDEMPOTENCY_KEY, PREFER)
    @bp.doc(responses=_SUBMIT_ANSWERS)
    def submit(*, site_id: str, body: SubmitBody) -> Response:
        """Submit a comment.

        It is stored and judged within moments; a webhook tells the decision. With
        `Prefer: wait=N` (at most 10 seconds) the answer brings the decision if it comes in
        time, else it is the usual 202. With an `Idempotency-Key` the same request may be
        sent again for 24 hours without making a second comment.
        """
        once = once_of(request, site_id)
        now = services.now()
        with waiting.allowed(request) as seconds:
            replied = submit_comment(
                body.submission(),
                Request(site_id=site_id, now=now, room=pressure.room(), once=once),
                reply=_pending,
                wait_until=now + timedelta(seconds=seconds) + _MARGIN if seconds else None,
                open_store=services.open_store,
                privacy=services.privacy,
                jobs=services.jobs,
            )
            comment_id = replied.comment_id or ""
            if not replied.replayed:
                count_accepted(1)
            if seconds and not replied.replayed:
                story = _wait(services, site_id, comment_id, seconds)
                replied = replace(replied, reply=_settled(services, once, replied.reply, story))
        response = given(replied)
        response.headers["Location"] = f"/v1/comments/{comment_id}"
        if seconds and not replied.replayed:
            response.headers["Preference-Applied"] = f"wait={seconds:g}"
        return response

    @bp.post("/v1/comments/batch")
    @access.site_key()
    @takes(BatchBody)
    @heeds(IDEMPOTENCY_KEY)
    @bp.doc(responses=answers(_BATCH, BatchAnswer, "One answer an item", 409, 413, 415, 422))
    def submit_many(*, site_id: str, body: BatchBody) -> Response:
        """Submit up to 100 comments.

        Each is answered for itself, in order: one that is refused keeps none of the others
        from being stored. An `Idempotency-Key` stands for the whole batch.
        """
        stored: list[str] = []

        def answer(results: Sequence[Result]) -> Reply:
            stored[:] = [each for each in results if isinstance(each, str)]
            return Reply(_BATCH, dumped(batch_document(results, problems)))

        replied = submit_batch(
            [_item(each) for each in body.comments],
            Request(
                site_id=site_id,
                now=services.now(),
                room=pressure.room(),
                once=once_of(request, site_id),
            ),
            reply=answer,
            open_store=services.open_store,
            privacy=services.privacy,
            jobs=services.jobs,
        )
        count_accepted(len(stored))
        return given(replied)

    return bp


_SUBMIT_ANSWERS: Final[dict[int, Any]] = {
    **answers(_ACCEPTED, AcceptedAnswer, "Stored; the decision follows", 409, 413, 415, 422),
    **answers(_DECIDED, OutcomeAnswer, "Stored and decided, for Prefer: wait"),
}


def _pending(comment_id: str) -> Reply:
    return Reply(_ACCEPTED, dumped(accepted(comment_id)))


def _wait(services: Services, site_id: str, comment_id: str, seconds: float) -> Story | None:
    try:
        return wait_for_decision(
            site_id, comment_id, seconds=seconds, open_store=services.open_store
        )
    except (NotFound, StoreUnavailable):
        return None  # deleted, or not to be seen just now: it was accepted all the same


def _settled(services: Services, once: Once | None, reply: Reply, story: Story | None) -> Reply:
    """Keep the final answer of a request that waited."""
    if story is not None:
        reply = Reply(_DECIDED, dumped(outcome(story.comment, story.decisions)))
    if once is not None:
        try:
            with services.open_store() as store:
                finish(store, once, reply)
        except StoreUnavailable:
            pass  # a retry is then answered from the comment's id
    return reply


def _item(raw: Any) -> Item:
    try:
        return parse_item(SubmitBody, raw).submission()
    except ModerationError as error:
        return error
