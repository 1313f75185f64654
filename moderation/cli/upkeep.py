"""``moderation sweep``: what the upkeep worker does every few seconds, once."""

import typer

from moderation.cli.opening import services


def sweep() -> None:
    """Wake workers for comments and webhooks that are owed; forget expired answers."""
    from moderation.usecases.sweep import sweep as sweep_once

    with services() as opened:
        swept = sweep_once(open_store=opened.open_store, jobs=opened.jobs, now=opened.now())
    owed = "comments are owed: workers were asked" if swept.owed else "no comment is owed"
    typer.echo(f"{owed}; {swept.answers_dropped} expired answers were forgotten")
