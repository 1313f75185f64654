"""A comment's story as JSON: what `moderation explain --json` prints."""

from typing import Any

from moderation.domain.documents import (
    decision_document,
    delivery_document,
    moment,
    site_document,
)
from moderation.usecases.explain import Measurement, Story


def story_document(story: Story) -> dict[str, Any]:
    """Return all that the service knows of a comment; of an address, nothing but its hash."""
    comment = story.comment
    return {
        "id": comment.id,
        "external_id": comment.external_id,
        "site": site_document(story.site),
        "status": comment.status.value,
        "version": comment.version,
        "text_version": comment.text_version,
        "risk": comment.risk,
        "attempts": comment.attempts,
        "moderated": comment.moderated,
        "rejected_by_moderator": comment.rejected_by_moderator,
        "created_at": moment(comment.created_at),
        "received_at": moment(comment.received_at),
        "updated_at": moment(comment.updated_at),
        "parent_id": comment.parent_id,
        "language": comment.language,
        "honeypot": comment.honeypot,
        "form_seconds": comment.form_seconds,
        "disposable_email": comment.disposable_email,
        "user_agent": comment.user_agent,
        "referrer": comment.referrer,
        "article": {
            "id": comment.article.id,
            "url": comment.article.url,
            "title": comment.article.title,
            "section": comment.article.section,
        },
        "author": {
            "key": comment.author.key,
            "id": comment.author.id,
            "name": comment.author.name,
            "url": comment.author.url,
        },
        "texts": [
            {
                "text_version": revision.text_version,
                "body": revision.body,
                "written_at": moment(revision.written_at),
            }
            for revision in story.revisions
        ],
        "decisions": [
            {
                **decision_document(each.decision),
                "spans": [
                    {"start": span.start, "end": span.end, "source": span.source}
                    for span in each.decision.spans
                ],
                "measurements": [_measurement_document(m) for m in each.measurements],
            }
            for each in story.decisions
        ],
        "deliveries": [delivery_document(delivery) for delivery in story.deliveries],
    }


def _measurement_document(measurement: Measurement) -> dict[str, Any]:
    return {
        "signal": measurement.signal,
        "score": measurement.score,
        "required": measurement.required,
        "thresholds": [
            {"at_least": t.at_least, "action": t.action.name.lower(), "fired": t.fired}
            for t in measurement.thresholds
        ],
    }
