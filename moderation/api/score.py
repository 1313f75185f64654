"""``POST /v1/score``: what the model makes of a text, now, without keeping it."""

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel

from moderation.api.access import Access
from moderation.api.answering import as_json
from moderation.api.comment_bodies import ScoreBody
from moderation.api.comment_documents import SpanAnswer, span_document
from moderation.api.document import answers
from moderation.api.faults import TooManyWait
from moderation.api.reading import takes
from moderation.api.waiting import Waiting
from moderation.bootstrap import Services


class ScoresAnswer(BaseModel):
    """Signals by name, each in [0, 1].

    ``spans``: the words that carry them, where the default policy would hold the text.
    """

    scores: dict[str, float]
    spans: list[SpanAnswer]


def make_blueprint(services: Services, access: Access, waiting: Waiting) -> APIBlueprint:
    """Build the route, which lets nobody wait for whom *waiting* has no thread."""
    bp = APIBlueprint("score", __name__, tag="Scores")

    @bp.post("/v1/score")
    @access.site_key()
    @takes(ScoreBody)
    @bp.doc(responses=answers(200, ScoresAnswer, "The scores", 413, 415, 422))
    def score(*, site_id: str, body: ScoreBody) -> Response:  # noqa: ARG001 - any site may ask
        """Score a text.

        Nothing is stored: the text reaches a worker encrypted, under a key that expires
        within seconds. When half of the server's threads wait already, the answer is 503
        `unavailable` at once.
        """
        timeout_s = services.settings.instant_timeout_s
        with waiting.thread() as lent:
            if not lent:
                raise TooManyWait
            scored = services.instant.score(body.text, language=body.language, timeout_s=timeout_s)
        return as_json(
            {
                "scores": dict(scored.scores),
                "spans": [span_document(each) for each in scored.spans],
            }
        )

    return bp
