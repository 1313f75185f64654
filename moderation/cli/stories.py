"""``moderation explain``: the whole story of a comment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, show_facts, show_json, show_table

if TYPE_CHECKING:
    from moderation.usecases.explain import Explained, Measurement, Story


def explain(
    comment: Annotated[str, typer.Argument(help="Id of the comment.")],
    site: Annotated[
        str | None, typer.Option("--site", help="Then COMMENT is this site's own external id.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell a comment's whole story: texts, decisions, scores, rules, versions, messages."""
    from moderation.usecases.explain import explain as tell
    from moderation.usecases.explain import explain_external
    from moderation.usecases.sites import find_site

    with services() as opened:
        if site is None:
            story = tell(comment, open_store=opened.open_store)
        else:
            site_id = find_site(site, open_store=opened.open_store).id
            story = explain_external(site_id, comment, open_store=opened.open_store)
    if as_json:
        show_json(story_document(story))
    else:
        _show(story)


def story_document(story: "Story") -> dict[str, Any]:
    """Return a story as JSON."""
    from moderation.domain.documents import (
        decision_document,
        delivery_document,
        moment,
        site_document,
    )

    comment = story.comment
    return {
        "id": comment.id,
        "external_id": comment.external_id,
        "site": site_document(story.site),
        "status": comment.status.value,
        "version": comment.version,
        "text_version": comment.text_version,
        "received_at": moment(comment.received_at),
        "article": {
            "id": comment.article.id,
            "url": comment.article.url,
            "title": comment.article.title,
            "section": comment.article.section,
        },
        "author_key": comment.author.key,
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


def _measurement_document(measurement: "Measurement") -> dict[str, Any]:
    return {
        "signal": measurement.signal,
        "score": measurement.score,
        "required": measurement.required,
        "thresholds": [
            {"at_least": t.at_least, "action": t.action.name.lower(), "fired": t.fired}
            for t in measurement.thresholds
        ],
    }


def _show(story: "Story") -> None:
    comment = story.comment
    show_facts(
        [
            ("comment", comment.id),
            ("external id", comment.external_id),
            ("site", f"{story.site.name} ({story.site.id})"),
            ("article", comment.article.title or comment.article.url or comment.article.id),
            ("section", comment.article.section),
            ("received", comment.received_at.isoformat()),
            ("status", f"{comment.status}, version {comment.version}"),
        ]
    )
    for revision in story.revisions:
        typer.echo(f"\nText {revision.text_version}, {revision.written_at.isoformat()}")
        for line in revision.body.splitlines():
            typer.echo(f"  {_plain(line)}")
    for each in story.decisions:
        _show_decision(each)
    if story.deliveries:
        typer.echo("\nMessages to the site")
        show_table(
            ("ID", "VERSION", "STATUS", "ATTEMPTS", "LAST ERROR"),
            [
                (d.id, d.comment_version, d.status, d.attempts, d.last_error)
                for d in story.deliveries
            ],
        )


def _show_decision(each: "Explained") -> None:
    decision = each.decision
    typer.echo(
        f"\nDecision {decision.comment_version}: {decision.action.name.lower()}"
        f" (was {decision.before}) by {decision.decided_by}, {decision.decided_at.isoformat()}"
    )
    facts: list[tuple[str, object]] = [
        (reason.code, f"{reason.action.name.lower()}: {_plain(reason.text)}")
        for reason in decision.reasons
    ]
    if decision.note is not None:
        facts.append(("note", _plain(decision.note)))
    facts += [
        ("policy version", decision.policy_version),
        ("model", decision.model_hash),
        ("code version", decision.code_version),
    ]
    show_facts([(f"  {name}", value) for name, value in facts])
    if each.measurements:
        rows = [row for measurement in each.measurements for row in _rows(measurement)]
        show_table(("SIGNAL", "SCORE", "THRESHOLD", "ACTION", "FIRED"), rows)


def _rows(measurement: "Measurement") -> Iterator[tuple[object, ...]]:
    score = "missing" if measurement.score is None else f"{measurement.score:.4f}"
    if not measurement.thresholds:
        yield (measurement.signal, score, None, None, None)
    for each in measurement.thresholds:
        action = each.action.name.lower()
        yield (measurement.signal, score, f"{each.at_least:.2f}", action, each.fired)


def _plain(text: str) -> str:
    """Return a reader's text as a terminal may print it: no escape sequences."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
