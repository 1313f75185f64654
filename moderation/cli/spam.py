"""``moderation spam``: what a site has taught the spam score."""

from typing import Annotated

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, show_json, show_table
from moderation.cli.policies import Site, by_whom, site_id_of


def versions(site: Site, as_json: Json = False) -> None:
    """List what the site has taught the spam score, newest first; the first is in force."""
    from moderation.usecases.corrections import list_corrections

    with services() as opened:
        listed = list_corrections(site_id_of(opened, site), open_store=opened.open_store)
    columns = ("version", "made_at", "by", "learnt", "refused", "copy_of")
    rows = [
        (v.version, v.made_at.isoformat(), v.by, v.learnt, v.refused, v.copy_of) for v in listed
    ]
    if as_json:
        show_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_table(("VERSION", "MADE", "BY", "LEARNT", "REFUSED", "COPY OF"), rows)


def rollback(
    site: Site,
    version: Annotated[
        int | None,
        typer.Argument(min=0, help="The version to copy; 0: none. Else the one before."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put an earlier version in force again, and never learn again what came after it."""
    from moderation.usecases.corrections import roll_back_correction

    with services() as opened:
        done = roll_back_correction(
            site_id_of(opened, site),
            version,
            by=by_whom(),
            open_store=opened.open_store,
            now=opened.now(),
        )
    if as_json:
        show_json({"version": done.version, "copy_of": done.copy_of, "set_aside": done.set_aside})
        return
    what = f"a copy of {done.copy_of}," if done.copy_of else "which corrects nothing,"
    typer.echo(
        f"version {done.version}, {what} is in force; set aside for good: {done.set_aside} opinions"
    )


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="What a site has taught the spam score.", no_args_is_help=True)
    group.command("versions")(versions)
    group.command("rollback")(rollback)
    return group
