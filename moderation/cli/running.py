"""``moderation up`` and ``moderation migrate``: bring the service and its store into being."""

from typing import Annotated

import typer

from moderation.cli.opening import settings_with_folder


def up(
    port: Annotated[
        int, typer.Option("--port", envvar="PORT", min=1, max=65535, help="Where the API listens.")
    ] = 8000,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="Scoring workers; one a core unless given."),
    ] = None,
) -> None:
    """Run everything on this machine until Ctrl-C: Redis, store, API, workers, the demo."""
    from rich.console import Console

    from moderation.settings import read_settings
    from moderation.supervisor.up import up as run

    code = run(read_settings(), port=port, console=Console(), scorers=workers)
    raise typer.Exit(code)


def migrate() -> None:
    """Create the store, or bring its tables up to this version; safe to run again."""
    from moderation.adapters.sql_store import migrate as bring_up

    bring_up(settings_with_folder())
    typer.echo("the store is up to date")
