"""``moderation explain``: the whole story of a comment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, plain, show_facts, show_json, show_table
from moderation.domain.policy import threshold_text

if TYPE_CHECKING:
    from datetime import datetime

    from moderation.usecases.explain import Explained, Measurement, Story


def explain(
    comment: Annotated[str, typer.Argument(help="Id of the comment.")],
    site: Annotated[
        str | None, typer.Option("--site", help="Then COMMENT is this site's own external id.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell a comment's whole story: circumstances, texts, decisions, scores, rules, messages."""
    from moderation.cli.story_document import story_document
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


def _show(story: "Story") -> None:
    show_facts([(name, plain(v) if isinstance(v, str) else v) for name, v in _facts(story)])
    for revision in story.revisions:
        typer.echo(f"\nText {revision.text_version}, {revision.written_at.isoformat()}")
        for line in revision.body.splitlines():
            typer.echo(f"  {plain(line)}")
    bodies = {revision.text_version: revision.body for revision in story.revisions}
    for each in story.decisions:
        _show_decision(each, bodies.get(each.decision.text_version, ""))
    if story.deliveries:
        typer.echo("\nMessages to the site")
        show_table(
            ("ID", "VERSION", "STATUS", "ATTEMPTS", "LAST ERROR"),
            [
                (d.id, d.comment_version, d.status, d.attempts, d.last_error)
                for d in story.deliveries
            ],
        )


def _facts(story: "Story") -> list[tuple[str, object]]:
    comment = story.comment
    article, author = comment.article, comment.author
    form = None if comment.form_seconds is None else f"{comment.form_seconds:g} s"
    return [
        ("comment", comment.id),
        ("external id", comment.external_id),
        ("site", f"{story.site.name} ({story.site.id})"),
        ("article", article.title or article.url or article.id),
        ("section", article.section),
        ("reply to", comment.parent_id),
        ("author", author.name),
        ("author is", author.key),
        ("author's page", author.url),
        ("language", comment.language),
        ("honeypot", "filled in" if comment.honeypot else "left empty"),
        ("time on form", form),
        ("browser", comment.user_agent),
        ("referrer", comment.referrer),
        ("written", _time(comment.created_at)),
        ("received", _time(comment.received_at)),
        ("changed", _time(comment.updated_at)),
        ("status", f"{comment.status}, version {comment.version}, text {comment.text_version}"),
        ("risk", None if comment.risk is None else f"{comment.risk:.4f}"),
        ("attempts", comment.attempts),
        ("decided last by a moderator", comment.moderated),
        ("ever rejected by a moderator", comment.rejected_by_moderator),
    ]


def _time(at: "datetime | None") -> str | None:
    return None if at is None else at.isoformat()


def _show_decision(each: "Explained", body: str) -> None:
    decision = each.decision
    typer.echo(
        f"\nDecision {decision.comment_version}: {decision.action.name.lower()}"
        f" (was {decision.before}) by {decision.decided_by}, {decision.decided_at.isoformat()}"
    )
    facts: list[tuple[str, object]] = [
        (reason.code, f"{reason.action.name.lower()}: {plain(reason.text)}")
        for reason in decision.reasons
    ]
    words = dict.fromkeys(body[span.start : span.end] for span in decision.spans)
    if any(words):
        facts.append(("words", plain(", ".join(words))))
    if decision.note is not None:
        facts.append(("note", plain(decision.note)))
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
        yield (measurement.signal, score, threshold_text(each.at_least), action, each.fired)
