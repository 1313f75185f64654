"""All commands put together."""

from typing import Annotated

import typer

from moderation.cli import (
    coral,
    engine,
    evaluation,
    history,
    keys,
    migrate_check,
    models,
    moderators,
    policies,
    replay,
    running,
    sites,
    spam,
    stories,
    upkeep,
    webhooks,
)
from moderation.cli.failing import OneLineErrors


def make_app() -> typer.Typer:
    """Return the ``moderation`` command with all of its groups."""
    app = typer.Typer(
        name="moderation",
        cls=OneLineErrors,
        help="Comment moderation for news sites: run it, manage it, ask it why.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    app.command("up")(running.up)
    app.command("migrate")(running.migrate)
    app.add_typer(sites.make_group(), name="site")
    app.add_typer(keys.make_group(), name="key")
    app.add_typer(moderators.make_group(), name="moderator")
    app.add_typer(webhooks.make_group(), name="webhook")
    app.add_typer(coral.make_group(), name="coral")
    app.add_typer(policies.make_group(), name="policy")
    app.command("score")(engine.score)
    app.command("eval")(evaluation.evaluate)
    app.command("finetune")(models.finetune)
    app.add_typer(models.make_group(), name="model")
    app.add_typer(spam.make_group(), name="spam")
    app.command("migrate-check")(migrate_check.migrate_check)
    app.command("replay")(replay.replay)
    app.command("import")(history.import_file)
    app.command("export")(history.export_decisions)
    app.command("explain")(stories.explain)
    app.command("rescore")(engine.rescore)
    app.command("sweep")(upkeep.sweep)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from moderation.code_version import code_version

        typer.echo(f"moderation {code_version()}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Comment moderation for news sites: run it, manage it, ask it why."""
