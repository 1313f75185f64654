"""``moderation site``: the clients of the service."""

from typing import Annotated

import typer

from moderation.cli.opening import services
from moderation.cli.output import Json, show_facts, show_json, show_table


def add(
    name: Annotated[str, typer.Argument(help="How people call the site.")],
    as_json: Json = False,
) -> None:
    """Create a site with the default policy and a first key, which is shown once."""
    from moderation.domain.documents import site_document
    from moderation.usecases.sites import create_site

    with services() as opened:
        new = create_site(name, open_store=opened.open_store, now=opened.now())
    if as_json:
        show_json({**site_document(new.site), "key": new.issued.secret})
    else:
        show_facts(
            [("site", new.site.id), ("name", new.site.name), ("key", new.issued.secret)],
        )


def list_all(as_json: Json = False) -> None:
    """List the sites, oldest first."""
    from moderation.domain.documents import site_document
    from moderation.usecases.sites import list_sites

    with services() as opened:
        sites = [site_document(site) for site in list_sites(open_store=opened.open_store)]
    if as_json:
        show_json(sites)
    else:
        rows = [(site["id"], site["name"], site["created_at"]) for site in sites]
        show_table(("ID", "NAME", "CREATED"), rows)


def make_group() -> typer.Typer:
    """Return the commands of this group."""
    group = typer.Typer(help="Create and list the sites that are moderated.")
    group.command("add")(add)
    group.command("list")(list_all)
    return group
