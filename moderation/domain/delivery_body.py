"""The body of a webhook message: what a site is told of a decision."""

import json

from moderation.domain.comment import Comment
from moderation.domain.decision import Decision
from moderation.domain.verdict import Reason

EVENT = "comment.decided"


def delivery_body(comment: Comment, decision: Decision) -> str:
    """Return the message as JSON, by Standard Webhooks: ``type``, ``timestamp``, ``data``.

    The same decision always gives the same text. The comment's own text is not in it, nor
    anything personal: the site knows its comment by ``external_id``.

    Args:
        comment: As the decision left it.
        decision: The act to tell of.
    """
    return json.dumps(
        {
            "type": EVENT,
            "timestamp": decision.decided_at.isoformat(),
            "data": {
                "id": comment.id,
                "external_id": comment.external_id,
                "site": comment.site_id,
                "article_id": comment.article.id,
                "status": comment.status,
                "version": decision.comment_version,
                "text_version": decision.text_version,
                "decided_by": decision.decided_by,
                "reasons": [_reason(reason) for reason in decision.reasons],
                "scores": {name: round(value, 6) for name, value in decision.scores.items()},
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _reason(reason: Reason) -> dict[str, object]:
    return {"code": reason.code, "action": reason.action.name.lower(), "text": reason.text}
