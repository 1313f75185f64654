"""``moderation coral``: the signing secrets by which a site's Coral is known."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, show_facts, show_json, show_table

if TYPE_CHECKING:
    from moderation.bootstrap import Services
    from moderation.domain.coral import CoralSecret

Site = Annotated[str, typer.Argument(metavar="SITE", help="Id or name of the site.")]


def add(site: Site, as_json: Json = False) -> None:
    """Read a signing secret of Coral from standard input, and believe what is signed with it."""
    from moderation.usecases.coral_secrets import add_coral_secret

    with services() as opened:
        kept = add_coral_secret(
            _site_id(opened, site),
            sys.stdin.readline().strip(),
            open_store=opened.open_store,
            privacy=opened.privacy,
            now=opened.now(),
        )
    path = f"/coral/moderation/{kept.site_id}"
    if as_json:
        show_json({**_document(kept), "path": path})
    else:
        show_facts([("secret", kept.id), ("path", path)])


def list_all(site: Site, as_json: Json = False) -> None:
    """List the secrets that are believed, oldest first; none is shown."""
    from moderation.usecases.coral_secrets import list_coral_secrets

    with services() as opened:
        kept = list_coral_secrets(_site_id(opened, site), open_store=opened.open_store)
    documents = [_document(each) for each in kept]
    if as_json:
        show_json(documents)
    else:
        show_table(("ID", "CREATED"), [(each["id"], each["created_at"]) for each in documents])


def delete(
    site: Site,
    secret: Annotated[str, typer.Argument(metavar="SECRET", help="Id of the secret.")],
) -> None:
    """Believe no request any more that only this secret signed."""
    from moderation.usecases.coral_secrets import delete_coral_secret

    with services() as opened:
        delete_coral_secret(_site_id(opened, site), secret, open_store=opened.open_store)
    typer.echo(f"secret {secret} is deleted")


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="Manage the signing secrets of a site's Coral.")
    for name, command in (("add", add), ("list", list_all), ("delete", delete)):
        group.command(name)(command)
    return group


def _site_id(opened: "Services", site: str) -> str:
    from moderation.usecases.sites import find_site

    return find_site(site, open_store=opened.open_store).id


def _document(kept: "CoralSecret") -> dict[str, str]:
    return {"id": kept.id, "created_at": kept.created_at.isoformat()}
