"""``moderation sweep``: what the upkeep worker does every few seconds, once."""

from dataclasses import asdict

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, show_json


def sweep(as_json: Json = False) -> None:
    """Wake workers for comments and webhooks that are owed; forget what is too old to keep."""
    from moderation.bootstrap import kept
    from moderation.usecases.sweep import sweep as sweep_once

    with services() as opened:
        swept = sweep_once(
            open_store=opened.open_store,
            jobs=opened.jobs,
            now=opened.now(),
            kept=kept(opened.settings),
        )
    if as_json:
        show_json(asdict(swept))
        return
    owed = "comments are owed: workers were asked" if swept.owed else "no comment is owed"
    typer.echo(
        f"{owed}; forgotten were {swept.answers_dropped} expired answers,"
        f" {swept.deliveries_dropped} old deliveries and {swept.traces_dropped} old traces"
    )
